import { encode } from '../../bytes/codec.ts';
import { copied } from '../../bytes/room.ts';
import type { SecurityContext } from '../../security/context.ts';
import { broken } from '../failures.ts';
import { headerSize, packetName } from '../pdus/header.ts';
import { beginPdu, decodeBody, finishPdu, type Pdu, type PduHead, type PduKind } from '../pdus/pdu.ts';
import {
  authLevel,
  type AuthLevel,
  authType,
  type AuthType,
  type AuthVerifier,
  authVerifier,
  secTrailerSize,
} from '../pdus/sec-trailer.ts';

/** Which security context protects a connection, and how. */
export interface SecurityFacts {
  readonly type: AuthType;
  readonly level: AuthLevel;
  /** auth_context_id. */
  readonly contextId: number;
}

/** A finished logon on a connection. */
export interface Security extends SecurityFacts {
  readonly context: SecurityContext;
}

/** What a sec_trailer says of a connection's security. */
export function trailerOf({ type, level, contextId }: SecurityFacts): Omit<AuthVerifier, 'authPadLength' | 'token'> {
  return { authType: authType[type], authLevel: authLevel[level], authContextId: contextId };
}

/** Throws `UsherError` `bad_answer` where a PDU is not protected, or otherwise than was agreed upon. */
export function verifierOf(facts: SecurityFacts, { header, verifier }: Pdu): AuthVerifier {
  const name = packetName(header.ptype);
  if (verifier === null) throw broken(`${name} is not protected, which was agreed upon`);
  const ours = trailerOf(facts);
  for (const field of ['authType', 'authLevel', 'authContextId'] as const) {
    if (verifier[field] === ours[field]) continue;
    throw broken(`${name} has ${field} ${verifier[field]}, where ${ours[field]} was agreed upon`);
  }
  return verifier;
}

/** What the sec_trailer is aligned to, counted from the beginning of the stub data. */
const alignment = 16;

/** How much stub data fits into a fragment: a multiple of 16, so that only the last fragment of a call is padded. */
export function stubCapacity<T>(kind: PduKind<T>, fields: T, longest: number, security: Security | null): number {
  const around = headerSize + lengthOf(kind, fields);
  const behind = security === null ? 0 : secTrailerSize + signatureLength(security);
  return Math.floor((longest - around - behind) / alignment) * alignment;
}

const lengths = new WeakMap<object, number>();

/** Bytes of a kind's fields, which are always as many. */
function lengthOf<T>(kind: PduKind<T>, fields: T): number {
  const length = lengths.get(kind) ?? encode(kind.body, fields).length;
  lengths.set(kind, length);
  return length;
}

function signatureLength({ level, context }: Security): number {
  return context.signatureLength[level === 'privacy' ? 'seal' : 'sign'];
}

/** A PDU with stub data, protected where there is security: header, fields and sec_trailer are signed with it. */
export function encodeStubPdu<T>(
  kind: PduKind<T>,
  head: PduHead,
  fields: T,
  stub: Uint8Array,
  security: Security | null,
): Uint8Array {
  const writer = beginPdu(kind, head, fields);
  const stubAt = writer.at;
  writer.put(stub);
  if (security === null) return finishPdu(writer, 0);
  const authPadLength = (alignment - (stub.length % alignment)) % alignment;
  writer.zeros(authPadLength);
  const trailerAt = writer.at;
  const token = new Uint8Array(signatureLength(security));
  authVerifier.write(writer, { ...trailerOf(security), authPadLength, token });
  const pdu = finishPdu(writer, token.length);
  const parts = {
    before: pdu.subarray(0, stubAt),
    stub: pdu.subarray(stubAt, trailerAt),
    after: pdu.subarray(trailerAt, trailerAt + secTrailerSize),
  };
  if (security.level === 'integrity') {
    pdu.set(security.context.sign(parts.before, parts.stub, parts.after), trailerAt + secTrailerSize);
    return pdu;
  }
  const { sealed, signature } = security.context.seal(parts.stub, parts);
  pdu.set(sealed, stubAt);
  pdu.set(signature, trailerAt + secTrailerSize);
  return pdu;
}

/** A PDU's fields and its stub data, verified and unsealed where there is security. */
export interface StubPdu<T> {
  readonly fields: T;
  readonly stub: Uint8Array;
}

/** Throws `UsherError` `bad_answer` where the PDU is not protected as was agreed upon, or was changed on its way. */
export function decodeStubPdu<T>(kind: PduKind<T>, pdu: Pdu, security: Security | null): StubPdu<T> {
  const { bytes, bodyEnd, paddingEnd } = pdu;
  const { value: fields, end: stubAt } = decodeBody(kind, pdu);
  if (security === null) {
    if (pdu.verifier !== null) throw broken(`${packetName(kind.ptype)} is protected, which was not agreed upon`);
    return { fields, stub: copied(bytes.subarray(stubAt, bodyEnd)) };
  }
  const { token } = verifierOf(security, pdu);
  if (token.length !== signatureLength(security)) {
    throw broken(`${packetName(kind.ptype)} has a signature of ${token.length} bytes`);
  }
  const before = bytes.subarray(0, stubAt);
  const padded = bytes.subarray(stubAt, paddingEnd);
  const after = bytes.subarray(paddingEnd, paddingEnd + secTrailerSize);
  const { context, level } = security;
  if (level === 'integrity') context.verify(token, before, padded, after);
  const plain =
    level === 'integrity' ? copied(padded) : context.unseal({ sealed: padded, signature: token }, { before, after });
  return { fields, stub: plain.subarray(0, bodyEnd - stubAt) };
}
