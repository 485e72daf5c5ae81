/** The first id after those of the services and the console. */
const firstSessionId = 2;
const firstPid = 400;
const lastPid = 0x1_0000;

/** How a host numbers what is new: ids of sessions rise until it restarts, pids are multiples of four. */
export class Numbering {
  #sessionId = firstSessionId;
  #serial = 0;
  #pid = firstPid;
  #station = 0;
  #box = 0;
  /** Ids that are given before any other, the latest first. */
  readonly #reused: number[] = [];

  /** An id that no session has. */
  sessionId(isTaken: (id: number) => boolean): number {
    for (let id = this.#reused.pop(); id !== undefined; id = this.#reused.pop()) if (!isTaken(id)) return id;
    while (isTaken(this.#sessionId)) this.#sessionId++;
    return this.#sessionId++;
  }

  /** The next session gets this id. */
  reuseSessionId(id: number): void {
    this.#reused.push(id);
  }

  pid(isTaken: (pid: number) => boolean): number {
    do {
      this.#pid = this.#pid + 4 >= lastPid ? firstPid : this.#pid + 4;
    } while (isTaken(this.#pid));
    return this.#pid;
  }

  /** Never given twice, over all boots. */
  serial(): number {
    return this.#serial++;
  }

  /** The number in `RDP-Tcp#4`. */
  station(): number {
    return this.#station++;
  }

  box(): number {
    return this.#box++;
  }

  restart(): void {
    this.#sessionId = firstSessionId;
    this.#pid = firstPid;
    this.#station = 0;
    this.#reused.length = 0;
  }
}
