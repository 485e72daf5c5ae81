import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { aSession } from '../sessions/testing/session.ts';
import { RunningClock } from './testing/running-clock.ts';
import { usher } from './testing/usher.ts';

const left = aSession({ host: 'ssh://a', id: 10, user: 'alice', state: 'disconnected', memoryBytes: 2e9 });
const idle = aSession({
  host: 'ssh://a',
  id: 11,
  user: 'bob',
  idleFor: seconds(7200),
  memoryBytes: 1e9,
  cpuPercent: 12.5,
  bytesInPerSecond: 100,
  bytesOutPerSecond: 900,
});
const busy = aSession({ host: 'ssh://a', id: 12, user: 'bob', idleFor: seconds(3), memoryBytes: 9e9 });
const elsewhere = aSession({ host: 'ssh://b', id: 10, user: 'alice', state: 'disconnected' });
const hosts: Readonly<Record<string, HostPlan>> = {
  'ssh://a': { readings: [[left, idle, busy]] },
  'ssh://b': { readings: [[elsewhere]] },
  'ssh://dead': { failure: new UsherError({ code: 'unreachable', message: 'nothing listens' }) },
};

test('what is held for nobody is told by host and by user, and nothing of who works', async () => {
  const { out, code } = await usher('waste -s ssh://a -s ssh://b --sample 0s', { hosts });
  expect(out.split('\n')).toEqual([
    'HOST     SESSIONS  DISCONNECTED  IDLE  MEMORY             CPU   TRAFFIC  SLOTS',
    'ssh://a         3             1     1  3.0 GB  at least 12.5%  1.0 kB/s      -',
    'ssh://b         1             1     0       -               -     0 B/s      -',
    '',
    'USER   SESSIONS  DISCONNECTED  IDLE           MEMORY    CPU   TRAFFIC',
    'alice         2             2     0  at least 2.0 GB      -     0 B/s',
    'bob           2             0     1           1.0 GB  12.5%  1.0 kB/s',
    '',
    '3 of 4 sessions are disconnected or idle for over 30m: they hold at least 3.0 GB, at least 13% of a core, 1.0 kB/s',
    '',
  ]);
  expect(code).toBe(0);
});

describe('--json', () => {
  test('has the sums, and how many did not tell', async () => {
    const { out } = await usher('waste -s ssh://a -s ssh://b --idle-over 3h --sample 0s --json', { hosts });
    expect(JSON.parse(out)).toMatchObject({
      idleOver: 10_800,
      total: { name: null, sessions: 4, wasted: 2, disconnected: 2, idle: 0, memoryBytes: 2e9, memoryUntold: 1 },
      hosts: [
        { name: 'ssh://a', wasted: 1 },
        { name: 'ssh://b', memoryBytes: null },
      ],
      users: [{ name: 'alice', wasted: 2 }],
      errors: [],
    });
  });

  test('holds the hosts that did not answer', async () => {
    const { out, code } = await usher('waste -s ssh://a -s ssh://dead --sample 0s --json', { hosts });
    expect(JSON.parse(out)).toMatchObject({ errors: [{ host: 'ssh://dead', code: 'unreachable' }] });
    expect(code).toBe(1);
  });
});

test('--csv is one row a host and a user', async () => {
  const { out } = await usher('waste -s ssh://a --sample 0s --csv', { hosts });
  expect(out.split('\n').map((line) => line.split(',').slice(0, 4).join())).toEqual([
    'by,name,sessions,wasted',
    'host,ssh://a,3,2',
    'user,alice,1,1',
    'user,bob,2,1',
    '',
  ]);
});

test('slots of the inventory are told where every host has some', async () => {
  const inventory = new URL('./testing/slots.yaml', import.meta.url).pathname;
  const { out } = await usher(`waste -s full --sample 0s --inventory ${inventory}`, {
    hosts: { full: { readings: [[left, idle, busy]] } },
  });
  expect(out).toContain('2 of 3 slots');
});

test('what is simulated is told as such', async () => {
  const inventory = new URL('./testing/simulated.yaml', import.meta.url).pathname;
  const { out } = await usher(`waste -s full --sample 0s --inventory ${inventory}`, {
    hosts: { full: { readings: [[left, idle, busy]] } },
  });
  expect(out).toContain('\nsimulated estate · 2 of 3 sessions are disconnected');
  const { out: document } = await usher(`waste -s full --sample 0s --json --inventory ${inventory}`, {
    hosts: { full: { readings: [[left, idle, busy]] } },
  });
  expect(JSON.parse(document)).toMatchObject({ notes: [{ host: 'full', code: 'simulated' }] });
});

test('nothing held is told as such', async () => {
  const { out } = await usher('waste -s ssh://a --sample 0s --idle-over 3h', {
    hosts: { 'ssh://a': { readings: [[busy]] } },
  });
  expect(out).toContain('0 of 1 session are disconnected or idle for over 3h\n');
});

test('a sample longer than the time-out does not make hosts late', async () => {
  const { out, code } = await usher('waste -s ssh://a --sample 1m --timeout 5s --json', {
    hosts,
    clock: new RunningClock(),
  });
  expect([code, JSON.parse(out)]).toMatchObject([0, { total: { sessions: 3 }, errors: [] }]);
});

test('a host that says nothing is late even where a sample is taken', async () => {
  const { out, code } = await usher('waste -s ssh://a --sample 1m --timeout 5s --json', {
    hosts: { 'ssh://a': { silent: 'heeds' } },
    clock: new RunningClock(),
  });
  expect([code, JSON.parse(out)]).toMatchObject([3, { errors: [{ host: 'ssh://a', code: 'timeout' }] }]);
});

test('a sample of over a minute is wrong use', async () => {
  expect((await usher('waste --sample 2m', { hosts })).code).toBe(2);
});
