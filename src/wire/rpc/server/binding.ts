import { UsherError } from '../../../sessions/errors.ts';
import { smallestFragment } from '../association/limits.ts';
import { encodeStubPdu, trailerOf } from '../association/security.ts';
import { broken } from '../failures.ts';
import { alterContext } from '../pdus/alter-context.ts';
import { alterContextResp } from '../pdus/alter-context-resp.ts';
import { type Bind, bind } from '../pdus/bind.ts';
import { type BindAck, bindAck } from '../pdus/bind-ack.ts';
import { bindNak, rejectReason } from '../pdus/bind-nak.ts';
import { fault } from '../pdus/fault.ts';
import { packetName, packetType, pfcFlag, whole } from '../pdus/header.ts';
import { decodeBody, encodePdu, type Pdu, type PduKind } from '../pdus/pdu.ts';
import { faultStatus } from '../status.ts';
import { Logon } from './logon.ts';
import type { RpcServerParameters } from './parameters.ts';
import { Presentation } from './presentation.ts';

export interface BindingFacts {
  readonly parameters: RpcServerParameters;
  readonly longestFragment: number;
  readonly send: (pdu: Uint8Array) => void;
}

/** What bind, alter_context and rpc_auth_3 make of a connection. */
export class Binding {
  readonly presentation: Presentation;
  readonly #facts: BindingFacts;
  #logon: Logon | null = null;
  #refusal: UsherError | null = null;
  #bind: { readonly pfcFlags: number; readonly associationGroupId: number; readonly maxRecvFrag: number } | null = null;

  constructor(facts: BindingFacts) {
    const { interfaces, keepsConnectionOnOrphan = true } = facts.parameters;
    this.#facts = facts;
    this.presentation = new Presentation(interfaces, keepsConnectionOnOrphan);
  }

  get isBound(): boolean {
    return this.#bind !== null;
  }

  /** Null where the client does not log on. */
  get logon(): Logon | null {
    return this.#logon;
  }

  /** Why the client's last token was refused, which rpc_auth_3 does not answer. */
  get refusal(): UsherError | null {
    return this.#refusal;
  }

  get multiplexes(): boolean {
    return this.#has(pfcFlag.concMpx) && (this.#facts.parameters.multiplexes ?? true);
  }

  get headerSigning(): boolean {
    return this.#has(pfcFlag.supportHeaderSign);
  }

  /** Bytes of the longest fragment that the client takes from us. */
  get longestToClient(): number {
    return Math.min(this.#facts.longestFragment, this.#bind?.maxRecvFrag ?? smallestFragment);
  }

  /** Answers one of these PDUs. Throws `UsherError` where the connection cannot go on. */
  receive(pdu: Pdu): void {
    const { ptype, pfcFlags, callId } = pdu.header;
    const { send } = this.#facts;
    if ((pfcFlags & whole) !== whole) throw broken(`${packetName(ptype)} came in fragments`);
    if (ptype === packetType.auth3) return this.#auth3(pdu);
    try {
      if (ptype === packetType.bind) this.#answer(pdu, bind, bindAck);
      else this.#answer(pdu, alterContext, alterContextResp);
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      send(ptype === packetType.bind ? bindNakFor(error, callId) : accessDenied(callId));
      throw error;
    }
  }

  #has(flag: number): boolean {
    return this.#bind !== null && (this.#bind.pfcFlags & flag) !== 0;
  }

  #answer(pdu: Pdu, kind: PduKind<Bind>, answerKind: PduKind<BindAck>): void {
    const { parameters, longestFragment, send } = this.#facts;
    const { pfcFlags, callId } = pdu.header;
    const { value } = decodeBody(kind, pdu);
    if ((kind === bind) === this.isBound) throw broken(`the client sent ${packetName(kind.ptype)} out of order`);
    if (value.maxRecvFrag < smallestFragment && kind === bind) throw broken('the client takes too small fragments');
    const associationGroupId = value.assocGroupId === 0 ? parameters.associationGroupId : value.assocGroupId;
    this.#bind ??= { pfcFlags, associationGroupId, maxRecvFrag: value.maxRecvFrag };
    const results = this.presentation.propose(value.contexts);
    const token = pdu.verifier === null ? null : this.#hear(pdu);
    const agreed =
      kind === bind
        ? (this.multiplexes ? pfcFlag.concMpx : 0) | (this.headerSigning ? pfcFlag.supportHeaderSign : 0)
        : 0;
    const answer = {
      maxXmitFrag: this.longestToClient,
      maxRecvFrag: longestFragment,
      assocGroupId: this.#bind.associationGroupId,
      secondaryAddress: kind === bind ? (parameters.secondaryAddress ?? '') : '',
      results,
    };
    const verifier = this.#logon === null || token === null ? undefined : { ...trailerOf(this.#logon.facts), token };
    send(encodePdu(answerKind, { pfcFlags: whole | agreed, callId }, answer, verifier));
  }

  #auth3(pdu: Pdu): void {
    if (this.#logon === null) throw broken('the client ends a logon that has not begun');
    try {
      if (this.#logon.hear(pdu) !== null) throw broken('the client ended the logon before it was complete');
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      this.#refusal = error;
    }
  }

  #hear(pdu: Pdu): Uint8Array | null {
    if (pdu.verifier === null) return null;
    this.#logon ??= new Logon(pdu.verifier, (type) => this.#facts.parameters.acceptor(type));
    return this.#logon.hear(pdu);
  }
}

function bindNakFor({ code }: UsherError, callId: number): Uint8Array {
  const reasons = {
    unsupported: rejectReason.authentication_type_not_recognized,
    bad_answer: rejectReason.protocol_version_not_supported,
    logon_failed: rejectReason.invalid_checksum,
  } as const;
  const providerRejectReason = Object.hasOwn(reasons, code)
    ? reasons[code as keyof typeof reasons]
    : rejectReason.reason_not_specified;
  const versions = [{ major: 5, minor: 0 }];
  return encodePdu(bindNak, { pfcFlags: whole, callId }, { providerRejectReason, versions });
}

function accessDenied(callId: number): Uint8Array {
  const status = faultStatus.ERROR_ACCESS_DENIED;
  const fields = { allocHint: 0, contextId: 0, cancelCount: 0, flags: 0, status };
  return encodeStubPdu(fault, { pfcFlags: whole | pfcFlag.didNotExecute, callId }, fields, new Uint8Array(), null);
}
