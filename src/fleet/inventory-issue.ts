import type * as z from 'zod';
import { fieldsAt } from './inventory-schema.ts';
import { hintOfNear } from './near-names.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong in an inventory file, and where. */
export interface InventoryIssue {
  /** The names on the way to it: `hosts`, `ts01`, `url`. Empty for the file as a whole. */
  readonly inside: readonly string[];
  /** One sentence without a full stop, with nothing of the file's values in it. */
  readonly message: string;
  readonly hint: string | undefined;
}

/** The first thing that is wrong, in the words of people who write such files. */
export function issueOf([issue]: readonly Issue[]): InventoryIssue {
  if (issue === undefined) return { inside: [], message: 'it is not an inventory', hint: undefined };
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return { inside: path, message: innermost(issue), hint: undefined };
  const [first = ''] = issue.keys;
  return { inside: [...path, first], message: 'there is no such field', hint: hintOfUnknown(issue.keys, path) };
}

function hintOfUnknown(keys: readonly string[], path: readonly string[]): string {
  if (keys.some((key) => /pass|secret|token|key/i.test(key))) {
    return 'no secret is written into an inventory: name a file or a variable with passwordFile, passwordEnv, sudoPasswordFile, sudoPasswordEnv, passphraseFile or passphraseEnv';
  }
  const fields = fieldsAt(path);
  return hintOfNear(keys[0] ?? '', fields) ?? `the fields here: ${fields.join(', ')}`;
}

/** What is wrong with a name that keys a map is told one level further in. */
function innermost(issue: Issue): string {
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  return inner?.message ?? issue.message;
}

/** The sentence for what the schema has none of its own for. Quotes no value: it might be a secret by mistake. */
export function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'it is missing' : wrongType(String(issue.expected), issue.input);
    case 'too_big':
      return issue.origin === 'string'
        ? `it may have ${String(issue.maximum)} characters at most`
        : `it may hold ${String(issue.maximum)} entries at most`;
    case 'too_small':
      return 'it must not be empty';
    default:
      return undefined;
  }
}

const wanted: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map of names',
};

function wrongType(expected: string, input: unknown): string {
  const is = kindOf(input);
  const quotes = expected === 'string' && /^(a number|true or false)$/.test(is) ? ': put it in quotes' : '';
  return `it must be ${wanted[expected] ?? expected}, not ${is}${quotes}`;
}

function kindOf(input: unknown): string {
  if (input === null || input === undefined) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'string') return 'text';
  if (typeof input === 'boolean') return 'true or false';
  return typeof input === 'object' ? 'a map' : 'a number';
}
