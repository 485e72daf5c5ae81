/**
 * What a terminal could take for more than text: control characters (C0, DEL, C1), line and paragraph separators, marks
 * that turn the direction of writing or are invisible, tags, and halves of a surrogate pair.
 */
const unprintable =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{61c}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu;

/** Text from a host, a file or a user, safe to write to a terminal: what is not printable is shown as `\x1b`, `\u{202e}`. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** JSON in which every unprintable character is escaped, so that it is harmless on a terminal and unchanged when read. */
export function printableJson(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent)
    .split('\n')
    .map((line) => line.replace(unprintable, escapeUnits))
    .join('\n');
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/**
 * One cell of CSV (RFC 4180). A spreadsheet takes text that begins with `=`, `+`, `-`, `@` for a formula: it gets a `'`
 * before it, as OWASP's "CSV Injection" advises. Numbers are Usher's own and stay as they are.
 */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = printable(value);
  const text = /^\s*[=+\-@＝＋－＠]/u.test(safe) ? `'${safe}` : safe;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map(csvCell).join(',')}\n`;
}
