/** Connection.CommandSequenceWindow (MS-SMB2 3.3.1.1): the MessageIds that a client may use. */
export class CommandWindow {
  readonly #most: number;
  /** All below are used, none from the end on may be. */
  #low = 0n;
  #end = 1n;
  /** Used ones above the lowest that is not. */
  readonly #used = new Set<bigint>();

  /** @param most credits that a client may have. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Uses up so many consecutive MessageIds; false where that is not allowed. */
  take(first: bigint, count: number): boolean {
    const end = first + BigInt(count);
    if (first < this.#low || end > this.#end) return false;
    for (let id = first; id < end; id++) if (this.#used.has(id)) return false;
    for (let id = first; id < end; id++) this.#used.add(id);
    while (this.#used.delete(this.#low)) this.#low++;
    return true;
  }

  /** CreditResponse for a CreditRequest: as many as are wanted, within what a client may have (3.3.1.2). */
  grant(wanted: number): number {
    const span = Number(this.#end - this.#low);
    const room = Math.min(this.#most - (span - this.#used.size), 2 * this.#most - span);
    const granted = Math.max(0, Math.min(Math.max(1, wanted), room));
    this.#end += BigInt(granted);
    return granted;
  }
}
