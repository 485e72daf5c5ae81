import { UsherError } from '../../../sessions/errors.ts';
import { limits, smallestFragment, usualFragment } from '../association/limits.ts';
import { PduStream } from '../association/pdu-stream.ts';
import { broken, lost } from '../failures.ts';
import { packetName, packetType } from '../pdus/header.ts';
import type { Pdu } from '../pdus/pdu.ts';
import { type Agreement, Binding } from './binding.ts';
import type { CallFacts } from './call.ts';
import { Calls } from './calls.ts';
import type { CallId, RpcEvent } from './events.ts';
import type { RpcClientParameters } from './parameters.ts';

/** What is to be sent, PDU by PDU in this order, and what has happened. */
export interface Output {
  readonly send: readonly Uint8Array[];
  readonly events: readonly RpcEvent[];
}

/**
 * The client's side of a DCE/RPC connection, which does no I/O: every method leaves its output for {@link RpcClient.take}. What is
 * called before `bound` waits, and so does what is called before the answer to another call where the server does not multiplex.
 * Whatever breaks the protocol closes the connection: `closed`.
 */
export class RpcClient {
  readonly #stream: PduStream;
  /** Null once it is complete: with it goes all that belonged to the logon. */
  #binding: Binding | null;
  readonly #calls: Calls;
  #send: Uint8Array[] = [];
  #events: RpcEvent[] = [];
  #agreement: Agreement | null = null;
  #closedBy: UsherError | null = null;

  /** Throws `UsherError` where the parameters make no sense, or the initiator has nothing to say. */
  constructor(parameters: RpcClientParameters) {
    const { longestFragment = usualFragment, interfaces } = parameters;
    check(longestFragment, interfaces.length);
    const send = (pdu: Uint8Array): void => {
      this.#send.push(pdu);
    };
    const tell = (event: RpcEvent): void => {
      this.#events.push(event);
    };
    // Samba sends 2048 bytes to a client that takes 1432.
    this.#stream = new PduStream(Math.max(longestFragment, usualFragment));
    this.#calls = new Calls(interfaces, send, tell);
    this.#binding = new Binding({
      parameters,
      longestFragment,
      send,
      done: (agreement) => {
        this.#bound(agreement);
      },
    });
  }

  take(): Output {
    const output = { send: this.#send, events: this.#events };
    this.#send = [];
    this.#events = [];
    return output;
  }

  /** How many answers are to come: an answer is one or more PDUs. Whoever carries them reads until there are none. */
  get awaited(): number {
    if (this.#closedBy !== null) return 0;
    return this.#agreement === null ? 1 : this.#calls.awaited;
  }

  /** How many PDUs of answers that have begun are to come; null where none has, or the server does not say. */
  get fragmentsToCome(): number | null {
    return this.#calls.fragmentsToCome;
  }

  /** PDUs of the server, whole or in pieces. */
  receive(bytes: Uint8Array): void {
    if (this.#closedBy !== null) return;
    this.#guard(() => {
      this.#stream.push(bytes);
      for (let pdu = this.#stream.next(); pdu !== null; pdu = this.#stream.next()) {
        this.#hear(pdu);
        if (this.#closedBy !== null) return;
      }
    });
  }

  /** The transport has ended: nothing more will come. */
  end(): void {
    const where = this.#stream.isWithin ? ' in the middle of an answer' : '';
    this.#close(lost(`the host ended the RPC connection${where}`));
  }

  /** `answered` or `failed`. */
  call(facts: CallFacts): CallId {
    return this.#calls.add(facts, this.#closedBy);
  }

  /** Asks the server to give a call up: `cancelled`, or what came before the server heard of it. */
  cancel(call: CallId): void {
    this.#calls.cancel(call);
  }

  /** Waits no longer for a call: `cancelled`. It costs the connection where the server does not keep it. */
  orphan(call: CallId): void {
    if (this.#calls.orphan(call) && this.#agreement?.keepsConnectionOnOrphan === false) {
      this.#close(lost('the host does not keep a connection of which a call was orphaned'));
    }
  }

  #bound(agreement: Agreement): void {
    const { security: _, ...bound } = agreement;
    this.#agreement = agreement;
    this.#binding = null;
    this.#events.push({ kind: 'bound', ...bound });
    this.#calls.begin(agreement);
  }

  #hear(pdu: Pdu): void {
    const { ptype } = pdu.header;
    if (this.#binding !== null) return this.#binding.receive(pdu);
    if (ptype === packetType.response) return this.#calls.answer(pdu);
    if (ptype === packetType.fault) return this.#calls.fail(pdu);
    if (ptype !== packetType.shutdown) throw broken(`the host sent ${packetName(ptype)}, which was not asked for`);
    throw lost('the host shuts the RPC connection down');
  }

  /** What breaks the protocol closes the connection. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      this.#close(error);
    }
  }

  #close(reason: UsherError): void {
    if (this.#closedBy !== null) return;
    this.#closedBy = reason;
    this.#calls.abandon(reason);
    this.#events.push({ kind: 'closed', error: reason });
  }
}

function check(longestFragment: number, interfaces: number): void {
  if (longestFragment < smallestFragment || longestFragment > 0xffff) {
    throw new RangeError(`fragments of ${longestFragment} bytes, where ${smallestFragment} to 65535 may be`);
  }
  if (interfaces === 0 || interfaces >= limits.contexts) throw new RangeError(`a bind of ${interfaces} interfaces`);
}
