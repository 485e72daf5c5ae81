import { expect, test, vi } from 'vitest';
import type { UsherError } from '../../sessions/errors.ts';
import { whileAlive } from './alive.ts';
import { HandTimers } from './testing/reading.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A connection to a host that answers every echo as the function does. */
function connectionTo(echo: () => Promise<void>) {
  const timers = new HandTimers();
  const end = vi.fn<(reason: UsherError) => void>();
  return {
    timers,
    end,
    alive: { smb: { echo: vi.fn<() => Promise<void>>(echo), end, lost: null }, after: timers.after },
  };
}

test.each([
  ['answers', () => Promise.resolve()],
  ['refuses to', () => Promise.reject(new Error('no'))],
])('a host that %s is waited for, for hours', async (_, echo) => {
  const { timers, end, alive } = connectionTo(echo);
  const person = Promise.withResolvers<string>();
  const waiting = whileAlive(alive, () => person.promise);
  for (let asked = 1; asked <= 240; asked += 1) {
    timers.pass(30_000);
    await settled();
    expect(alive.smb.echo).toHaveBeenCalledTimes(asked);
  }
  person.resolve('yes');
  expect(await waiting).toBe('yes');
  expect([end.mock.calls.length, timers.pending]).toEqual([0, 0]);
});

test('a host that says nothing to an echo for 15 seconds loses its connection', () => {
  const { timers, end, alive } = connectionTo(() => new Promise(() => undefined));
  void whileAlive(alive, () => new Promise(() => undefined));
  timers.pass(30_000);
  timers.pass(14_999);
  expect(end).not.toHaveBeenCalled();
  timers.pass(1);
  expect(end.mock.calls).toMatchObject([[{ code: 'timeout' }]]);
});

test('an echo that comes after the person answered starts no other', async () => {
  const echo = Promise.withResolvers<void>();
  const { timers, alive } = connectionTo(() => echo.promise);
  const person = Promise.withResolvers<string>();
  const waiting = whileAlive(alive, () => person.promise);
  timers.pass(30_000);
  person.resolve('yes');
  await waiting;
  echo.resolve();
  await settled();
  expect(timers.pending).toBe(0);
});
