import { UsherError } from '../../../sessions/errors.ts';
import { failureOf as codeFailureOf } from '../../ms-erref/failure.ts';

/** What the host sent breaks the protocol: the connection cannot go on. */
export function broken(message: string): UsherError {
  return new UsherError({ code: 'bad_answer', message });
}

/** Nothing will come any more. */
export function lost(message: string): UsherError {
  return new UsherError({ code: 'connection_lost', message });
}

/** The host answered with this status when it was asked for that: `opening the pipe LSM_API_service`. */
export function failureOf(status: number, act: string): UsherError {
  return codeFailureOf('ntstatus', status, act);
}
