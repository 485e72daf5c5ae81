import { type Milliseconds, parseDuration, toMilliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
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
