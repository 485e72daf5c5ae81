import { UsherError } from '../../sessions/errors.ts';

/**
 * How a switch of a Microsoft command is written: `alone` as `/v`, with a `value` as `/id:3`, or with the `next` word as its
 * value, `/t 60`, where a colon does as well.
 */
export type SwitchForm = 'alone' | 'value' | 'next';

/** What a Microsoft command takes. */
export interface Grammar {
  /** As in `usher tsdiscon`. */
  readonly command: string;
  /** What follows the command, as Microsoft writes it. */
  readonly usage: string;
  /** By their names, in lower case. */
  readonly switches: Readonly<Record<string, SwitchForm>>;
  /** How many operands there may be; of a command that takes a text, what follows these is the text. */
  readonly operands: number;
  readonly takesText?: boolean;
  /** Whether `-r` is `/r` too. */
  readonly takesHyphens?: boolean;
}

/** The arguments of a Microsoft command. */
export interface MicrosoftArguments {
  readonly operands: readonly string[];
  /** By its name in lower case; the value is empty where it takes none. */
  readonly switches: ReadonlyMap<string, string>;
  readonly text: string;
}

/**
 * Reads the words as Microsoft's tools do: switches in any case and anywhere. Within a text only a word that is a switch of
 * the command is one. Throws {@link UsherError} `usage`, which never repeats a password.
 */
export function parseMicrosoft(words: readonly string[], grammar: Grammar): MicrosoftArguments {
  const operands: string[] = [];
  const text: string[] = [];
  const switches = new Map<string, string>();
  const add = (name: string, value: string): void => {
    if (switches.has(name)) throw wrong(grammar, `/${name} is given twice`);
    switches.set(name, value);
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const found = switchIn(word, grammar);
    if (found === null) {
      if (operands.length < grammar.operands) operands.push(word);
      else if (grammar.takesText === true) text.push(word);
      else throw tooMany(word, grammar);
      continue;
    }
    const { name, value } = found;
    const form = Object.hasOwn(grammar.switches, name) ? grammar.switches[name] : undefined;
    if (form === 'next' && value === null) {
      at += 1;
      add(name, valueAt(words, at, name, grammar));
    } else if (form !== undefined && (form === 'alone') === (value === null)) {
      add(name, value ?? '');
    } else if (text.length > 0) {
      text.push(word);
    } else {
      throw unknownSwitch(name, form, grammar);
    }
  }
  return { operands, switches, text: text.join(' ') };
}

function switchIn(
  word: string,
  { takesHyphens }: Grammar,
): { readonly name: string; readonly value: string | null } | null {
  const [, name, value] = /^[/-]([^:]*)(?::(.*))?$/s.exec(word) ?? [];
  if (name === undefined || (word.startsWith('-') && takesHyphens !== true)) return null;
  return { name: name.toLowerCase(), value: value ?? null };
}

function tooMany(word: string, { command, usage }: Grammar): UsherError {
  const star = usage.includes('*') ? "; quote * as '*', or a shell makes names of files of it" : '';
  const message = `'${word.slice(0, 40)}' is one argument too many`;
  return new UsherError({ code: 'usage', message, hint: `usage: usher ${command} ${usage}${star}` });
}

function valueAt(words: readonly string[], at: number, name: string, grammar: Grammar): string {
  const value = words[at];
  if (value === undefined) throw wrong(grammar, `/${name} needs a value after it`);
  return value;
}

function unknownSwitch(name: string, form: SwitchForm | undefined, grammar: Grammar): UsherError {
  if (name === 'password') {
    return new UsherError({
      code: 'usage',
      message: 'a password is never taken as an argument: others on this machine could read it',
      hint: 'give it by --password-file, USHER_PASSWORD, or a credential of the inventory',
    });
  }
  if (form === 'alone') return wrong(grammar, `/${name} takes no value`);
  if (form === 'value') return wrong(grammar, `/${name} takes a value, as in /${name}:VALUE`);
  return wrong(grammar, `${grammar.command} has no switch /${name.slice(0, 40)}`);
}

/** Wrong use of a Microsoft command, with its usage. */
export function wrong({ command, usage }: Pick<Grammar, 'command' | 'usage'>, message: string): UsherError {
  return new UsherError({ code: 'usage', message, hint: `usage: usher ${command} ${usage}` });
}

/** The whole number of a switch, from `least` to `most`; null where it was not given. Throws {@link UsherError} `usage`. */
export function numberOf(
  { switches }: MicrosoftArguments,
  name: string,
  grammar: Grammar,
  { least, most }: { readonly least: number; readonly most: number },
): number | null {
  const value = switches.get(name);
  if (value === undefined) return null;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : most + 1;
  if (number >= least && number <= most) return number;
  throw wrong(grammar, `/${name} takes a number from ${least} to ${most}`);
}

/** The ids that a session of a host may have. */
export const sessionIds = { least: 0, most: 4_294_967_295 } as const;
