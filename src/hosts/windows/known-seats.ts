import type { ClientFacts, SessionTimes } from './facts.ts';

/** Who looks at a session, and from where. */
export interface Seat {
  readonly client: ClientFacts | null;
  readonly address: string | null;
}

export const nobody: Seat = { client: null, address: null };

interface Known {
  readonly seat: Seat;
  readonly times: SessionTimes;
  /** Whether it was asked for after its connection had been told of: both are of the same client then. */
  readonly isSure: boolean;
  recalls: number;
}

/** So often what a client told is taken for still true: some change their display without connecting anew. */
const mostRecalls = 16;

/** What clients have told: it stays for as long as the same one is connected, so that nobody has to ask at every reading. */
export class KnownSeats {
  /** By session. */
  readonly #known = new Map<number, Known>();

  /** Null where it is to be asked for. */
  recall(id: number): Pick<Known, 'seat' | 'times'> | null {
    const known = this.#known.get(id);
    if (known?.isSure !== true || known.recalls === mostRecalls) return null;
    known.recalls += 1;
    return known;
  }

  /** What was told at the same time as these times. Only what is complete is kept. */
  note(id: number, seat: Seat, times: SessionTimes | null): void {
    const before = this.#known.get(id);
    this.#known.delete(id);
    if (seat.client === null || seat.address === null || times === null) return;
    const isSure = before !== undefined && isSameConnection(before.times, times);
    // Not all sessions of a host are asked again in the same reading.
    this.#known.set(id, { seat, times, isSure, recalls: id % mostRecalls });
  }

  forget(isGone: (id: number) => boolean): void {
    for (const id of this.#known.keys()) if (isGone(id)) this.#known.delete(id);
  }
}

/** Whether nobody connected or logged on in between. */
export const isSameConnection = (one: SessionTimes, other: SessionTimes): boolean =>
  one.connected === other.connected && one.loggedOn === other.loggedOn;
