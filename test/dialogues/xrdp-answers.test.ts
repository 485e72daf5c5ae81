import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ListAnswer, readAnswer } from '../../src/hosts/xrdp/answer.ts';
import { frameDecoder } from '../../src/hosts/xrdp/frames.ts';
import { readingOf } from '../../src/hosts/xrdp/list.ts';
import { foreignFailureOf } from '../../src/hosts/xrdp/testing/failure.ts';

const names = [
  'xrdp-0.9-empty',
  'xrdp-0.9-xorg',
  'xrdp-0.9-xvnc',
  'xrdp-0.10-xorg',
  'xrdp-0.9-systemd',
  'xrdp-0.9-without-root',
  'xrdp-0.9-orphan',
  'xrdp-0.9-silent-x-server',
  'xrdp-0.9-leftover',
] as const;

const bytesOf = (name: string): Buffer => readFileSync(new URL(`xrdp/${name}.answer`, import.meta.url));
const answersIn = (bytes: Buffer) => frameDecoder().push(bytes).map(readAnswer);

const root = { uid: 0, user: 'root', sudoRefusal: null, sudoPasswordRefused: false };

function read(name: string, rights = root) {
  const lists = answersIn(bytesOf(name)).filter((answer): answer is ListAnswer => answer.kind === 'list');
  const last = lists.at(-1);
  if (last === undefined) throw new Error(`${name} holds no listing`);
  return readingOf('xh1', last, rights);
}

/** One line a session, for the eye. */
const inShort = (name: string, rights = root): string[] =>
  read(name, rights).sessions.map(({ user, domain, state, client, troubles }) =>
    [user, domain ?? '-', state, client.name ?? '-', client.display ?? '-', ...troubles.map(({ code }) => code)].join(
      ' ',
    ),
  );

test.each(names)('%s is a greeting and two whole listings', (name) => {
  expect(answersIn(bytesOf(name)).map(({ kind }) => kind)).toEqual(['hello', 'list', 'list']);
  expect(read(name).complete).toBe(name !== 'xrdp-0.9-without-root');
});

test.each([
  ['xrdp-0.9-empty', []],
  [
    'xrdp-0.9-xorg',
    [
      'alice - active PC-ALICE 800x600x24',
      'bob corp.example active PC-BOB@CORP.EXA 800x600x24',
      'zoë - disconnected - -',
    ],
  ],
  ['xrdp-0.9-xvnc', ['alice - active PC-ALICE 800x600x32', 'bob - active PC-BOB 800x600x32']],
  ['xrdp-0.10-xorg', ['alice - active PC-ALICE 800x600x24', 'bob - active PC-BOB 800x600x24', '42 - disconnected - -']],
  ['xrdp-0.9-systemd', ['alice - active PC-ALICE 800x600x24']],
  ['xrdp-0.9-orphan', ['alice - disconnected - - orphan']],
  ['xrdp-0.9-silent-x-server', ['alice - disconnected - - x-server-silent']],
  ['xrdp-0.9-leftover', ['alice - down - - closing']],
])('%s tells its sessions', (name, expected) => {
  expect(inShort(name)).toEqual(expected);
});

test('without root the same host tells less, and says what is missing', () => {
  const frank = { uid: 1006, user: 'frank', sudoRefusal: null, sudoPasswordRefused: false };
  expect(inShort('xrdp-0.9-without-root', frank)).toEqual(['alice - active - -']);
  expect(read('xrdp-0.9-without-root', frank).notes).toMatchObject([
    { code: 'processes-hidden' },
    { code: 'not-root' },
  ]);
});

test('every session has an idle time, a process count and memory where root read it', () => {
  const withRoot = names.filter((name) => !/without-root|silent|leftover/.test(name));
  const unknown = withRoot.flatMap((name) =>
    read(name).sessions.filter(
      ({ idleFor, processCount, memoryBytes }) => !(idleFor !== null && processCount && memoryBytes),
    ),
  );
  expect(unknown).toEqual([]);
});

test.each(names)('%s cut off anywhere gives fewer answers and never a wrong one', (name) => {
  const bytes = bytesOf(name);
  const whole = answersIn(bytes);
  fc.assert(
    fc.property(fc.nat(bytes.length), (length) => {
      const fewer = answersIn(bytes.subarray(0, length));
      expect(fewer).toEqual(whole.slice(0, fewer.length));
    }),
  );
});

test.each(names)('%s with bytes changed is an answer or bad_answer', (name) => {
  const bytes = bytesOf(name);
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
      const garbled = Buffer.from(bytes);
      for (const [at, value] of changes) garbled[at] = value;
      const reading = (): unknown =>
        answersIn(garbled).map((answer) => (answer.kind === 'list' ? readingOf('xh1', answer, root) : answer));
      expect(foreignFailureOf(reading)).toBeNull();
    }),
    { numRuns: 300 },
  );
});
