import { decodeResponse, encodeRequest, type RpcCall, type RpcInterface } from '../../wire/ndr/call.ts';
import { RpcClient } from '../../wire/rpc/client/client.ts';
import type { RpcEvent } from '../../wire/rpc/client/events.ts';
import { faultStatusText } from '../../wire/rpc/status.ts';
import type { AnsweredCall } from '../endpoint/association.ts';
import { openPipe, type OpenPipe } from '../endpoint/pipes.ts';
import type { Account } from '../world/account.ts';
import type { SimulatedHost } from '../world/host.ts';

/** Bytes that are never twice the same, and the same in every run. */
export function counting(): (count: number) => Uint8Array {
  let at = 0;
  return (count) => {
    const bytes = new Uint8Array(count);
    new DataView(bytes.buffer).setUint32(0, ++at);
    return bytes;
  };
}

/** A call that is under way. */
export interface AskedCall<A> {
  /** What came; null while nothing has. */
  answer(): A | null;
  /** The name of the fault; null where there is none. */
  fault(): string | null;
}

/** A client of one pipe of a simulated host, without security of its own. */
export class PipeClient {
  readonly #client: RpcClient;
  readonly #pipe: OpenPipe;
  readonly #events = new Map<number, RpcEvent>();
  readonly #interfaces: readonly RpcInterface[];
  /** Every call that was answered, in that order. */
  readonly answered: AnsweredCall[] = [];
  isClosed = false;
  /** PDUs of the host until now. */
  received = 0;

  constructor(host: SimulatedHost, account: Account | null, interfaces: readonly [RpcInterface, ...RpcInterface[]]) {
    this.#interfaces = interfaces;
    this.#client = new RpcClient({ interfaces, security: null });
    const pipe = openPipe(host, interfaces[0].pipe, account, {
      send: (pdu) => {
        this.received++;
        this.#client.receive(pdu);
        this.#turn();
      },
      closed: () => {
        this.isClosed = true;
      },
      random: counting(),
      answered: (call) => void this.answered.push(call),
    });
    if (pipe === null) throw new Error(`there is no pipe ${interfaces[0].pipe}`);
    this.#pipe = pipe;
    this.#turn();
  }

  /** The answer, which must come at once. */
  ask<Q, A>(call: RpcCall<Q, A>, request: Q): A {
    const asked = this.begin(call, request);
    const answer = asked.answer();
    if (answer === null) throw new Error(`${call.name}: ${asked.fault() ?? 'no answer'}`);
    return answer;
  }

  begin<Q, A>(call: RpcCall<Q, A>, request: Q): AskedCall<A> {
    const id = this.send(call, encodeRequest(call, request));
    return {
      answer: () => {
        const event = this.#events.get(id);
        return event?.kind === 'answered' ? decodeResponse(call, event.stub) : null;
      },
      fault: () => this.faultOf(id),
    };
  }

  /** Any stub. */
  send({ interface: of, opnum }: Pick<RpcCall<unknown, unknown>, 'interface' | 'opnum'>, stub: Uint8Array): number {
    const id = this.#client.call({ interface: of, opnum, stub });
    this.#turn();
    return id;
  }

  /** Whether a call has got anything. */
  isAnswered(id: number): boolean {
    return this.#events.has(id);
  }

  faultOf(id: number): string | null {
    const event = this.#events.get(id);
    return event?.kind === 'failed' && event.status !== null ? faultStatusText(event.status) : null;
  }

  cancel(id: number): void {
    this.#client.cancel(id);
    this.#turn();
  }

  close(): void {
    this.#pipe.close();
  }

  get interfaces(): readonly RpcInterface[] {
    return this.#interfaces;
  }

  #turn(): void {
    const { send, events } = this.#client.take();
    for (const event of events) if ('call' in event) this.#events.set(event.call, event);
    for (const pdu of send) this.#pipe?.receive(pdu);
    const more = this.#client.take();
    for (const event of more.events) if ('call' in event) this.#events.set(event.call, event);
    for (const pdu of more.send) this.#pipe.receive(pdu);
  }
}
