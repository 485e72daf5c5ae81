import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { readInputFocus } from './input-focus.ts';
import { readInternedAtom } from './intern-atom.ts';
import { readKeyboardMapping } from './keyboard-mapping.ts';
import { longestMessage, type ServerMessage, takeServerMessage } from './server-message.ts';
import { takeSetupReply } from './setup-reply.ts';
import { recordedBytes } from './testing/vectors.ts';
import { runs } from '../testing/runs.ts';

function messagesOf(name: Parameters<typeof recordedBytes>[0]): readonly ServerMessage[] {
  const messages: ServerMessage[] = [];
  let rest = takeSetupReply(recordedBytes(name))?.rest ?? new Uint8Array();
  for (let taken = takeServerMessage(rest); taken !== null; taken = takeServerMessage(rest)) {
    messages.push(taken.message);
    rest = taken.rest;
  }
  expect(rest.length).toBe(0);
  return messages;
}

const kindsOf = (messages: readonly ServerMessage[]): readonly string[] =>
  messages.map((message) => (message.kind === 'event' ? message.event.kind : message.kind));

const clicked = messagesOf('xvfb-24-click');
const typed = messagesOf('xvfb-16-keyboard');
const replies = clicked.flatMap((message) => (message.kind === 'reply' ? [message.bytes] : []));

test('what Xvfb sent is understood', () => {
  expect.soft(kindsOf(clicked)).toMatchInlineSnapshot(`
    [
      "mapped",
      "visibility",
      "expose",
      "reply",
      "reply",
      "reply",
      "button-press",
      "button-release",
      "unmapped",
      "destroyed",
    ]
  `);
  expect.soft(kindsOf(typed)).toMatchInlineSnapshot(`
    [
      "mapped",
      "visibility",
      "expose",
      "reply",
      "reply",
      "reply",
      "button-press",
      "button-release",
      "reply",
      "focus-out",
      "focus-in",
      "keyboard-changed",
      "keyboard-changed",
      "key-press",
      "reply",
      "reply",
      "key-press",
      "key-press",
      "focus-out",
      "focus-in",
      "unmapped",
      "destroyed",
    ]
  `);
  expect(kindsOf(messagesOf('xvfb-8-closed'))).toMatchInlineSnapshot(`
    [
      "mapped",
      "visibility",
      "expose",
      "reply",
      "reply",
      "reply",
      "unmapped",
      "destroyed",
    ]
  `);
});

test('keys have the symbols of their first column', () => {
  const mapping = readKeyboardMapping(replies[0] ?? new Uint8Array(), 8, 248);
  expect([9, 23, 36, 65, 113].map((keycode) => mapping.get(keycode))).toEqual([0xff1b, 0xff09, 0xff0d, 0x20, 0xff51]);
});

test('atoms are told', () => {
  expect(replies.slice(1).map(readInternedAtom)).toMatchInlineSnapshot(`
    [
      237,
      238,
    ]
  `);
});

test('an error has its name and request', () => {
  const error = new Uint8Array(32);
  error.set([0, 3, 9, 0]);
  error[10] = 42;
  expect(takeServerMessage(error)?.message).toEqual({ kind: 'error', error: { name: 'Window', opcode: 42 } });
  error[1] = 130;
  expect(takeServerMessage(error)?.message).toMatchObject({ error: { name: 'error 130' } });
});

test('an event that a client sent is none of the server', () => {
  const forged = new Uint8Array(32);
  forged[0] = 0x80 | 5;
  expect(takeServerMessage(forged)?.message).toEqual({ kind: 'event', event: { kind: 'other', code: 5 } });
});

test('what is not whole is waited for, what is too long is not', () => {
  const reply = new Uint8Array(40);
  reply.set([1, 0, 0, 0, 2]);
  expect(takeServerMessage(reply.subarray(0, 39))).toBeNull();
  expect(takeServerMessage(reply)?.message).toMatchObject({ kind: 'reply' });
  reply.set([0, 0, 1, 0], 4);
  expect(() => takeServerMessage(reply)).toThrow(`at most ${longestMessage} are read`);
});

const bad = (field: string): unknown =>
  expect.objectContaining({ code: 'bad_answer', message: expect.stringContaining(field) });

test('answers that lack something name it', () => {
  const short = new Uint8Array(32);
  short.set([1, 2]);
  expect(() => readKeyboardMapping(short, 8, 1)).toThrow(bad('keysyms'));
  short[1] = 0;
  expect(() => readKeyboardMapping(short, 8, 0)).toThrow(bad('keysyms-per-keycode'));
  expect(() => readInputFocus(short.subarray(0, 10))).toThrow(bad('focus'));
  expect(() => readInternedAtom(short.subarray(0, 11))).toThrow(bad('atom'));
});

/** How many bytes are left after the first message; none where it is not whole or a bad answer. */
function leftOf(bytes: Uint8Array): number {
  try {
    return takeServerMessage(bytes)?.rest.length ?? 0;
  } catch (error) {
    if (error instanceof UsherError && error.code === 'bad_answer') return 0;
    throw error;
  }
}

test('random bytes are understood or a bad answer', () => {
  const message = fc.uint8Array({ minLength: 32, maxLength: 64 });
  fc.assert(
    fc.property(message, (bytes) => {
      expect(leftOf(bytes)).toBeLessThan(bytes.length);
    }),
    { numRuns: runs(5000) },
  );
});
