import { expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { sessionsASecond, WatchLoad } from './watch-load.ts';

const alone = milliseconds(30_000);
const loadOf = (hosts: number, byte: number): WatchLoad => {
  const load = new WatchLoad((count) => new Uint8Array(count).fill(byte));
  for (let host = 0; host < hosts; host += 1) load.enter();
  return load;
};

test('a wait is spread by a quarter of it', () => {
  expect([0, 31].map((byte) => loadOf(1, byte).wait(alone))).toEqual([22_500, 37_500]);
});

test('there are few lengths of waits', () => {
  const waits = Array.from({ length: 256 }, (_, byte) => loadOf(1, byte).wait(alone));
  expect(new Set(waits).size).toBe(32);
});

test('many sessions are read no oftener together than a process can', () => {
  const [hosts, sessions] = [400, 50];
  const [least, most] = [0, 31].map((byte) => {
    const load = loadOf(0, byte);
    for (let host = 0; host < hosts; host += 1) load.enter().weigh(sessions);
    return load.wait(alone) / 1000;
  });
  const middle = ((least ?? 0) + (most ?? 0)) / 2;
  expect((hosts * sessions) / middle).toBeCloseTo(sessionsASecond);
});

test('a host of which nothing is known yet counts, too', () => {
  expect(loadOf(10_000, 0).wait(alone)).toBe(46_875);
});

test('hosts that are not watched any more do not count', () => {
  const load = new WatchLoad((count) => new Uint8Array(count));
  const hosts = Array.from({ length: 10_000 }, () => load.enter());
  for (const host of hosts) host.weigh(50);
  for (const host of hosts) host[Symbol.dispose]();
  hosts[0]?.[Symbol.dispose]();
  hosts[0]?.weigh(1_000_000);
  expect(load.wait(alone)).toBe(22_500);
});
