import type { Milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';

/** Waits for what a host owes, and tells an answer that hangs from a host that is silent. */
export class Patience {
  readonly #after: (delay: Milliseconds, work: () => void) => Disposable;
  readonly #limit: Milliseconds;
  readonly #hanging = new Set<string>();
  /** How many were given until now. */
  #answers = 0;

  constructor(after: (delay: Milliseconds, work: () => void) => Disposable, limit: Milliseconds) {
    this.#after = after;
    this.#limit = limit;
  }

  /**
   * Throws `timeout` where the host answers others and then nothing at all for the limit while it owes this answer, and from then
   * on until it gives it: an answer that waits for those of a thousand sessions before it is none that hangs. Where it answers
   * nobody that is the host's silence, `unreachable`, and nothing that this question could be blamed for.
   */
  within<T>(key: string, read: () => Promise<T>): Promise<T> {
    if (this.#hanging.has(key)) return Promise.reject(this.#noAnswer('timeout'));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const asked = this.#answers;
    let timer: Disposable;
    const watch = (heard: number): void => {
      timer = this.#after(this.#limit, () => {
        if (this.#answers > heard) return watch(this.#answers);
        if (this.#answers === asked) return reject(this.#noAnswer('unreachable'));
        this.#hanging.add(key);
        reject(this.#noAnswer('timeout'));
      });
    };
    const answered = (): void => {
      this.#answers += 1;
      this.#hanging.delete(key);
      timer[Symbol.dispose]();
    };
    watch(asked);
    read().then(
      (value) => {
        answered();
        resolve(value);
      },
      (error: unknown) => {
        answered();
        reject(error);
      },
    );
    return promise;
  }

  /** Waits no more for what hangs, where it is about what is gone. */
  forget(isGone: (key: string) => boolean): void {
    for (const key of this.#hanging) if (isGone(key)) this.#hanging.delete(key);
  }

  #noAnswer(code: 'timeout' | 'unreachable'): UsherError {
    const message = `the host did not answer within ${this.#limit / 1000} s`;
    return new UsherError({ code, message });
  }
}
