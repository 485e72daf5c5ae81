import { type Milliseconds, milliseconds, parseDuration, toMilliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import { winregCalls } from '../../wire/ms-rrp/calls.ts';
import { tstsCalls } from '../../wire/ms-tsts/calls.ts';
import { isSameName } from '../world/account.ts';
import type { BehaviourSettings } from './behaviour.ts';

/** Throws `UsherError` `usage` where something is set that the behaviour does not know. */
export function checkSettings(name: string, settings: BehaviourSettings, known: readonly string[]): void {
  const unknown = Object.keys(settings).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const hint = known.length === 0 ? `${name} takes no settings` : `${name} takes ${known.join(', ')}`;
  throw new UsherError({ code: 'usage', message: `the behaviour ${name} has no setting '${unknown}'`, hint });
}

/** One of the words, or the usual one where nothing is set. Throws `UsherError` `usage`. */
export function wordOf<Word extends string>(
  settings: BehaviourSettings,
  key: string,
  words: readonly Word[],
  usual: Word,
): Word {
  const said = settings[key] ?? usual;
  const word = words.find((one) => one === said);
  if (word !== undefined) return word;
  throw new UsherError({
    code: 'usage',
    message: `'${said}' is nothing that ${key} can be`,
    hint: `write one of ${words.join(', ')}`,
  });
}

/** Throws `UsherError` `usage`. */
export function durationOf(settings: BehaviourSettings, key: string, usual: string): Milliseconds {
  return toMilliseconds(parseDuration(settings[key] ?? usual));
}

/** The same before or after zero: `-90s`, `+90s`. Throws `UsherError` `usage`. */
export function signedDurationOf(settings: BehaviourSettings, key: string, usual: string): Milliseconds {
  const said = settings[key] ?? usual;
  const amount = toMilliseconds(parseDuration(said.replace(/^[+-]/, '')));
  return said.startsWith('-') ? milliseconds(-1 * amount) : amount;
}

const mostCounted = 1_000_000;

/** A whole number from `least` on. Throws `UsherError` `usage`. */
export function numberOf(settings: BehaviourSettings, key: string, usual: number, least = 0): number {
  const said = settings[key] ?? String(usual);
  const number = /^\d{1,7}$/.test(said) ? Number(said) : Number.NaN;
  if (number >= least && number <= mostCounted) return number;
  throw new UsherError({
    code: 'usage',
    message: `'${said}' is nothing that ${key} can be`,
    hint: `write a number from ${least} to ${mostCounted}`,
  });
}

const callNames = [...tstsCalls, ...winregCalls].map(({ name }) => name);

/** The name of a call, whatever its case; null where nothing is set: every call. Throws `UsherError` `usage`. */
export function callOf(settings: BehaviourSettings): string | null {
  const said = settings['call'];
  if (said === undefined) return null;
  const name = callNames.find((one) => isSameName(one, said));
  if (name !== undefined) return name;
  throw new UsherError({
    code: 'usage',
    message: `there is no call '${said}'`,
    hint: 'calls have the names of [MS-TSTS] and [MS-RRP], such as RpcLogoff',
  });
}
