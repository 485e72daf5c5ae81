import { UsherError } from '../../../sessions/errors.ts';
import { limits, smallestFragment } from '../association/limits.ts';
import { type Security, type SecurityFacts, trailerOf, verifierOf } from '../association/security.ts';
import { bindNakOf, broken, logonFaultOf, rejectionOf } from '../failures.ts';
import { alterContext } from '../pdus/alter-context.ts';
import { alterContextResp } from '../pdus/alter-context-resp.ts';
import { auth3 } from '../pdus/auth3.ts';
import { bindTimeFeature, featureSyntax } from '../pdus/bind-time-features.ts';
import { type Bind, bind } from '../pdus/bind.ts';
import { type BindAck, bindAck } from '../pdus/bind-ack.ts';
import { bindNak } from '../pdus/bind-nak.ts';
import { fault } from '../pdus/fault.ts';
import { packetName, packetType, pfcFlag, whole } from '../pdus/header.ts';
import { decodeBody, encodePdu, type Pdu, type PduKind } from '../pdus/pdu.ts';
import type { PresentationContext } from '../pdus/presentation-context.ts';
import { contextResult, type PresentationResult } from '../pdus/presentation-result.ts';
import { ndr, type SyntaxId, sameSyntax } from '../pdus/syntax-id.ts';
import type { Bound, BoundInterface } from './events.ts';
import type { RpcClientParameters } from './parameters.ts';

/** call_id of the bind and of whatever belongs to the logon. */
export const bindCallId = 1;

const authContextId = 1;

/** What a connection is after its bind. */
export interface Agreement extends Bound {
  readonly security: Security | null;
}

export interface BindingFacts {
  readonly parameters: RpcClientParameters;
  readonly longestFragment: number;
  readonly send: (pdu: Uint8Array) => void;
  readonly done: (agreement: Agreement) => void;
}

const features = bindTimeFeature.securityContextMultiplexing | bindTimeFeature.keepConnectionOnOrphan;

/** Offered with the interface before it, beside NDR ([MS-RPCE] 3.3.1.5.3). */
function contextsOf(interfaces: readonly SyntaxId[]): readonly PresentationContext[] {
  const contexts = interfaces.map((abstractSyntax, contextId) => ({
    contextId,
    abstractSyntax,
    transferSyntaxes: [ndr],
  }));
  return contexts.concat(
    contexts.slice(-1).map((last) => ({
      ...last,
      contextId: contexts.length,
      transferSyntaxes: [featureSyntax(features)],
    })),
  );
}

/** From the bind over the legs of the logon to the agreement ([MS-RPCE] 3.3.1.5.2.1). */
export class Binding {
  readonly #facts: BindingFacts;
  readonly #security: SecurityFacts | null;
  #proposed: readonly PresentationContext[];
  #awaited: PduKind<BindAck> = bindAck;
  #bound: Bound | null = null;
  #legs = 0;

  constructor(facts: BindingFacts) {
    const { interfaces, security } = facts.parameters;
    this.#facts = facts;
    this.#security =
      security === null ? null : { type: security.type, level: security.level ?? 'privacy', contextId: authContextId };
    this.#proposed = contextsOf(interfaces);
    this.#send(bind, security?.initiator.start() ?? null);
  }

  /** Throws `UsherError` where the connection cannot be used. */
  receive(pdu: Pdu): void {
    const { ptype, callId, pfcFlags } = pdu.header;
    if (callId !== bindCallId) throw broken(`the host answered call ${callId} while binding`);
    if (ptype === packetType.bindNak) throw bindNakOf(decodeBody(bindNak, pdu).value.providerRejectReason);
    if (ptype === packetType.fault) throw logonFaultOf(decodeBody(fault, pdu).value.status);
    if (ptype !== this.#awaited.ptype) throw broken(`the host answered ${packetName(ptype)} while binding`);
    if ((pfcFlags & whole) !== whole) throw broken(`${packetName(ptype)} came in fragments`);
    const { value } = decodeBody(this.#awaited, pdu);
    this.#bound = this.#bound === null ? this.#agree(value, pfcFlags) : this.#agreeAgain(this.#bound, value);
    this.#logOn(pdu, this.#bound);
  }

  #logOn(pdu: Pdu, bound: Bound): void {
    const { parameters, send, done } = this.#facts;
    const facts = this.#security;
    if (parameters.security === null || facts === null) {
      if (pdu.verifier !== null) throw broken(`${packetName(pdu.header.ptype)} logs on, which was not asked for`);
      done({ ...bound, security: null });
      return;
    }
    const { token, context } = parameters.security.initiator.step(verifierOf(facts, pdu).token);
    if (context === null) {
      if (token === null) throw logonEnded();
      return this.#alter(bound, token);
    }
    if (token !== null) {
      send(encodePdu(auth3, { pfcFlags: whole, callId: bindCallId }, null, { ...trailerOf(facts), token }));
    }
    done({ ...bound, security: { ...facts, context } });
  }

  /** The same contexts again, without those that were rejected. */
  #alter({ interfaces }: Bound, token: Uint8Array): void {
    this.#awaited = alterContextResp;
    this.#proposed = this.#proposed.filter(({ contextId }) => interfaces[contextId]?.refusal === null);
    this.#send(alterContext, token);
  }

  #send(kind: PduKind<Bind>, token: Uint8Array | null): void {
    if (++this.#legs > limits.legs) throw logonEnded();
    const { parameters, longestFragment, send } = this.#facts;
    const offered = kind === bind ? pfcFlag.concMpx | (token === null ? 0 : pfcFlag.supportHeaderSign) : 0;
    const body = {
      maxXmitFrag: longestFragment,
      maxRecvFrag: longestFragment,
      assocGroupId: this.#bound?.associationGroupId ?? parameters.associationGroupId ?? 0,
      contexts: this.#proposed,
    };
    const verifier = this.#security === null || token === null ? undefined : { ...trailerOf(this.#security), token };
    send(encodePdu(kind, { pfcFlags: whole | offered, callId: bindCallId }, body, verifier));
  }

  #agree(answer: BindAck, pfcFlags: number): Bound {
    const { longestFragment } = this.#facts;
    const { maxRecvFrag, assocGroupId, results } = answer;
    if (this.#security !== null && (pfcFlags & pfcFlag.supportHeaderSign) === 0) throw noHeaderSigning();
    if (maxRecvFrag < smallestFragment) throw broken(`the host takes fragments of ${maxRecvFrag} bytes only`);
    const interfaces = this.#interfacesOf(results);
    const { result, reason } = results.at(-1) ?? { result: null, reason: 0 };
    const agreed = result === contextResult.negotiateAck ? reason : 0;
    return {
      interfaces,
      multiplexed: (pfcFlags & pfcFlag.concMpx) !== 0,
      keepsConnectionOnOrphan: (agreed & bindTimeFeature.keepConnectionOnOrphan) !== 0,
      associationGroupId: assocGroupId,
      longestFragment: Math.min(longestFragment, maxRecvFrag),
    };
  }

  #agreeAgain(bound: Bound, { results }: BindAck): Bound {
    const again = this.#interfacesOf(results);
    const interfaces = bound.interfaces.map(
      (one) => again.find((other) => sameSyntax(one.interface, other.interface)) ?? one,
    );
    return { ...bound, interfaces };
  }

  /** Throws where none is left. */
  #interfacesOf(results: readonly PresentationResult[]): readonly BoundInterface[] {
    const proposed = this.#proposed;
    if (results.length !== proposed.length) {
      throw broken(`the host answered ${results.length} results for ${proposed.length} presentation contexts`);
    }
    const interfaces: BoundInterface[] = [];
    for (const [at, result] of results.entries()) {
      const context = proposed[at];
      if (context === undefined || !context.transferSyntaxes.includes(ndr)) continue;
      interfaces.push({ interface: context.abstractSyntax, refusal: refusalOf(context.abstractSyntax, result) });
    }
    const first = interfaces[0]?.refusal ?? null;
    if (first !== null && interfaces.every(({ refusal }) => refusal !== null)) throw first;
    return interfaces;
  }
}

function refusalOf(interfaceId: SyntaxId, answer: PresentationResult): UsherError | null {
  if (answer.result !== contextResult.acceptance) return rejectionOf(interfaceId, answer);
  if (!sameSyntax(answer.transferSyntax, ndr)) throw broken('the host chose a transfer syntax that was not offered');
  return null;
}

function logonEnded(): UsherError {
  return new UsherError({ code: 'logon_failed', message: 'the logon to RPC did not come to an end' });
}

function noHeaderSigning(): UsherError {
  return new UsherError({ code: 'unsupported', message: 'the host does not sign the headers of RPC' });
}
