import type { FoundSession } from '../../fleet/find-sessions.ts';
import type { Message, MessageOutcome } from '../../hosts/message.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Run } from '../run.ts';

/** How many warnings wait to appear at once. One that is on a screen waits for its user, and for nobody else. */
const mostAppearing = 16;

/** What became of one user's warning. */
export interface Warned {
  readonly found: FoundSession;
  /** Why the user has not seen it; null where it is on the screen. */
  readonly unseen: string | null;
  /** What came of it in the end; null where the host was lost, or nobody waits any more. */
  readonly over: Promise<MessageOutcome | null>;
}

/** Shows a message in each of these sessions, and answers once each is on its screen or cannot be. Aborting takes them back. */
export async function warnUsers(
  run: Run,
  people: readonly FoundSession[],
  messageFor: (found: FoundSession) => Message,
  signal: AbortSignal,
): Promise<readonly Warned[]> {
  const waiting = [...people.entries()];
  const warned: Warned[] = [];
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const [at, found] = one;
      warned[at] = await warn(run, found, messageFor(found), signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostAppearing, people.length) }, next));
  return warned;
}

async function warn({ around, globals }: Run, found: FoundSession, box: Message, signal: AbortSignal): Promise<Warned> {
  const { identity, id } = found.session;
  const target = { identity, id, reason: null, traces: [] };
  const seen = Promise.withResolvers<string | null>();
  const over = found.host
    .hold((connection) => connection.message(target, box, { shown: () => seen.resolve(null) }, signal), signal)
    .then(
      (outcome) => {
        seen.resolve(whyUnseen(outcome));
        return outcome;
      },
      (error: unknown) => {
        if (!(error instanceof UsherError) && !signal.aborted) seen.reject(error);
        seen.resolve(error instanceof UsherError ? error.message : 'called off');
        return null;
      },
    );
  using _timer = around.timers.after(globals.timeout, () => seen.resolve('the host did not show it in time'));
  return { found, unseen: await seen.promise, over };
}

/** Why nobody has seen a message that is over; null where somebody may have. */
export function whyUnseen(outcome: MessageOutcome): string | null {
  if (outcome.kind === 'not-shown') return outcome.why;
  return outcome.kind === 'unseen' ? 'no client was connected to see it' : null;
}
