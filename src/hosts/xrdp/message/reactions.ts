import { replaceProperty } from '../../../wire/x11/change-property.ts';
import { placeWindow, raiseWindow } from '../../../wire/x11/configure-window.ts';
import { destroyWindow } from '../../../wire/x11/destroy-window.ts';
import type { XEvent } from '../../../wire/x11/event.ts';
import { readInputFocus, setInputFocus, setInputFocusOpcode } from '../../../wire/x11/input-focus.ts';
import { readInternedAtom } from '../../../wire/x11/intern-atom.ts';
import { readKeyboardMapping } from '../../../wire/x11/keyboard-mapping.ts';
import type { ServerMessage } from '../../../wire/x11/server-message.ts';
import { aboveAfter, anyOver } from './above.ts';
import { type BoxOutcome, countdownAt, windowTitle } from './content.ts';
import { type Awaited, chained, type Desk, lookOf, sending, type Step } from './desk.ts';
import { keyPressed, pointerPressed, pointerReleased } from './input.ts';
import { layOut, type Size } from './layout.ts';
import { askKeyboard } from './opening.ts';
import { paint } from './paint.ts';
import { buttonsPicture, countdownPicture, picture } from './picture.ts';

/** How long after it appears or moves a click is taken as meant for something else, in milliseconds. */
const guard = 500;
/** Between two times that it comes to the top by itself, in milliseconds: at first, at most, and after how much peace the first again. */
const raiseWait = { first: 1000, longest: 8000, peace: 60_000 } as const;

/** What comes of a message of the X server. */
export function react(desk: Desk, message: ServerMessage, now: number): Step {
  switch (message.kind) {
    case 'error':
      if (message.error.opcode === setInputFocusOpcode) return sending(desk, []);
      return sending(desk, [], {
        kind: 'lost',
        why: `the X server refused request ${message.error.opcode}: ${message.error.name}`,
      });
    case 'reply': {
      const awaited = desk.awaited.get(message.sequence);
      const left = new Map(desk.awaited);
      left.delete(message.sequence);
      return awaited === undefined ? sending(desk, []) : answered({ ...desk, awaited: left }, awaited, message.bytes);
    }
    case 'event':
      return happened(desk, message.event, now);
  }
}

function answered(desk: Desk, awaited: Awaited, bytes: Uint8Array): Step {
  const { minKeycode, maxKeycode } = desk.canvas.setup;
  switch (awaited) {
    case 'keyboard':
      return sending({ ...desk, mapping: readKeyboardMapping(bytes, minKeycode, maxKeycode - minKeycode + 1) }, []);
    case 'focus':
      return sending({ ...desk, before: readInputFocus(bytes) }, []);
    case 'name-atom':
      return named({ ...desk, nameAtom: readInternedAtom(bytes) });
    case 'text-atom':
      return named({ ...desk, textAtom: readInternedAtom(bytes) });
  }
}

/** Names the window in UTF-8 (Extended Window Manager Hints, _NET_WM_NAME) once both atoms are known. */
function named(desk: Desk): Step {
  const { nameAtom, textAtom, canvas, content } = desk;
  if (nameAtom === null || textAtom === null) return sending(desk, []);
  const value = new TextEncoder().encode(windowTitle(content));
  return sending(desk, [replaceProperty({ window: canvas.window, property: nameAtom, type: textAtom, value })]);
}

function happened(desk: Desk, event: XEvent, now: number): Step {
  const { window, setup } = desk.canvas;
  const { root } = setup.screen;
  switch (event.kind) {
    case 'keyboard-changed':
      return askKeyboard(desk);
    case 'other':
      return sending(desk, []);
    default: {
      const above = aboveAfter(desk.above, event, window, root);
      if (event.kind === 'configured' && event.window === root) return resized(desk, event.area, now);
      if (event.window === window) return inWindow({ ...desk, above }, event, now);
      return above === desk.above ? sending(desk, []) : keepOnTop({ ...desk, above }, now);
    }
  }
}

type WindowEvent = Exclude<XEvent, { kind: 'keyboard-changed' | 'other' }>;

function inWindow(desk: Desk, event: WindowEvent, now: number): Step {
  switch (event.kind) {
    case 'expose':
      return event.last ? exposed(desk, now) : sending(desk, []);
    case 'visibility':
      return keepOnTop({ ...desk, covered: event.covered }, now);
    case 'destroyed':
      return sending(desk, [], { kind: 'closed' });
    case 'unmapped':
      return closing(desk, { kind: 'closed' });
    case 'focus-in':
      if (!event.itself || desk.keyboard !== 'asked') return sending(desk, []);
      return withButtons({ ...desk, keyboard: 'held' });
    case 'focus-out':
      if (!event.itself) return sending(desk, []);
      return withButtons({ ...desk, keyboard: 'elsewhere', before: null });
    case 'key-press':
    case 'button-press':
    case 'button-release':
      return input({ ...desk, time: event.time }, event, now);
    case 'configured':
    case 'created':
    case 'mapped':
    case 'reparented':
      return sending(desk, []);
  }
}

function input(desk: Desk, event: Extract<WindowEvent, { detail: number }>, now: number): Step {
  if (event.kind === 'button-release') return concluded(desk, pointerReleased(desk, event));
  if (now < desk.guardedUntil) return sending(desk, []);
  return concluded(desk, event.kind === 'key-press' ? keyPressed(desk, event) : pointerPressed(desk, event));
}

/** An answer closes the box; anything else may show in the buttons. */
function concluded(before: Desk, step: Step): Step {
  const { focus, down } = step.desk;
  if (step.outcome !== null) return closing(step.desk, step.outcome);
  return focus === before.focus && down === before.down ? step : chained(step, withButtons);
}

function withButtons(desk: Desk): Step {
  return sending(desk, paint(desk.canvas, buttonsPicture(desk.layout, lookOf(desk))));
}

function exposed(desk: Desk, now: number): Step {
  const guardedUntil = desk.shown ? desk.guardedUntil : now + guard;
  const fresh = { ...desk, shown: true, guardedUntil, countdown: countdownAt(desk.content, now) };
  return sending(fresh, paint(fresh.canvas, picture(fresh.layout, lookOf(fresh))));
}

function resized(desk: Desk, { width, height }: Size, now: number): Step {
  if (width === desk.screen.width && height === desk.screen.height) return sending(desk, []);
  const countdown = countdownAt(desk.content, now);
  const layout = layOut(desk.content, { width, height }, countdown);
  const moved: Desk = { ...desk, screen: { width, height }, layout, countdown, down: null };
  const guarded = { ...moved, guardedUntil: Math.max(now + guard, desk.guardedUntil) };
  return sending(guarded, [
    placeWindow(desk.canvas.window, layout.window),
    ...paint(desk.canvas, picture(layout, lookOf(guarded))),
  ]);
}

/** Comes to the top where it is covered, and was not there by itself just now. */
export function keepOnTop(desk: Desk, now: number): Step {
  const { raised, canvas, layout } = desk;
  const covered = desk.covered || anyOver(desk.above, layout.window);
  if (!covered || (raised !== null && now < raised.at + raised.wait)) return sending(desk, []);
  const wait =
    raised === null || now >= raised.at + raiseWait.peace
      ? raiseWait.first
      : Math.min(raised.wait * 2, raiseWait.longest);
  const guardedUntil = Math.max(now + guard, desk.guardedUntil);
  return sending({ ...desk, covered: false, above: new Map(), raised: { at: now, wait }, guardedUntil }, [
    raiseWindow(canvas.window),
  ]);
}

/** Draws the countdown where it changed. */
export function countDown(desk: Desk, now: number): Step {
  const countdown = countdownAt(desk.content, now);
  if (!desk.shown || countdown === desk.countdown) return sending(desk, []);
  return sending({ ...desk, countdown }, paint(desk.canvas, countdownPicture(desk.layout, countdown)));
}

/** Takes the window away, and gives the keyboard back to who had it. */
export function closing(desk: Desk, outcome: BoxOutcome): Step {
  const { keyboard, before, time, canvas } = desk;
  const giveBack = keyboard === 'held' && before !== null && before.focus !== canvas.window;
  return sending(desk, [...(giveBack ? [setInputFocus(before, time)] : []), destroyWindow(canvas.window)], outcome);
}
