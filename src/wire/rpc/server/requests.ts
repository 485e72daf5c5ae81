import { Reassembly } from '../association/reassembly.ts';
import { decodeStubPdu, type Security } from '../association/security.ts';
import { broken } from '../failures.ts';
import { packetType, pfcFlag } from '../pdus/header.ts';
import type { Pdu } from '../pdus/pdu.ts';
import { requestWith } from '../pdus/request.ts';
import { ndr, type SyntaxId, sameSyntax } from '../pdus/syntax-id.ts';
import { clientSupportHeaderSigning, takeVerificationTrailer } from '../pdus/verification-trailer.ts';
import type { CallId } from './events.ts';

/** A whole request. */
export interface WholeRequest {
  readonly call: CallId;
  readonly contextId: number;
  readonly opnum: number;
  /** Null where the presentation context is not bound. */
  readonly interface: SyntaxId | null;
  readonly stub: Uint8Array;
}

export interface RequestsFacts {
  readonly security: Security | null;
  /** Whether the bind said PFC_SUPPORT_HEADER_SIGN. */
  readonly headerSigning: boolean;
  readonly interfaceOf: (contextId: number) => SyntaxId | null;
}

/** Puts requests together. Throws `UsherError` `bad_answer` where the client breaks the protocol. */
export class Requests {
  readonly #reassembly = new Reassembly();
  #lastCall: CallId = 0;

  /** Null until the last fragment has come. */
  add(pdu: Pdu, facts: RequestsFacts): WholeRequest | null {
    const { callId, pfcFlags } = pdu.header;
    const { fields, stub } = decodeStubPdu(requestWith(pfcFlags), pdu, facts.security);
    const { contextId, opnum, allocHint } = fields;
    if ((pfcFlags & pfcFlag.firstFrag) !== 0) {
      if (this.#reassembly.size > 0) throw broken(`RPC call ${callId} began before another one was whole`);
      if (callId <= this.#lastCall) throw broken(`RPC call ${callId} came after call ${this.#lastCall}`);
      this.#lastCall = callId;
    }
    const all = this.#reassembly.add(pdu.header, { contextId, opnum }, allocHint, stub);
    if (all === null) return null;
    const whole = { call: callId, contextId, opnum, interface: facts.interfaceOf(contextId), stub: all };
    return facts.security === null ? whole : proven(whole, facts.headerSigning);
  }
}

/** Throws where the verification trailer says otherwise than what came before. */
function proven(request: WholeRequest, headerSigning: boolean): WholeRequest {
  const { stub, trailer } = takeVerificationTrailer(request.stub);
  const { bitmask = null, pcontext = null, header2 = null } = trailer ?? {};
  if (bitmask !== null && (bitmask.bits & clientSupportHeaderSigning) !== 0 && !headerSigning) {
    throw broken('somebody took PFC_SUPPORT_HEADER_SIGN out of the bind');
  }
  const { interface: bound } = request;
  if (pcontext !== null && bound !== null) {
    if (!sameSyntax(pcontext.interfaceId, bound) || !sameSyntax(pcontext.transferSyntax, ndr)) {
      throw broken('the client means another interface than was bound');
    }
  }
  if (header2 !== null) {
    const { ptype, callId, contextId, opnum } = header2;
    const isSame = callId === request.call && contextId === request.contextId && opnum === request.opnum;
    if (ptype !== packetType.request || !isSame) throw broken('somebody changed the header of a request');
  }
  return { ...request, stub };
}
