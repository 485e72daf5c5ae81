import { type Seconds, seconds } from '../../sessions/duration.ts';
import type { Message, MessageButton } from '../message.ts';

/** MB_… of a box: the buttons, and how it gets before the others (the `uType` of MessageBox). */
const style = { ok: 0, okCancel: 1, yesNoCancel: 3, yesNo: 4, retryCancel: 5 } as const;
/** On top of all windows, and in front: MB_SYSTEMMODAL and MB_SETFOREGROUND. */
const onTop = 0x1000 | 0x10000;

/** What MessageBox answers. */
const id = { ok: 1, cancel: 2, retry: 4, yes: 6, no: 7 } as const;
/** IDTIMEOUT ([MS-TSTS] 3.3.4.1.10). */
export const timedOut = 32_000;

/** A box as RpcShowMessageBox takes it, but for its text. */
export interface Box {
  readonly style: number;
  /** What each answer of MessageBox means. */
  readonly answers: ReadonlyMap<number, string>;
  /** What the buttons mean, where Windows has none of these labels; else empty. */
  readonly legend: string;
}

type ButtonName = keyof typeof id;

/** The sets of buttons that Windows has. Only the last of them may be pressed by Esc. */
const sets: readonly (readonly [number, ...ButtonName[]])[] = [
  [style.ok, 'ok'],
  [style.okCancel, 'ok', 'cancel'],
  [style.yesNo, 'yes', 'no'],
  [style.yesNoCancel, 'yes', 'no', 'cancel'],
  [style.retryCancel, 'retry', 'cancel'],
];

/**
 * Sets that stand for other labels, by their number. The first button is the default one, and the harmless one by its place. Two
 * are Yes and No, since that box cannot be closed and Esc does not answer it.
 */
const standIns: readonly (readonly [number, ...ButtonName[]])[] = [
  [style.ok, 'ok'],
  [style.yesNo, 'yes', 'no'],
  [style.yesNoCancel, 'yes', 'no', 'cancel'],
];

/** The box for these buttons; null where Windows has not as many. */
export function boxOf(buttons: readonly MessageButton[]): Box | null {
  const own = sets.find(
    ([, ...names]) =>
      names.length === buttons.length && names.every((name, at) => buttons[at]?.label.toLowerCase() === name),
  );
  const set = own ?? standIns.find(([, ...names]) => names.length === buttons.length);
  if (set === undefined) return null;
  const [kind, ...names] = set;
  const pairs = names.flatMap((name, at) => {
    const button = buttons[at];
    return button === undefined ? [] : [{ name, button }];
  });
  const legend =
    own === undefined ? pairs.map(({ name, button }) => `${titled(name)}: ${button.label}.`).join('\n') : '';
  return {
    style: kind | onTop,
    answers: new Map(pairs.map(({ name, button }) => [id[name], button.answer])),
    legend,
  };
}

const titled = (name: ButtonName): string => (name === 'ok' ? 'OK' : name.charAt(0).toUpperCase() + name.slice(1));

/** A part of a message's time, with a box of its own. */
export interface Slice {
  /** What is left of the whole when it begins. */
  readonly left: Seconds;
  /** The time-out of its box, in whole seconds. */
  readonly lasts: number;
}

/** When a countdown is shown anew, in seconds before its end. */
const milestones = [86_400, 4 * 3600, 2 * 3600, 3600, 1800, 900, 300, 60];

/**
 * The boxes of a message that counts down: a box of Windows cannot be changed, so each has the time that is left when it appears, and
 * is over when the next one does. None is shown for less than half of what is left after it. Without a countdown there is one.
 */
export function slicesOf(stays: Seconds, countsDown: boolean): readonly [Slice, ...Slice[]] {
  const whole = Math.max(1, Math.floor(stays));
  const cuts: number[] = [];
  for (const milestone of countsDown ? milestones : []) {
    if ((cuts.at(-1) ?? whole) - milestone >= milestone / 2) cuts.push(milestone);
  }
  const [first, ...others] = [Math.max(1, Math.round(stays)), ...cuts];
  const lasts = (from: number, at: number): number => from - (cuts[at] ?? 0);
  return [
    { left: seconds(first ?? whole), lasts: lasts(whole, 0) },
    ...others.map((left, at) => ({ left: seconds(left), lasts: lasts(left, at + 1) })),
  ];
}

/** The text of a box: what is to be said, the time that is left, and what its buttons mean. */
export function textOf(
  { text, countdown }: Pick<Message, 'text' | 'countdown'>,
  { legend }: Box,
  left: Seconds,
): string {
  const parts = [text, countdown === null ? '' : countdown(left), legend];
  return speakable(parts.filter((part) => part !== '').join('\n\n'));
}

/** NUL ends a text of Windows. */
export const speakable = (text: string): string => text.replaceAll('\0', '');
