import { type ErrorCode, UsherError } from '../../sessions/errors.ts';
import { type RejectReasonName, rejectReasonName } from './pdus/bind-nak.ts';
import { type PresentationResult, rejectionText } from './pdus/presentation-result.ts';
import { type SyntaxId, syntaxText } from './pdus/syntax-id.ts';
import { faultStatusName, type FaultStatusName, faultStatusText } from './status.ts';

/** What the peer sent breaks the protocol: the connection cannot go on. */
export function broken(message: string): UsherError {
  return new UsherError({ code: 'bad_answer', message });
}

/** Nothing will come any more. */
export function lost(message: string): UsherError {
  return new UsherError({ code: 'connection_lost', message });
}

const faultCodes: Partial<Record<FaultStatusName, ErrorCode>> = {
  ERROR_ACCESS_DENIED: 'access_denied',
  STATUS_ACCESS_DENIED: 'access_denied',
  RPC_S_SEC_PKG_ERROR: 'logon_failed',
  RPC_S_INVALID_AUTH_IDENTITY: 'logon_failed',
  nca_s_invalid_checksum: 'logon_failed',
  ERROR_CTX_WINSTATION_NOT_FOUND: 'session_changed',
  nca_s_op_rng_error: 'unsupported',
  nca_s_unk_if: 'unsupported',
  nca_s_unsupported_type: 'unsupported',
  nca_s_unsupported_authn_level: 'unsupported',
  RPC_S_UNKNOWN_IF: 'unsupported',
  RPC_S_PROCNUM_OUT_OF_RANGE: 'unsupported',
  RPC_S_UNSUPPORTED_TRANS_SYN: 'unsupported',
  RPC_S_UNSUPPORTED_AUTHN_LEVEL: 'unsupported',
  RPC_S_UNKNOWN_AUTHN_SERVICE: 'unsupported',
  RPC_S_UNKNOWN_AUTHN_TYPE: 'unsupported',
  RPC_S_CANNOT_SUPPORT: 'unsupported',
  ERROR_NOT_SUPPORTED: 'unsupported',
  STATUS_NOT_SUPPORTED: 'unsupported',
  STATUS_NOT_IMPLEMENTED: 'unsupported',
  nca_s_server_too_busy: 'unreachable',
  RPC_S_SERVER_TOO_BUSY: 'unreachable',
  RPC_S_SERVER_UNAVAILABLE: 'unreachable',
  RPC_S_OUT_OF_RESOURCES: 'unreachable',
  nca_s_fault_remote_no_memory: 'unreachable',
  nca_s_comm_failure: 'connection_lost',
  nca_s_fault_remote_comm_failure: 'connection_lost',
  RPC_S_COMM_FAILURE: 'connection_lost',
};

/** The host answered a call with a fault. `operation` is what was being done. */
export function faultOf(status: number, operation: string): UsherError {
  const name = faultStatusName(status);
  const code = (name === null ? undefined : faultCodes[name]) ?? 'bad_answer';
  return new UsherError({ code, operation, message: `the host answered ${faultStatusText(status)}` });
}

/** A fault in the place of an answer to alter_context: the logon is over. */
export function logonFaultOf(status: number): UsherError {
  const { code } = faultOf(status, '');
  return new UsherError({
    code: code === 'access_denied' ? 'logon_failed' : code,
    operation: 'logging on to RPC',
    message: `the host answered ${faultStatusText(status)}`,
  });
}

const rejectCodes: Partial<Record<RejectReasonName, ErrorCode>> = {
  temporary_congestion: 'unreachable',
  local_limit_exceeded: 'unreachable',
  invalid_checksum: 'logon_failed',
};

/** The host answered a bind with bind_nak. */
export function bindNakOf(reason: number): UsherError {
  const name = rejectReasonName(reason);
  return new UsherError({
    code: (name === null ? undefined : rejectCodes[name]) ?? 'unsupported',
    operation: 'binding to RPC',
    message: `the host refused: ${name ?? `provider_reject_reason ${reason}`}`,
  });
}

/** The host has no such interface, or does not speak NDR with it. */
export function rejectionOf(interfaceId: SyntaxId, result: PresentationResult): UsherError {
  return new UsherError({
    code: 'unsupported',
    operation: 'binding to RPC',
    message: `the host does not offer the interface ${syntaxText(interfaceId)}: ${rejectionText(result)}`,
  });
}
