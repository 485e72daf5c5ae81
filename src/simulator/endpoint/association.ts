import { UsherError } from '../../sessions/errors.ts';
import type { AuthLevel } from '../../wire/rpc/pdus/sec-trailer.ts';
import { RpcServer } from '../../wire/rpc/server/server.ts';
import type { ServerEvent } from '../../wire/rpc/server/events.ts';
import type { FaultStatusName } from '../../wire/rpc/status.ts';
import type { Account } from '../world/account.ts';
import { remote } from '../world/actor.ts';
import type { SimulatedHost } from '../world/host.ts';
import { keyPaths } from '../world/registry/windows-hive.ts';
import { Departures } from './departures.ts';
import { RpcFault } from './fault.ts';
import { Handles } from './handles.ts';
import { RpcLogon } from './logon.ts';
import type { BegunCall, Later, ServedCall } from './served-call.ts';

type Call = Extract<ServerEvent, { readonly kind: 'called' }>;

/** A call as it was answered, for whoever looks on. */
export interface AnsweredCall {
  readonly interface: string;
  readonly name: string;
  readonly account: Account;
  readonly request: Uint8Array;
  /** A stub, or the fault that came instead. */
  readonly response: Uint8Array | FaultStatusName | number;
}

export interface AssociationFacts {
  readonly host: SimulatedHost;
  /** As the client calls it. */
  readonly pipe: string;
  readonly calls: readonly ServedCall[];
  /** Who logged on to the host; who logs on in RPC is meant from then on. Null: nobody did. */
  readonly account: Account | null;
  readonly random: (count: number) => Uint8Array;
  /** The connection that it is part of. */
  readonly link: object;
  /** What is to be sent, PDU by PDU. */
  readonly send: (pdu: Uint8Array) => void;
  /** The connection is over. */
  readonly closed: () => void;
  readonly answered?: ((call: AnsweredCall) => void) | undefined;
}

/** One open pipe of a host: RPC, the handles that were given out on it, and the answers that are waited for. */
export class Association {
  readonly #facts: AssociationFacts;
  readonly #server: RpcServer;
  readonly #logon: RpcLogon;
  readonly #handles: Handles;
  readonly #departures: Departures;
  readonly #waiting = new Map<number, Disposable>();
  readonly #hangUp: Disposable;
  #isClosed = false;

  constructor(facts: AssociationFacts) {
    const { host, random, calls, pipe, link, send } = facts;
    this.#facts = facts;
    this.#logon = new RpcLogon(host, random);
    this.#handles = new Handles(random);
    this.#server = new RpcServer({
      interfaces: [...new Set(calls.map((call) => call.interface))],
      acceptor: (type) => this.#logon.acceptor(type),
      associationGroupId: 1 + (new DataView(random(4).slice().buffer).getUint32(0) % 0xfffe),
      secondaryAddress: `\\PIPE\\${pipe}`,
    });
    this.#departures = new Departures({ host, link, send, hangUp: () => this.close() });
    this.#hangUp = host.whenDown(() => this.close());
  }

  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#server.receive(bytes);
    this.#turn();
  }

  /** The client has closed its pipe, or lost it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#hangUp[Symbol.dispose]();
    for (const waiting of this.#waiting.values()) waiting[Symbol.dispose]();
    this.#waiting.clear();
    this.#handles.closeAll();
    this.#facts.closed();
  }

  /** What has come, and what that leads to: an answer may be had at once, and is sent with the rest. */
  #turn(): void {
    for (;;) {
      const { send, events } = this.#server.take();
      for (const pdu of send) this.#departures.send(pdu);
      if (events.length === 0) return;
      for (const event of events) this.#hear(event);
      // A host that has gone down says nothing more.
      if (this.#isClosed) return;
    }
  }

  #hear(event: ServerEvent): void {
    switch (event.kind) {
      case 'called':
        return this.#called(event);
      case 'cancel-asked':
        if (this.#forget(event.call)) this.#server.fault(event.call, 'nca_s_fault_cancel');
        return;
      case 'orphaned':
        this.#forget(event.call);
        return;
      case 'closed':
        this.close();
    }
  }

  #called(event: Call): void {
    const { host, calls } = this.#facts;
    const { uuid } = event.interface;
    const served = calls.find((call) => call.interface.uuid === uuid && call.opnum === event.opnum);
    const account = this.#logon.account ?? this.#facts.account;
    if (served === undefined) return this.#server.fault(event.call, 'nca_s_op_rng_error');
    const fail = (status: FaultStatusName | number): void => this.#fail(event, served, account, status);
    if (account === null || !this.#isProtectedEnough()) return fail('ERROR_ACCESS_DENIED');
    if (host.power === 'down') return fail('RPC_S_CALL_FAILED');
    this.#orFault(event, served, account, () => {
      const caller = { host, account, actor: remote(account), handles: this.#handles };
      const begun = served.begin(caller, event.stub);
      const { session } = begun;
      const call = { interface: served.interface.name, name: served.name, session, account };
      this.#departures.expect(event.call, call);
      for (const behaviour of host.behavioursOf(session)) {
        const fate = behaviour.call?.(call, host) ?? null;
        if (fate?.kind === 'never') return this.#wait(event.call, { [Symbol.dispose]: () => undefined });
        if (fate?.kind === 'fault') return fail(fate.status);
        if (fate?.kind !== 'late') continue;
        const late = host.after(fate.by, () => {
          this.#waiting.delete(event.call);
          this.#orFault(event, served, account, () => this.#answer(event, served, account, begun));
          this.#turn();
        });
        return this.#wait(event.call, late);
      }
      this.#answer(event, served, account, begun);
    });
  }

  #answer(event: Call, served: ServedCall, account: Account, begun: BegunCall): void {
    const answer = begun.answer();
    const respond = (stub: Uint8Array): void => {
      this.#server.respond(event.call, stub);
      this.#tell(event, served, account, stub);
    };
    if (answer instanceof Uint8Array) return respond(answer);
    this.#respondLater(event.call, answer, respond);
  }

  #respondLater(call: number, { later }: Later<Uint8Array>, respond: (stub: Uint8Array) => void): void {
    let isAnswered = false;
    const waiting = later((stub) => {
      if (isAnswered || this.#isClosed) return;
      isAnswered = true;
      this.#waiting.delete(call);
      respond(stub);
      this.#turn();
    });
    // What was answered at once waits for nothing.
    if (isAnswered) waiting[Symbol.dispose]();
    else this.#wait(call, waiting);
  }

  #orFault(event: Call, served: ServedCall, account: Account, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof RpcFault) return this.#fail(event, served, account, error.status);
      if (error instanceof UsherError) return this.#fail(event, served, account, 'RPC_X_BAD_STUB_DATA');
      throw error;
    }
  }

  #fail(event: Call, served: ServedCall, account: Account | null, status: FaultStatusName | number): void {
    this.#server.fault(event.call, status);
    if (account !== null) this.#tell(event, served, account, status);
  }

  #tell(event: Call, served: ServedCall, account: Account, response: AnsweredCall['response']): void {
    const { name } = served;
    this.#facts.answered?.({ interface: served.interface.name, name, account, request: event.stub, response });
  }

  #wait(call: number, waiting: Disposable): void {
    this.#waiting.set(call, waiting);
  }

  #forget(call: number): boolean {
    this.#waiting.get(call)?.[Symbol.dispose]();
    return this.#waiting.delete(call);
  }

  /** fEncryptRPCTraffic: nothing but packet privacy will do. */
  #isProtectedEnough(): boolean {
    const demands = this.#facts.host.dword(keyPaths.policies, 'fEncryptRPCTraffic') === 1;
    const level: AuthLevel | null = this.#server.level;
    return !demands || level === 'privacy';
  }
}
