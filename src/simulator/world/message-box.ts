import type { Milliseconds } from '../../sessions/duration.ts';
import { milliseconds } from '../../sessions/duration.ts';
import type { Actor } from './actor.ts';
import type { SimulatedSession } from './session.ts';

/** What is to be read. */
export interface MessageText {
  readonly title: string;
  readonly text: string;
  /** MB_OK and its like. */
  readonly style: number;
  /** In seconds; 0 stays until somebody answers. */
  readonly seconds: number;
}

export type BoxEnd =
  | { readonly kind: 'answered'; readonly button: MessageButtonName }
  | { readonly kind: 'timed-out' }
  /** The session ended under it. */
  | { readonly kind: 'swept-away' };

/** The buttons of MessageBox by what RpcShowMessageBox answers ([MS-TSTS] 3.3.4.1.10). */
export const messageButtons = {
  ok: 1,
  cancel: 2,
  abort: 3,
  retry: 4,
  ignore: 5,
  yes: 6,
  no: 7,
  'try-again': 10,
  continue: 11,
} as const;

export type MessageButtonName = keyof typeof messageButtons;

/** The buttons of a style, in their order: the lower four bits of MB_OK and its like. */
const buttonsByStyle: readonly (readonly MessageButtonName[])[] = [
  ['ok'],
  ['ok', 'cancel'],
  ['abort', 'retry', 'ignore'],
  ['yes', 'no', 'cancel'],
  ['yes', 'no'],
  ['retry', 'cancel'],
  ['cancel', 'try-again', 'continue'],
];

/** A message box on a session's desktop. */
export class MessageBox {
  /** Of all boxes of the host. */
  readonly serial: number;
  readonly session: SimulatedSession;
  readonly message: MessageText;
  readonly by: Actor;
  /** Those who wait for its end. */
  readonly #waiting = new Set<(end: BoxEnd) => void>();
  readonly #ended: (box: MessageBox, end: BoxEnd) => void;
  #end: BoxEnd | null = null;

  constructor(
    facts: {
      readonly serial: number;
      readonly session: SimulatedSession;
      readonly message: MessageText;
      readonly by: Actor;
    },
    ended: (box: MessageBox, end: BoxEnd) => void,
  ) {
    this.serial = facts.serial;
    this.session = facts.session;
    this.message = facts.message;
    this.by = facts.by;
    this.#ended = ended;
  }

  get buttons(): readonly MessageButtonName[] {
    return buttonsByStyle[this.message.style & 0xf] ?? ['ok'];
  }

  /** How long it stays; null: until somebody answers. */
  get stays(): Milliseconds | null {
    return this.message.seconds === 0 ? null : milliseconds(1000 * this.message.seconds);
  }

  get isOpen(): boolean {
    return this.#end === null;
  }

  /** Once: what comes after the first end is not heard. */
  end(end: BoxEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#ended(this, end);
    for (const waiting of this.#waiting) waiting(end);
    this.#waiting.clear();
  }

  /** Tells of its end, at once where it has ended. */
  whenEnded(told: (end: BoxEnd) => void): Disposable {
    if (this.#end === null) this.#waiting.add(told);
    else told(this.#end);
    return { [Symbol.dispose]: () => void this.#waiting.delete(told) };
  }
}
