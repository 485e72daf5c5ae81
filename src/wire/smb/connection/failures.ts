import { type ErrorCode, UsherError } from '../../../sessions/errors.ts';
import { type NtStatusName, statusName, statusText } from '../status.ts';

/** What the host sent breaks the protocol: the connection cannot go on. */
export function broken(message: string): UsherError {
  return new UsherError({ code: 'bad_answer', message });
}

/** Nothing will come any more. */
export function lost(message: string): UsherError {
  return new UsherError({ code: 'connection_lost', message });
}

const codes: Partial<Record<NtStatusName, ErrorCode>> = {
  STATUS_ACCESS_DENIED: 'access_denied',
  STATUS_NETWORK_ACCESS_DENIED: 'access_denied',
  STATUS_LOGON_FAILURE: 'logon_failed',
  STATUS_WRONG_PASSWORD: 'logon_failed',
  STATUS_NO_SUCH_USER: 'logon_failed',
  STATUS_ACCOUNT_RESTRICTION: 'logon_failed',
  STATUS_ACCOUNT_DISABLED: 'logon_failed',
  STATUS_ACCOUNT_EXPIRED: 'logon_failed',
  STATUS_ACCOUNT_LOCKED_OUT: 'logon_failed',
  STATUS_INVALID_LOGON_HOURS: 'logon_failed',
  STATUS_INVALID_WORKSTATION: 'logon_failed',
  STATUS_PASSWORD_EXPIRED: 'logon_failed',
  STATUS_PASSWORD_MUST_CHANGE: 'logon_failed',
  STATUS_LOGON_NOT_GRANTED: 'logon_failed',
  STATUS_LOGON_TYPE_NOT_GRANTED: 'logon_failed',
  STATUS_NO_LOGON_SERVERS: 'logon_failed',
  STATUS_TRUSTED_RELATIONSHIP_FAILURE: 'logon_failed',
  STATUS_AUTHENTICATION_FIREWALL_FAILED: 'logon_failed',
  STATUS_DOWNGRADE_DETECTED: 'logon_failed',
  STATUS_NTLM_BLOCKED: 'logon_failed',
  STATUS_OBJECT_NAME_NOT_FOUND: 'unsupported',
  STATUS_OBJECT_PATH_NOT_FOUND: 'unsupported',
  STATUS_BAD_NETWORK_NAME: 'unsupported',
  STATUS_NOT_SUPPORTED: 'unsupported',
  STATUS_NOT_IMPLEMENTED: 'unsupported',
  STATUS_SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP: 'unsupported',
  STATUS_INSTANCE_NOT_AVAILABLE: 'unreachable',
  STATUS_PIPE_NOT_AVAILABLE: 'unreachable',
  STATUS_PIPE_BUSY: 'unreachable',
  STATUS_REQUEST_NOT_ACCEPTED: 'unreachable',
  STATUS_INSUFFICIENT_RESOURCES: 'unreachable',
  STATUS_IO_TIMEOUT: 'timeout',
  STATUS_END_OF_FILE: 'connection_lost',
  STATUS_FILE_CLOSED: 'connection_lost',
  STATUS_PIPE_BROKEN: 'connection_lost',
  STATUS_PIPE_CLOSING: 'connection_lost',
  STATUS_PIPE_DISCONNECTED: 'connection_lost',
  STATUS_NETWORK_NAME_DELETED: 'connection_lost',
  STATUS_NETWORK_SESSION_EXPIRED: 'connection_lost',
  STATUS_USER_SESSION_DELETED: 'connection_lost',
  STATUS_CONNECTION_DISCONNECTED: 'connection_lost',
  STATUS_CONNECTION_RESET: 'connection_lost',
};

/** The host answered with this status when it was asked for that: `opening the pipe LSM_API_service`. */
export function failureOf(status: number, act: string): UsherError {
  const name = statusName(status);
  const code = (name === null ? undefined : codes[name]) ?? 'bad_answer';
  return new UsherError({ code, message: `${act}: the host answered ${statusText(status)}` });
}
