import { UsherError } from '../../../sessions/errors.ts';

/** What the client sent breaks the protocol: the connection cannot go on. */
export function broken(message: string): UsherError {
  return new UsherError({ code: 'bad_answer', message });
}
