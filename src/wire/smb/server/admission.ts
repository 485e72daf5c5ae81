import type { NtStatusName } from '../../ms-erref/ntstatus.ts';
import { isSignatureValid } from '../keys/signing.ts';
import { close } from '../messages/close.ts';
import { logoff } from '../messages/logoff.ts';
import { sessionSetup } from '../messages/session-setup.ts';
import { treeConnect } from '../messages/tree-connect.ts';
import { broken } from './failures.ts';
import type { Agreement } from './negotiation.ts';
import { type Handler, isRelated, isSigned, type Request } from './request.ts';

/** The signature of a request is wrong: its client hears of it, and of nothing else. */
export const tampered = Symbol('tampered');

/** Why a request is refused whatever it asks for; null where it is not (MS-SMB2 3.3.5.2). */
export function refusalOf(
  request: Request,
  { needs }: Handler,
  agreement: Agreement | null,
  now: bigint,
): NtStatusName | typeof tampered | null {
  if (request.chain.isBroken || isBereft(request, needs)) return 'STATUS_INVALID_PARAMETER';
  const unproven = request.isEncrypted ? null : unsigned(request);
  if (unproven !== null) return unproven;
  if (needs === 'nothing') return null;
  return refusalOfSession(request, agreement, now) ?? (needs === 'tree' ? refusalOfTree(request) : null);
}

/** Whether a related request lacks what the one before it should have had (3.3.5.2.7.2). */
const isBereft = ({ header, session, tree }: Request, needs: Handler['needs']): boolean =>
  isRelated(header) && ((needs !== 'nothing' && session === null) || (needs === 'tree' && tree === null));

/** 3.3.5.2.4. */
function unsigned({ header, message, session }: Request): NtStatusName | typeof tampered | null {
  if (!isSigned(header)) return session?.signingRequired === true ? 'STATUS_ACCESS_DENIED' : null;
  // A NEGOTIATE that claims to be signed is refused as such.
  if (header.sessionId === 0n) return null;
  // Of a session that is bound to another connection, SESSION_SETUP is refused as that.
  if (session === null) return header.command === sessionSetup.code ? null : 'STATUS_USER_SESSION_DELETED';
  if (session.protection === null) return 'STATUS_NOT_SUPPORTED';
  return isSignatureValid(message, session.protection.signing) ? null : tampered;
}

/** 3.3.5.2.9, 3.3.5.7. */
function refusalOfSession(
  { header, session, isEncrypted }: Request,
  agreement: Agreement | null,
  now: bigint,
): NtStatusName | null {
  const { command } = header;
  if (session === null) return 'STATUS_USER_SESSION_DELETED';
  const endsSomething = command === logoff.code || command === close.code;
  const state = session.stateAt(now);
  if (state === 'expired' && !endsSomething) return 'STATUS_NETWORK_SESSION_EXPIRED';
  if (state === 'in progress' && !endsSomething) {
    return session.account === null ? 'STATUS_USER_SESSION_DELETED' : 'STATUS_NETWORK_SESSION_EXPIRED';
  }
  if (session.demandsEncryption && !isEncrypted) return 'STATUS_ACCESS_DENIED';
  if (agreement?.dialect === '3.1.1' && command === treeConnect.code && !isEncrypted && !isSigned(header)) {
    throw broken('the client connects to a share without a signature');
  }
  return null;
}

/** 3.3.5.2.11. */
function refusalOfTree({ tree, isEncrypted }: Request): NtStatusName | null {
  if (tree === null) return 'STATUS_NETWORK_NAME_DELETED';
  return tree.demandsEncryption && !isEncrypted ? 'STATUS_ACCESS_DENIED' : null;
}
