import type { InputFocus } from '../../../wire/x11/input-focus.ts';
import type { KeyboardMapping } from '../../../wire/x11/keyboard-mapping.ts';
import type { WindowsAbove } from './above.ts';
import type { BoxContent, BoxOutcome } from './content.ts';
import type { Layout, Size } from './layout.ts';
import type { Canvas } from './paint.ts';
import type { Look } from './picture.ts';

/** What a request's answer is waited for. */
export type Awaited = 'keyboard' | 'focus' | 'name-atom' | 'text-atom';

/** A box whose window exists on an X server. Moments are in milliseconds since 1970-01-01Z. */
export interface Desk {
  readonly content: BoxContent;
  readonly canvas: Canvas;
  readonly screen: Size;
  readonly layout: Layout;
  /** How many requests were sent. */
  readonly sent: number;
  /** Lowest 16 bits of a request's number → what its answer brings. */
  readonly awaited: ReadonlyMap<number, Awaited>;
  readonly nameAtom: number | null;
  readonly textAtom: number | null;
  readonly mapping: KeyboardMapping;
  /** Whether it was on the screen. */
  readonly shown: boolean;
  /** Until then clicks and keys count as meant for something else. */
  readonly guardedUntil: number;
  /** Whether the server called it covered since it last came to the top. */
  readonly covered: boolean;
  readonly above: WindowsAbove;
  readonly raised: { readonly at: number; readonly wait: number } | null;
  /** `asked` once it was clicked, `held` once the server gave it the keyboard. */
  readonly keyboard: 'elsewhere' | 'asked' | 'held';
  /** Who had the keyboard before. */
  readonly before: InputFocus | null;
  /** The button that Return would press, counted from 0. */
  readonly focus: number;
  /** Whether the pointer's button went down in the box, and on which of its buttons. */
  readonly down: { readonly button: number | null } | null;
  /** The server's time at the last input, in its milliseconds. */
  readonly time: number;
  /** The countdown's line as it was drawn last. */
  readonly countdown: string | null;
}

/** What comes of one thing that happened. */
export interface Step {
  readonly desk: Desk;
  readonly requests: readonly Uint8Array[];
  readonly outcome: BoxOutcome | null;
}

export function sending(desk: Desk, requests: readonly Uint8Array[], outcome: BoxOutcome | null = null): Step {
  return { desk: { ...desk, sent: desk.sent + requests.length }, requests, outcome };
}

/** Sends one request that is answered. */
export function asking(desk: Desk, request: Uint8Array, awaited: Awaited): Step {
  const step = sending(desk, [request]);
  const number = step.desk.sent & 0xffff;
  return { ...step, desk: { ...step.desk, awaited: new Map([...desk.awaited, [number, awaited]]) } };
}

/** One step after the other; nothing follows an outcome. */
export function chained(first: Step, next: (desk: Desk) => Step): Step {
  if (first.outcome !== null) return first;
  const second = next(first.desk);
  return { ...second, requests: [...first.requests, ...second.requests] };
}

export function lookOf({ keyboard, focus, down, countdown }: Desk): Look {
  return { focus: keyboard === 'held' ? focus : null, pressed: down?.button ?? null, countdown };
}
