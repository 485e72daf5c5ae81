import type { SecurityContext } from '../../../security/context.ts';
import { deriveKeys } from '../../keys/derivation.ts';
import { extendPreauthHash, noPreauthHash } from '../../keys/preauth.ts';
import { logoff } from '../../messages/logoff.ts';
import { securityMode } from '../../messages/negotiate.ts';
import { sessionFlag, sessionSetup, setupFlag } from '../../messages/session-setup.ts';
import type { Agreement } from '../negotiation.ts';
import { limits } from '../parameters.ts';
import type { Account } from '../pipe.ts';
import { type Outcome, reply } from '../reply.ts';
import { type Handler, handler, type Work } from '../request.ts';
import type { Session, SessionProtection } from '../session.ts';

/** A session in the middle of a logon, and what its client asks for. */
interface Setup {
  readonly work: Work;
  readonly agreement: Agreement;
  readonly session: Session;
  readonly securityMode: number;
  readonly previousSessionId: bigint;
}

/** SMB2 SESSION_SETUP (MS-SMB2 3.3.5.5): a new session, or its user once more. */
export const onSessionSetup: Handler = handler(sessionSetup, 'nothing', (work, request, body): Outcome => {
  const { agreement, server } = work;
  const { header, message, isAlone } = request;
  const { encryption } = server.parameters;
  if (agreement === null || !isAlone) return 'STATUS_INVALID_PARAMETER';
  if (encryption === 'required' && agreement.cipher === null) return 'STATUS_ACCESS_DENIED';
  if ((body.flags & setupFlag.binding) !== 0) return 'STATUS_REQUEST_NOT_ACCEPTED';
  const isFirst = header.sessionId === 0n;
  if (isFirst && work.sessions.size >= limits.sessions) return 'STATUS_INSUFFICIENT_RESOURCES';
  const session = isFirst ? work.begin() : request.session;
  if (session === null) return 'STATUS_USER_SESSION_DELETED';
  if (session.logon === null) {
    session.logon = server.parameters.logon();
    session.legs = 0;
  }
  const isNew = session.account === null;
  if (isNew) session.preauthHash = extendPreauthHash(session.preauthHash, message);
  const step = ++session.legs > limits.logonLegs ? 'STATUS_LOGON_FAILURE' : session.logon.accept(body.securityBuffer);
  if (typeof step === 'string') {
    work.end(session);
    return step;
  }
  const securityBuffer = step.token ?? new Uint8Array();
  const { securityMode: mode, previousSessionId } = body;
  if (step.context !== null) {
    const setup = { work, agreement, session, securityMode: mode, previousSessionId };
    return finish(setup, session.logon.account, step.context, securityBuffer);
  }
  return reply(
    sessionSetup,
    { sessionFlags: 0, securityBuffer },
    {
      status: 'STATUS_MORE_PROCESSING_REQUIRED',
      head: { sessionId: session.id },
      sent(response) {
        if (isNew) session.preauthHash = extendPreauthHash(session.preauthHash, response);
      },
    },
  );
});

function finish(setup: Setup, account: Account | null, context: SecurityContext, securityBuffer: Uint8Array): Outcome {
  const { work, agreement, session, previousSessionId } = setup;
  const { encryption, now, sessionLifetime } = work.server.parameters;
  if (account === null) throw new TypeError('a logon ended without an account');
  if (session.account !== null && !isSame(session.account, account)) {
    work.end(session);
    return 'STATUS_ACCESS_DENIED';
  }
  const isNew = session.account === null;
  session.account = account;
  session.logon = null;
  session.expiresAt = sessionLifetime === undefined ? null : now() + sessionLifetime;
  if (isNew) {
    session.protection = protectionOf(agreement, session, context.sessionKey);
    session.preauthHash = noPreauthHash;
    session.demandsEncryption = agreement.cipher !== null && (encryption === 'desired' || encryption === 'required');
    session.signingRequired = !session.demandsEncryption && wantsSigning(setup);
    work.server.replace(previousSessionId, session);
  }
  const sessionFlags = session.demandsEncryption ? sessionFlag.encryptData : 0;
  return reply(sessionSetup, { sessionFlags, securityBuffer }, { head: { sessionId: session.id }, signedBy: session });
}

const isSame = (one: Account, other: Account): boolean =>
  one.user.toLowerCase() === other.user.toLowerCase() && one.domain.toLowerCase() === other.domain.toLowerCase();

function wantsSigning({ work, agreement, securityMode: mode }: Setup): boolean {
  const { signing = 'required' } = work.server.parameters;
  return signing === 'required' || ((mode | agreement.offered.securityMode) & securityMode.signingRequired) !== 0;
}

function protectionOf(agreement: Agreement, session: Session, sessionKey: Uint8Array): SessionProtection {
  const { dialect, cipher, signingAlgorithm } = agreement;
  const keys = deriveKeys({ dialect, cipher, sessionKey, preauthHash: session.preauthHash });
  const encryptionBy = (key: Uint8Array | null) =>
    cipher === null || key === null ? null : { cipher, key, sessionId: session.id };
  return {
    signing: { algorithm: signingAlgorithm, key: keys.signingKey },
    fromClient: encryptionBy(keys.encryptionKey),
    toClient: encryptionBy(keys.decryptionKey),
  };
}

/** SMB2 LOGOFF (3.3.5.6). */
export const onLogoff: Handler = handler(logoff, 'session', (work, { session }): Outcome => {
  if (session === null) return 'STATUS_USER_SESSION_DELETED';
  work.end(session);
  return reply(logoff, null);
});
