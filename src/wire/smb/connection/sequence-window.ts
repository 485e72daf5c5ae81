import { limits, wantedCredits } from './parameters.ts';

/** Connection.SequenceWindow (MS-SMB2 3.2.4.1.6): MessageIds that may be used, the lowest first. */
export class SequenceWindow {
  #next = 0n;
  #available = 1;

  /** The first of so many consecutive MessageIds; null where there are not as many. */
  take(count: number): bigint | null {
    if (count > this.#available) return null;
    const first = this.#next;
    this.#next += BigInt(count);
    this.#available -= count;
    return first;
  }

  grant(credits: number): void {
    this.#available = Math.min(limits.credits, this.#available + credits);
  }

  /** CreditRequest of a request that has consumed so many. */
  wanted(consumed: number): number {
    return Math.max(consumed, wantedCredits - this.#available);
  }
}
