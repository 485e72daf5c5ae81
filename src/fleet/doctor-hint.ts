import { type ErrorCode, UsherError } from '../sessions/errors.ts';
import type { Host } from '../sessions/host.ts';
import { shellWord } from '../sessions/shell-word.ts';

/** Failures whose reason an examination of the host finds. */
const examined: readonly ErrorCode[] = [
  'unreachable',
  'connection_lost',
  'logon_failed',
  'no_credential',
  'unsupported',
  'bad_answer',
];

/** Failures of what was asked after the logon that are no answer. */
const broken: readonly ErrorCode[] = ['connection_lost', 'bad_answer'];

/** The failure of what was asked after the logon, and how to have the host examined where it was no answer. */
export function tellingOfDoctorWhereBroken(error: unknown, host: Host): unknown {
  return error instanceof UsherError && broken.includes(error.code) ? tellingOfDoctor(error, host) : error;
}

/**
 * The failure, and how to have the host examined: where nothing else is known to help, and where the host refused something,
 * since rights have many reasons.
 */
export function tellingOfDoctor(error: unknown, { name }: Host): unknown {
  if (!(error instanceof UsherError)) return error;
  const { code, message, host, operation, hint, cause } = error;
  const isRefusal = code === 'access_denied';
  if (!isRefusal && (hint !== null || !examined.includes(code))) return error;
  const command = `usher doctor ${shellWord(name)} says why`;
  return new UsherError({
    code,
    message,
    host: host ?? undefined,
    operation: operation ?? undefined,
    hint: [hint, command].filter((part) => part !== null).join('; '),
    cause,
  });
}
