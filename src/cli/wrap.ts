import { widthOf } from './width.ts';

/** The text in lines of at most this many terminal cells, cut at spaces; a word that is longer has a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  return wrappedParts(text.split(' '), width);
}

/** The same of parts that may have spaces in them, and are not cut at those. */
export function wrappedParts(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of parts.filter((one) => one !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}
