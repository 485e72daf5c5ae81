import { expect, test } from 'vitest';
import type { SessionIdentity } from '../../sessions/identity.ts';
import type { PresenceAnswer } from './answer.ts';
import { readingOf } from './list.ts';
import { absenceOf, presentIn } from './presence.ts';
import { answerWith, healthy, now } from './testing/facts.ts';

const answer: PresenceAnswer = {
  kind: 'presence',
  id: 1,
  version: 1,
  now,
  bootId: '9e2609a2-f9d3-498c-b1b3-bac1d0f3a15c',
  everyProcessSeen: true,
  found: false,
  traced: true,
  traces: [],
  processes: [],
};
const daemon: PresenceAnswer['processes'][number] = {
  pid: 200,
  parent: 1,
  name: 'sleep',
  start: 70_001,
  state: 'S',
  user: 'alice',
  uid: 1001,
  command: 'sleep 300',
  startedAt: now - 60,
  cpuSeconds: 0,
  cpuPercent: null,
  memoryBytes: 100_000,
  role: 'user',
};

test('nothing left, and everything seen: gone', () => {
  expect(absenceOf(answer)).toMatchObject({ kind: 'gone' });
});

test('nothing left, but not everything seen: unknown', () => {
  expect(absenceOf({ ...answer, everyProcessSeen: false })).toMatchObject({ kind: 'unknown' });
});

test('nothing left, but what ran in it was never seen: unknown', () => {
  expect(absenceOf({ ...answer, traced: false })).toMatchObject({
    kind: 'unknown',
    why: expect.stringMatching(/never seen/) as unknown,
  });
});

test('a process that is left is named', () => {
  expect(absenceOf({ ...answer, processes: [daemon] })).toMatchObject({
    kind: 'remains',
    processes: [{ pid: 200, name: 'sleep' }],
  });
});

const root = { uid: 0, user: 'root', sudoRefusal: null, sudoPasswordRefused: false };
const reading = readingOf('xh1', answerWith(healthy), root);

test('a session of this identity is there', () => {
  const [session] = reading.sessions;
  expect(session && presentIn(reading, session.identity, ['148:64498'])).toMatchObject({
    kind: 'there',
    session: { user: 'alice' },
    traces: ['148:64498'],
  });
});

test('the next session on the same display is not it', () => {
  const [session] = reading.sessions;
  const earlier = { ...session?.identity, startTicks: 1 } as SessionIdentity;
  expect(presentIn(reading, earlier, [])).toBeNull();
});
