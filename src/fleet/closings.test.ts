import { expect, test } from 'vitest';
import { Closings } from './closings.ts';
import { manualTimers } from './testing/timers.ts';

test('a connection that does not let go is not waited for longer than 2 s', async () => {
  const timers = manualTimers();
  const closings = new Closings(timers);
  closings.add(new Promise(() => undefined));
  let isDone = false;
  const done = closings.done().then(() => (isDone = true));
  timers.pass(1999);
  await Promise.resolve();
  expect(isDone).toBe(false);
  timers.pass(1);
  await done;
  expect(timers.pending()).toBe(0);
});

test('one that fails to close is closed', async () => {
  const closings = new Closings(manualTimers());
  closings.add(Promise.reject(new Error('broken')));
  await expect(closings.done()).resolves.toBeUndefined();
});
