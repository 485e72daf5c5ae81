import { UsherError } from '../../../sessions/errors.ts';
import { type CodedFailure, failureOf as codeFailureOf } from '../../ms-erref/failure.ts';

/** What the host sent breaks the protocol: the connection cannot go on. */
export function broken(message: string): UsherError {
  return new UsherError({ code: 'bad_answer', message });
}

/** The host does not protect its messages as it must. The connection cannot go on. */
export class UnprotectedFailure extends UsherError {
  readonly lacks: 'signing' | 'encryption';

  constructor(lacks: 'signing' | 'encryption', message: string) {
    super({ code: 'bad_answer', message });
    this.lacks = lacks;
  }
}

/** Nothing will come any more. */
export function lost(message: string): UsherError {
  return new UsherError({ code: 'connection_lost', message });
}

/** The host answered with this status when it was asked for that: `opening the pipe LSM_API_service`. */
export function failureOf(status: number, act: string): CodedFailure {
  return codeFailureOf('ntstatus', status, act);
}
