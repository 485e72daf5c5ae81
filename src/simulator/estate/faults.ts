import picomatch from 'picomatch';
import * as z from 'zod';
import { UsherError } from '../../sessions/errors.ts';
import { matchesPattern } from '../../sessions/filter.ts';
import type { Behaviour } from '../behaviours/behaviour.ts';
import { behaviourKinds, parseBehaviour } from '../behaviours/behaviours.ts';
import type { Account } from '../world/account.ts';

/** Behaviours that some hosts have, or some sessions on them. */
export interface Fault {
  /** Where its hosts are written, for errors: `faults.yaml: faults[0].hosts`. */
  readonly place: string;
  /** Names of hosts, or globs. */
  readonly hosts: readonly string[];
  /** Names of users, or globs; null: it is the hosts' own. */
  readonly users: readonly string[] | null;
  /** `slow by=2s` */
  readonly behaviours: readonly string[];
}

export type Faults = readonly Fault[];

export const noFaults: Faults = [];

const pattern = z.string().min(1).max(256);
const patterns = z.union([pattern.transform((one) => [one]), z.array(pattern).min(1).max(1000)], {
  error: 'this is a name, a glob, or a list of them',
});

const schema = z.strictObject(
  {
    version: z.literal(1, { error: 'version must be 1' }),
    faults: z
      .array(
        z.strictObject({
          hosts: patterns.optional(),
          users: patterns.optional(),
          behaviours: z.union([pattern.transform((one) => [one]), z.array(pattern).min(1).max(64)], {
            error: "this is a behaviour such as 'slow by=2s', or a list of them",
          }),
        }),
      )
      .max(10_000),
  },
  { error: 'it is no list of faults: write version: 1 and faults: […]' },
);

/** How much a faults file may hold, in characters. */
const longest = 1_048_576;

/** Reads a faults file, YAML or JSON. Throws `UsherError` `bad_file` that names the place in it. */
export async function parseFaults(text: string, file: string): Promise<Faults> {
  if (text.length > longest) throw bad(file, 'it is larger than 1 MiB');
  const { parse, YAMLParseError } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof YAMLParseError) {
      throw bad(`${file}:${error.linePos?.[0].line ?? 1}`, `it is not YAML: ${error.message.split('\n', 1)[0]}`);
    }
    throw bad(file, 'it uses too many aliases, or is nested too deeply');
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw bad(file, `${placeOf(issue?.path ?? [])}${issue?.message ?? 'it is no list of faults'}`);
  }
  const faults = result.data.faults.map(({ hosts = ['*'], users = null, behaviours }, at) => ({
    place: `${file}: faults[${at}].hosts`,
    hosts,
    users,
    behaviours,
  }));
  for (const [at, fault] of faults.entries()) checkBehaviours(fault, `faults[${at}].behaviours: `, file);
  return faults;
}

function checkBehaviours({ behaviours, users }: Fault, place: string, file: string): void {
  for (const text of behaviours) {
    try {
      parseBehaviour(text, users === null && isOfHost(text) ? 'host' : 'session');
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      throw bad(file, `${place}${error.message}`, error.hint ?? undefined);
    }
  }
}

/** `faults[1].behaviours: ` */
function placeOf(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>(
    (before, part) =>
      typeof part === 'number' ? `${before}[${part}]` : `${before}${before === '' ? '' : '.'}${String(part)}`,
    '',
  );
  return text === '' ? '' : `${text}: `;
}

function bad(where: string, what: string, hint?: string): UsherError {
  return new UsherError({ code: 'bad_file', message: `${where}: ${what}`, hint });
}

/** Whether a behaviour can be a whole host's; otherwise all of its sessions have it. */
export function isOfHost(text: string): boolean {
  const [name] = text.trim().split(/\s+/, 1);
  return behaviourKinds.find((kind) => kind.name === name)?.of.includes('host') !== false;
}

/** Globs as `-s` takes them. */
function hostsLike(pattern: string): (name: string) => boolean {
  const matches = picomatch(pattern, { dot: true });
  return (name) => matches(name);
}

/** Throws `UsherError` `usage` where a fault is of hosts that are not there. */
export function checkHosts(faults: Faults, names: readonly string[]): void {
  for (const { hosts, place } of faults) {
    const wrong = hosts.find((pattern) => !names.some(hostsLike(pattern)));
    if (wrong === undefined) continue;
    throw new UsherError({
      code: 'usage',
      message: `${place}: no host of the estate is called ${wrong}`,
      hint: `there are ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and so on' : ''}`,
    });
  }
}

/** What is wrong with one host: with itself, and with the sessions of an account. New behaviours each time, for they remember. */
export interface HostFaults {
  readonly own: () => readonly Behaviour[];
  readonly ofSession: (account: Account) => readonly Behaviour[];
}

/** Those of the faults, then those that the host is planned with. */
export function faultsOf(name: string, faults: Faults, planned: readonly string[]): HostFaults {
  const concerning = faults.filter(({ hosts }) => hosts.some((one) => hostsLike(one)(name)));
  const all = [...concerning, { users: null, behaviours: planned }];
  const own = all.flatMap(({ users, behaviours }) => (users === null ? behaviours.filter(isOfHost) : []));
  const sessions = all.flatMap(({ users, behaviours }) =>
    (users === null ? behaviours.filter((text) => !isOfHost(text)) : behaviours).map((text) => ({ users, text })),
  );
  return {
    own: () => own.map((text) => parseBehaviour(text, 'host')),
    ofSession: (account) =>
      sessions
        .filter(({ users }) => users === null || users.some((one) => isUser(one, account)))
        .map(({ text }) => parseBehaviour(text, 'session')),
  };
}

const isUser = (wanted: string, { name, domain }: Account): boolean =>
  matchesPattern(wanted, name) || matchesPattern(wanted, `${domain}\\${name}`);
