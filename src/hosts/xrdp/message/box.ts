import { UsherError } from '../../../sessions/errors.ts';
import { takeServerMessage } from '../../../wire/x11/server-message.ts';
import { takeSetupReply } from '../../../wire/x11/setup-reply.ts';
import { undrawable } from './cells.ts';
import type { BoxContent, BoxOutcome } from './content.ts';
import { chained, type Desk, type Step } from './desk.ts';
import { open } from './opening.ts';
import { closing, countDown, keepOnTop, react } from './reactions.ts';

/**
 * A message box on a user's desktop, drawn by ourselves over a connection to the X server: data alone. The connection is
 * the caller's, and so is the setup request on it; the box starts with what the server says to that.
 */
export interface Box {
  readonly content: BoxContent;
  /** What came and is not whole yet. */
  readonly unread: Uint8Array;
  /** Null until the server took the connection. */
  readonly desk: Desk | null;
  readonly over: boolean;
}

export interface BoxTurn {
  readonly box: Box;
  /** To be sent, outcome or not. */
  readonly send: Uint8Array;
  /** Whether the box was really on the screen: the server asked for its contents. */
  readonly shown: boolean;
  /** How it ended, told once. The connection is of no use after it. */
  readonly outcome: BoxOutcome | null;
}

/** Seconds left for which a countdown's line must be one that can be drawn. */
const sampled = [0, 1, 2, 5, 11, 22, 59, 60, 61, 120, 300, 3599, 3600, 7200, 86_400];

/** What of a box's text cannot be drawn, each character once. */
export function undrawableIn({ title, text, buttons, countdown }: BoxContent): readonly string[] {
  const lines = countdown === null ? [] : sampled.map((seconds) => countdown(seconds));
  return undrawable([title, text, ...buttons.map(({ label }) => label), ...lines].join('\n'));
}

/** Starts a box. Throws {@link UsherError} `unsupported` where {@link undrawableIn} finds anything. */
export function openBox(content: BoxContent): Box {
  const missing = undrawableIn(content);
  if (missing.length > 0) {
    const named = missing.slice(0, 8).map(codePointName).join(', ');
    const more = missing.length > 8 ? ` and ${missing.length - 8} more` : '';
    throw new UsherError({ code: 'unsupported', message: `the message holds what cannot be drawn: ${named}${more}` });
  }
  return { content, unread: new Uint8Array(), desk: null, over: false };
}

/** Takes what the server sent. `now` is in milliseconds since 1970-01-01Z. */
export function received(box: Box, bytes: Uint8Array, now: number): BoxTurn {
  if (box.over) return turn(box, null);
  try {
    return read({ ...box, unread: joined([box.unread, bytes]) }, now);
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    return { ...turn(box, null), box: { ...box, over: true }, outcome: { kind: 'lost', why: error.message } };
  }
}

/** Lets time pass; once a second is enough. `now` is in milliseconds since 1970-01-01Z. */
export function ticked(box: Box, now: number): BoxTurn {
  const { content, desk, over } = box;
  if (over) return turn(box, null);
  if (content.until !== null && now >= content.until) return ended(box, { kind: 'timed-out' });
  return desk === null
    ? turn(box, null)
    : turn(
        box,
        chained(countDown(desk, now), (next) => keepOnTop(next, now)),
      );
}

/** Takes the box off the screen. */
export function takenBack(box: Box): BoxTurn {
  return box.over ? turn(box, null) : ended(box, { kind: 'closed' });
}

function ended(box: Box, outcome: BoxOutcome): BoxTurn {
  if (box.desk !== null) return turn(box, closing(box.desk, outcome));
  return { ...turn(box, null), box: { ...box, over: true }, outcome };
}

function read(box: Box, now: number): BoxTurn {
  let unread = box.unread;
  let step: Step | null = box.desk === null ? null : { desk: box.desk, requests: [], outcome: null };
  if (step === null) {
    const taken = takeSetupReply(unread);
    if (taken === null) return turn(box, null);
    unread = taken.rest;
    step = open(box.content, taken.setup, now);
  }
  while (step.outcome === null) {
    const taken = takeServerMessage(unread);
    if (taken === null) break;
    unread = taken.rest;
    step = chained(step, (desk) => react(desk, taken.message, now));
  }
  return turn({ ...box, unread: unread.slice() }, step);
}

function turn(box: Box, step: Step | null): BoxTurn {
  const desk = step?.desk ?? box.desk;
  const outcome = step?.outcome ?? null;
  return {
    box: { ...box, desk, over: box.over || outcome !== null },
    send: joined(step?.requests ?? []),
    shown: desk?.shown ?? false,
    outcome,
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
