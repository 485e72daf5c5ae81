import { ntowfv1 } from '../../../wire/ntlm/keys.ts';
import { NtlmServer } from '../../../wire/ntlm/server.ts';
import { serverFacts } from '../../../wire/ntlm/testing/logon.ts';
import type { LogonSide } from '../../../wire/security/mechanism.ts';
import { negotiate } from '../../../wire/smb/messages/negotiate.ts';
import { sessionSetup } from '../../../wire/smb/messages/session-setup.ts';
import { ntStatus } from '../../../wire/ms-erref/ntstatus.ts';
import { negotiateResponse } from '../../../wire/smb/testing/dialogue.ts';
import { bodyOf, sessionId } from '../../../wire/smb/testing/server.ts';
import { SpnegoAcceptor } from '../../../wire/spnego/acceptor.ts';
import { UsherError } from '../../../sessions/errors.ts';
import type { HostParts } from './host.ts';

/** An acceptor of those who know this password, whatever they are called. */
export const acceptorOf = (password: string): LogonSide =>
  new SpnegoAcceptor([new NtlmServer({ ...serverFacts, ntHashOf: () => ntowfv1(password) })]);

/** A host that lets in by SPNEGO with NTLM in it, to SMB and to RPC. */
export function guardedBy(password: string): Pick<HostParts, 'acceptor' | 'handlers'> {
  const smb = acceptorOf(password);
  return {
    acceptor: () => acceptorOf(password),
    handlers: [
      [
        negotiate.code,
        (request, server) => {
          const value = { ...negotiateResponse(server.script), securityBuffer: new Uint8Array() };
          const message = server.plain(request, negotiate.response, value);
          server.hash(request.message);
          server.hash(message);
          return [server.seal(request, message)];
        },
      ],
      [
        sessionSetup.code,
        (request, server) => {
          server.hash(request.message);
          const step = stepOf(smb, bodyOf(request, sessionSetup).securityBuffer);
          if (step === null) return [server.error(request, ntStatus.STATUS_LOGON_FAILURE)];
          const { token, context } = step;
          if (context !== null) server.establish(context.sessionKey);
          const status = context === null ? ntStatus.STATUS_MORE_PROCESSING_REQUIRED : ntStatus.STATUS_SUCCESS;
          const value = { sessionFlags: 0, securityBuffer: token ?? new Uint8Array() };
          const message = server.plain(request, sessionSetup.response, value, { status, sessionId });
          if (context === null) server.hash(message);
          return [server.seal({ isEncrypted: false, isSigned: true }, message)];
        },
      ],
    ],
  };
}

function stepOf(acceptor: LogonSide, token: Uint8Array): ReturnType<LogonSide['step']> | null {
  try {
    return acceptor.step(token);
  } catch (error) {
    if (error instanceof UsherError) return null;
    throw error;
  }
}
