import { UsherError } from '../../../sessions/errors.ts';
import { cut } from '../association/fragments.ts';
import { smallestFragment, usualFragment } from '../association/limits.ts';
import { PduStream } from '../association/pdu-stream.ts';
import { encodeStubPdu, type Security, stubCapacity } from '../association/security.ts';
import { broken, lost } from '../failures.ts';
import { fault } from '../pdus/fault.ts';
import { packetName, packetType, pfcFlag, whole } from '../pdus/header.ts';
import type { Pdu } from '../pdus/pdu.ts';
import { response } from '../pdus/response.ts';
import type { AuthLevel } from '../pdus/sec-trailer.ts';
import { type FaultStatusName, faultStatus } from '../status.ts';
import { Binding } from './binding.ts';
import type { CallId, ServerEvent } from './events.ts';
import type { RpcServerParameters } from './parameters.ts';
import { Requests } from './requests.ts';

/** What is to be sent, PDU by PDU in this order, and what has happened. */
export interface Output {
  readonly send: readonly Uint8Array[];
  readonly events: readonly ServerEvent[];
}

/** The server's side of a DCE/RPC connection, which does no I/O: every method leaves its output for {@link RpcServer.take}. */
export class RpcServer {
  readonly #stream: PduStream;
  readonly #binding: Binding;
  readonly #requests = new Requests();
  /** call_id → p_cont_id of what is to be answered. */
  readonly #called = new Map<CallId, number>();
  #send: Uint8Array[] = [];
  #events: ServerEvent[] = [];
  #isClosed = false;

  constructor(parameters: RpcServerParameters) {
    const longestFragment = Math.max(smallestFragment, parameters.longestFragment ?? usualFragment);
    // A bind with a long token may be longer than a fragment.
    this.#stream = new PduStream(0xffff);
    this.#binding = new Binding({
      parameters,
      longestFragment,
      send: (pdu) => {
        this.#send.push(pdu);
      },
    });
  }

  /** How what the client sends is protected; null where it has not logged on. */
  get level(): AuthLevel | null {
    return this.#security?.level ?? null;
  }

  take(): Output {
    const output = { send: this.#send, events: this.#events };
    this.#send = [];
    this.#events = [];
    return output;
  }

  /** PDUs of the client, whole or in pieces. */
  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#guard(null, () => {
      this.#stream.push(bytes);
      for (let pdu = this.#next(); pdu !== null; pdu = this.#next()) {
        const heard = pdu;
        this.#guard(heard, () => {
          this.#hear(heard);
        });
      }
    });
  }

  /** The transport has ended: nothing more will come. */
  end(): void {
    this.#close(lost('the client ended the RPC connection'));
  }

  /** Answers a call. What is not called, or was orphaned, is not answered. */
  respond(call: CallId, stub: Uint8Array): void {
    const contextId = this.#called.get(call);
    if (contextId === undefined) return;
    this.#called.delete(call);
    const fields = { allocHint: 0, contextId, cancelCount: 0 };
    const security = this.#security;
    const capacity = stubCapacity(response, fields, this.#binding.longestToClient, security);
    for (const { bytes, pfcFlags, allocHint } of cut(stub, new Uint8Array(), capacity)) {
      const head = { pfcFlags, callId: call };
      this.#send.push(encodeStubPdu(response, head, { ...fields, allocHint }, bytes, security));
    }
  }

  /** Answers a call with a fault, which is not protected. */
  fault(call: CallId, status: FaultStatusName | number, { didNotExecute = false } = {}): void {
    const contextId = this.#called.get(call);
    if (contextId === undefined) return;
    this.#called.delete(call);
    this.#fail(call, contextId, status, didNotExecute);
  }

  get #security(): Security | null {
    return this.#binding.logon?.security ?? null;
  }

  #next(): Pdu | null {
    return this.#isClosed ? null : this.#stream.next();
  }

  #hear(pdu: Pdu): void {
    const { ptype, callId } = pdu.header;
    if (ptype === packetType.bind || ptype === packetType.alterContext || ptype === packetType.auth3) {
      this.#binding.receive(pdu);
    } else if (ptype === packetType.request) this.#request(pdu);
    else if (ptype === packetType.coCancel) {
      if (this.#called.has(callId)) this.#events.push({ kind: 'cancel-asked', call: callId });
    } else if (ptype === packetType.orphaned) {
      if (this.#called.delete(callId)) this.#events.push({ kind: 'orphaned', call: callId });
    } else throw broken(`the client sent ${packetName(ptype)}, which is a server's`);
  }

  #request(pdu: Pdu): void {
    const { logon, refusal, isBound, multiplexes, headerSigning } = this.#binding;
    if (!isBound) throw broken('the client calls before it has bound');
    if (logon !== null && (logon.security === null || refusal !== null)) {
      this.#fail(pdu.header.callId, 0, 'ERROR_ACCESS_DENIED', true);
      this.#close(refusal ?? broken('the client calls before it has logged on'));
      return;
    }
    if (!multiplexes && this.#called.size > 0) throw broken('the client calls before it is answered');
    const interfaceOf = (contextId: number) => this.#binding.presentation.interfaceOf(contextId);
    const request = this.#requests.add(pdu, { security: this.#security, headerSigning, interfaceOf });
    if (request === null) return;
    const { call, contextId, opnum, stub, interface: called } = request;
    if (called === null) return this.#fail(call, contextId, 'nca_s_unk_if', true);
    this.#called.set(call, contextId);
    this.#events.push({ kind: 'called', call, interface: called, opnum, stub });
  }

  #fail(callId: CallId, contextId: number, status: FaultStatusName | number, didNotExecute: boolean): void {
    const pfcFlags = whole | (didNotExecute ? pfcFlag.didNotExecute : 0);
    const value = typeof status === 'number' ? status : faultStatus[status];
    const fields = { allocHint: 0, contextId, cancelCount: 0, flags: 0, status: value };
    this.#send.push(encodeStubPdu(fault, { pfcFlags, callId }, fields, new Uint8Array(), null));
  }

  /** What breaks the protocol is answered with a fault and closes the connection ([MS-RPCE] 3.3.3.5.7). */
  #guard(pdu: Pdu | null, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      if (pdu?.header.ptype === packetType.request) this.#fail(pdu.header.callId, 0, 'nca_s_proto_error', true);
      this.#close(error);
    }
  }

  #close(error: UsherError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#called.clear();
    this.#events.push({ kind: 'closed', error });
  }
}
