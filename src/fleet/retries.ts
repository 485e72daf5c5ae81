import { type Milliseconds, milliseconds } from '../sessions/duration.ts';
import { type ErrorCode, UsherError } from '../sessions/errors.ts';

/** Failures that another try may mend. */
const passing: readonly ErrorCode[] = ['connection_lost', 'unreachable', 'timeout'];

/** How long is waited before another try, by how many there were; after the last one there is none. */
const delays: readonly Milliseconds[] = [300, 1500].map(milliseconds);

/** Of all hosts so many may be tried once more: where more fail than that, it is not chance. */
const share = 0.1;

/** A name that does not exist does not begin to exist (getaddrinfo). */
const nameless: readonly string[] = ['ENOTFOUND'];
/** The machine has no file descriptor or memory left for a connection (socket(2)). */
const starving: readonly string[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/** Tries beyond the first one of each host, for a whole sweep. */
export class RetryBudget {
  #left: number;
  readonly #random: () => number;

  constructor(hosts: number, random: () => number) {
    this.#left = Math.max(1, Math.floor(hosts * share));
    this.#random = random;
  }

  /**
   * How long to wait before another try, of which it then counts one; null where there is none. `tries` were made already. That the
   * machine was short of sockets is nothing that a host can be blamed for, and costs none.
   */
  delayAfter(error: UsherError, tries: number): Milliseconds | null {
    const delay = delays[tries - 1];
    if (delay === undefined || !mayPass(error)) return null;
    if (!isStarved(error)) {
      if (this.#left === 0) return null;
      this.#left -= 1;
    }
    return spread(delay, this.#random);
  }
}

/** Whether another try may mend the failure. */
export const mayPass = (error: UsherError): boolean =>
  passing.includes(error.code) && !systemCodes(error).some((code) => nameless.includes(code));

/** Whether the machine, and not the host, is to blame. */
export const isStarved = (error: UsherError): boolean => systemCodes(error).some((code) => starving.includes(code));

/** The delay, or up to half of it more or less: what fails together is not tried again together. */
export const spread = (delay: Milliseconds, random: () => number): Milliseconds =>
  milliseconds(Math.round(delay * (0.5 + random())));

/** A chain of causes is not followed further. */
const deepest = 8;

/** The operating system's words for a failure and what caused it: `ECONNREFUSED`. */
function systemCodes(error: unknown): readonly string[] {
  const codes: string[] = [];
  let cause = error;
  for (let depth = 0; depth < deepest && cause instanceof Error; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && !(cause instanceof UsherError)) codes.push(cause.code);
    cause = cause.cause;
  }
  return codes;
}
