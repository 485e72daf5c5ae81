import { UsherError } from '../../../sessions/errors.ts';
import { limits } from '../association/limits.ts';
import { Reassembly } from '../association/reassembly.ts';
import { decodeStubPdu, type Security } from '../association/security.ts';
import { broken, faultOf } from '../failures.ts';
import { coCancel } from '../pdus/co-cancel.ts';
import { fault } from '../pdus/fault.ts';
import { packetName, pfcFlag, whole } from '../pdus/header.ts';
import { orphaned } from '../pdus/orphaned.ts';
import { encodePdu, type Pdu } from '../pdus/pdu.ts';
import { response } from '../pdus/response.ts';
import { sameSyntax, type SyntaxId, syntaxText } from '../pdus/syntax-id.ts';
import { faultStatus } from '../status.ts';
import { type Agreement, bindCallId } from './binding.ts';
import { type Call, type CallFacts, encodeRequest, operationOf } from './call.ts';
import type { CallId, Failure, RpcEvent } from './events.ts';

/** Statuses by which a server tells that it gave up a call. */
const givenUp: readonly number[] = [
  faultStatus.nca_s_fault_cancel,
  faultStatus.RPC_S_CALL_CANCELLED,
  faultStatus.ERROR_CANCELLED,
  faultStatus.STATUS_CANCELLED,
];

const nothing = new Uint8Array();

/** The calls of a connection, from their request to their end. Each ends once. */
export class Calls {
  readonly #interfaces: readonly SyntaxId[];
  readonly #send: (pdu: Uint8Array) => void;
  readonly #tell: (event: RpcEvent) => void;
  readonly #reassembly = new Reassembly();
  readonly #outstanding = new Map<CallId, Call>();
  readonly #proven = new Set<number>();
  #waiting: Call[] = [];
  /** How many outstanding calls nobody waits for any more. */
  #away = 0;
  #agreement: Agreement | null = null;
  #lastId: CallId = bindCallId;

  constructor(interfaces: readonly SyntaxId[], send: (pdu: Uint8Array) => void, tell: (event: RpcEvent) => void) {
    this.#interfaces = interfaces;
    this.#send = send;
    this.#tell = tell;
  }

  /** Answers that are to come. */
  get awaited(): number {
    return this.#outstanding.size - this.#away;
  }

  /** How many fragments of answers that have begun are to come; null where that is not known. */
  get fragmentsToCome(): number | null {
    return this.#reassembly.toCome;
  }

  /** The bind is complete. */
  begin(agreement: Agreement): void {
    this.#agreement = agreement;
    this.#pump();
  }

  /** Fails at once where the connection is closed. */
  add(facts: CallFacts, closedBy: UsherError | null): CallId {
    const id = ++this.#lastId;
    const contextId = this.#interfaces.findIndex((one) => sameSyntax(one, facts.interface));
    const call = { id, facts, contextId, given: null };
    const refusal = closedBy ?? this.#refusalOf(call);
    if (refusal !== null) {
      this.#lose(call, refusal);
      return id;
    }
    this.#waiting.push(call);
    this.#pump();
    return id;
  }

  cancel(id: CallId): void {
    const call = this.#outstanding.get(id);
    if (call === undefined) return this.#withdraw(id);
    if (call.given !== null) return;
    call.given = 'up';
    this.#send(encodePdu(coCancel, { pfcFlags: whole, callId: id }, null));
  }

  /** Whether the server was told. */
  orphan(id: CallId): boolean {
    const call = this.#outstanding.get(id);
    if (call === undefined) {
      this.#withdraw(id);
      return false;
    }
    if (call.given === 'away') return false;
    call.given = 'away';
    this.#away += 1;
    this.#send(encodePdu(orphaned, { pfcFlags: whole, callId: id }, null));
    this.#tell({ kind: 'cancelled', call: id });
    this.#pump();
    return true;
  }

  /** Takes a response. Throws `UsherError` where the connection cannot go on. */
  answer(pdu: Pdu): void {
    const call = this.#callOf(pdu);
    const { fields, stub } = decodeStubPdu(response, pdu, this.#security);
    const { allocHint, contextId } = fields;
    if (contextId !== call.contextId) throw broken(`the host answered call ${call.id} in another presentation context`);
    const all = this.#reassembly.add(pdu.header, { contextId }, allocHint, stub);
    if (all === null) return;
    this.#end(call, { kind: 'answered', call: call.id, stub: all });
  }

  /**
   * Takes a fault. Servers do not protect it, so whoever stands between can make a call fail; what is protected must be as was
   * agreed upon. Throws `UsherError` where the connection cannot go on.
   */
  fail(pdu: Pdu): void {
    const call = this.#callOf(pdu);
    const { fields } = decodeStubPdu(fault, pdu, pdu.verifier === null ? null : this.#security);
    const { status } = fields;
    if ((pdu.header.pfcFlags & pfcFlag.lastFrag) === 0) throw broken('the host sent a fault in fragments');
    this.#reassembly.drop(call.id);
    if (call.given === 'up' && givenUp.includes(status)) return this.#end(call, { kind: 'cancelled', call: call.id });
    const didNotExecute = (pdu.header.pfcFlags & pfcFlag.didNotExecute) !== 0;
    const error = faultOf(status, operationOf(call.facts));
    this.#end(call, { kind: 'failed', call: call.id, error, status, didNotExecute });
  }

  /** Whatever waits will not be answered. */
  abandon(reason: UsherError): void {
    const outstanding = [...this.#outstanding.values()].filter(({ given }) => given !== 'away');
    const waiting = this.#waiting;
    this.#outstanding.clear();
    this.#away = 0;
    this.#waiting = [];
    for (const call of outstanding) this.#lose(call, reason, { didNotExecute: false });
    for (const call of waiting) this.#lose(call, reason);
  }

  get #security(): Security | null {
    return this.#agreement?.security ?? null;
  }

  #pump(): void {
    while (this.#agreement !== null && this.#isFree(this.#agreement)) {
      const call = this.#waiting.shift();
      if (call === undefined) return;
      const refusal = this.#agreement.interfaces[call.contextId]?.refusal ?? null;
      if (refusal === null) this.#request(call, this.#agreement);
      else this.#lose(call, refusal);
    }
  }

  #isFree({ multiplexed }: Agreement): boolean {
    return multiplexed ? this.#outstanding.size < limits.calls : this.awaited === 0;
  }

  #request(call: Call, agreement: Agreement): void {
    const proofs = { isFirst: this.#proven.size === 0, isFirstOfContext: !this.#proven.has(call.contextId) };
    this.#proven.add(call.contextId);
    // What was said is not said again: a call that waits for days does not keep it.
    this.#outstanding.set(call.id, { ...call, facts: { ...call.facts, stub: nothing } });
    for (const pdu of encodeRequest(call, agreement, proofs)) this.#send(pdu);
  }

  #refusalOf({ facts, contextId }: Call): UsherError | null {
    if (contextId === -1) {
      const message = `the interface ${syntaxText(facts.interface)} was not bound`;
      return new UsherError({ code: 'unsupported', message });
    }
    if (this.#waiting.length < limits.waiting) return null;
    return new UsherError({ code: 'timeout', message: `${limits.waiting} RPC calls wait for the host already` });
  }

  #callOf({ header: { ptype, callId } }: Pdu): Call {
    const call = this.#outstanding.get(callId);
    if (call === undefined) throw broken(`the host sent ${packetName(ptype)} of call ${callId}, which does not wait`);
    return call;
  }

  #withdraw(id: CallId): void {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((call) => call.id !== id);
    if (this.#waiting.length < before) this.#tell({ kind: 'cancelled', call: id });
  }

  #lose({ id, facts }: Call, reason: UsherError, failure: Partial<Failure> = {}): void {
    const error = new UsherError({
      code: reason.code,
      message: reason.message,
      operation: operationOf(facts),
      hint: reason.hint ?? undefined,
      cause: reason.cause,
    });
    this.#tell({ kind: 'failed', call: id, error, status: null, didNotExecute: true, ...failure });
  }

  #end(call: Call, event: RpcEvent): void {
    this.#outstanding.delete(call.id);
    if (call.given === 'away') this.#away -= 1;
    else this.#tell(event);
    this.#pump();
  }
}
