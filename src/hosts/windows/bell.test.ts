import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { Bell, mostSome } from './bell.ts';
import { HandTimers } from './testing/reading.ts';

test('a bell that was waited for listens no longer for the end of the watch', async () => {
  const { signal } = new AbortController();
  const timers = new HandTimers();
  const bell = new Bell(timers.after, signal);
  const heard = bell.heard();
  bell.ring('all');
  await heard;
  const paused = bell.pause(milliseconds(50));
  timers.pass(50);
  await paused;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each([
  [mostSome, Array.from({ length: mostSome }, (_, id) => id)],
  [mostSome + 1, 'all'],
])('of %i sessions that rang one after the other are read: %j', (count, asked) => {
  const bell = new Bell(new HandTimers().after, new AbortController().signal);
  for (let id = 0; id < count; id += 1) bell.tell([id]);
  expect(bell.silence()).toEqual({ asked, told: asked });
});
