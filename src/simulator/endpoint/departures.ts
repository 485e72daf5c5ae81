import { packetType, pfcFlag } from '../../wire/rpc/pdus/header.ts';
import type { Departure, IncomingCall, Passage } from '../behaviours/behaviour.ts';
import type { SimulatedHost } from '../world/host.ts';

/** What the behaviours of a host make of a message; null where it leaves as it is. */
export function passageOf(host: SimulatedHost, departure: Departure): Passage | null {
  for (const behaviour of host.behavioursOf(departure.call?.session ?? null)) {
    const passage = behaviour.sending?.(departure, host) ?? null;
    if (passage !== null) return passage;
  }
  return null;
}

export interface DeparturesFacts {
  readonly host: SimulatedHost;
  readonly link: object;
  readonly send: (pdu: Uint8Array) => void;
  /** Closes the pipe. */
  readonly hangUp: () => void;
}

const [typeAt, flagsAt, callIdAt] = [2, 3, 12] as const;

/** The PDUs that leave a pipe, as its host's behaviours let them. */
export class Departures {
  readonly #facts: DeparturesFacts;
  /** By call_id. */
  readonly #calls = new Map<number, IncomingCall>();
  #isSilent = false;

  constructor(facts: DeparturesFacts) {
    this.#facts = facts;
  }

  /** From now on a response or a fault of this call_id is this call's. */
  expect(callId: number, call: IncomingCall): void {
    this.#calls.set(callId, call);
  }

  send(pdu: Uint8Array): void {
    if (this.#isSilent) return;
    const { host, link, send, hangUp } = this.#facts;
    const passage = passageOf(host, { level: 'rpc', bytes: pdu, link, ...this.#placeOf(pdu) });
    const leaving = passage === null ? pdu : passage.instead;
    if (leaving !== null) send(leaving);
    if (passage === null || passage.after === 'go-on') return;
    this.#isSilent = true;
    if (passage.after === 'hang-up') hangUp();
  }

  #placeOf(pdu: Uint8Array): Pick<Departure, 'call' | 'isFirst' | 'isLast'> {
    const [type, flags] = [pdu[typeAt], pdu[flagsAt] ?? 0];
    if (type !== packetType.response && type !== packetType.fault) return { call: null, isFirst: true, isLast: true };
    const callId = new DataView(pdu.buffer, pdu.byteOffset).getUint32(callIdAt, true);
    const call = this.#calls.get(callId) ?? null;
    const isLast = (flags & pfcFlag.lastFrag) !== 0;
    if (isLast) this.#calls.delete(callId);
    return { call, isFirst: (flags & pfcFlag.firstFrag) !== 0, isLast };
  }
}
