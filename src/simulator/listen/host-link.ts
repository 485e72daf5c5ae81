import type { Departure } from '../behaviours/behaviour.ts';
import { passageOf } from '../endpoint/departures.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { Link } from './peer.ts';

const frameOfNoCall = { level: 'smb', call: null, isFirst: true, isLast: true } as const;

/** One connection of a host, on which its behaviours are asked about every frame that leaves. */
export class HostLink implements Link {
  readonly #host: SimulatedHost;
  #isOver = false;

  constructor(host: SimulatedHost) {
    this.#host = host;
  }

  toClient(frame: Uint8Array, deliver: (bytes: Uint8Array) => void, hangUp: () => void): void {
    if (this.#isOver) return;
    const departure: Departure = { ...frameOfNoCall, bytes: frame, link: this };
    const passage = passageOf(this.#host, departure);
    const leaving = passage === null ? frame : passage.instead;
    if (leaving !== null) deliver(leaving);
    if (passage === null || passage.after === 'go-on') return;
    this.#isOver = true;
    if (passage.after === 'hang-up') hangUp();
  }

  /** A host that has fallen silent does not listen either. */
  toHost(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    if (!this.#isOver) deliver(bytes);
  }
}
