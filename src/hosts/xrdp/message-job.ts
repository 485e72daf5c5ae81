import { UsherError } from '../../sessions/errors.ts';
import type { Message, MessageOutcome, MessageWatcher } from '../message.ts';
import type { ProbeSession } from './probe-session.ts';

/** One message on one session. */
export interface MessageJob {
  readonly probe: ProbeSession;
  /** {@link targetWords} of the session. */
  readonly target: string;
  readonly message: Message;
  readonly watcher: MessageWatcher;
  readonly signal: AbortSignal;
  /** Whether a client is connected now; null where that cannot be seen. */
  isConnected(): Promise<boolean | null>;
}

/** What came of one way to show a message; `next`: it is none for this message, and the next one may be tried. */
export type Attempt = MessageOutcome | { readonly kind: 'next'; readonly why: string };

/** The session is not there: nothing was shown. */
export function changed(why: string | null): UsherError {
  return new UsherError({
    code: 'session_changed',
    message: `${why ?? 'the session is another one by now'}: nothing was shown`,
    hint: 'list the sessions again',
  });
}
