import type { BehaviourSettings, Departure, IncomingCall } from './behaviour.ts';
import { callOf, numberOf } from './settings.ts';

/** The settings that choose answers, and how a summary names them. */
export const choosing = {
  settings: ['call', 'after', 'times'],
  summary: 'call=NAME (every call), after=N calls (0), times=N (always)',
} as const;

/** The answers that something happens to: to calls of one name, after so many of them, so many times. */
export class ChosenAnswers {
  readonly #call: string | null;
  readonly #after: number;
  readonly #times: number;
  readonly #chosen = new WeakSet<IncomingCall>();
  #count = 0;

  /** Throws `UsherError` `usage`. */
  constructor(settings: BehaviourSettings) {
    this.#call = callOf(settings);
    this.#after = numberOf(settings, 'after', 0);
    this.#times = settings['times'] === undefined ? Number.POSITIVE_INFINITY : numberOf(settings, 'times', 1, 1);
  }

  /** Whether a PDU is part of a chosen answer. */
  has({ level, call, isFirst }: Departure): boolean {
    if (level !== 'rpc' || call === null) return false;
    if (isFirst && this.#isNext(call)) this.#chosen.add(call);
    return this.#chosen.has(call);
  }

  #isNext({ name }: IncomingCall): boolean {
    if (this.#call !== null && this.#call !== name) return false;
    const nth = this.#count++;
    return nth >= this.#after && nth < this.#after + this.#times;
  }
}

/** Half of a message, for those that end in the middle. */
export const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.ceil(bytes.length / 2));
