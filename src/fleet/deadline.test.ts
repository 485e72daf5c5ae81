import { afterEach, describe, expect, test, vi } from 'vitest';
import { milliseconds } from '../sessions/duration.ts';
import { realTimers, startDeadline, untilAborted } from './deadline.ts';
import { manualTimers } from './testing/timers.ts';

const limit = milliseconds(1000);
const never = new AbortController().signal;

test('it aborts when the time is over', () => {
  const timers = manualTimers();
  const deadline = startDeadline(limit, never, timers);
  timers.pass(999);
  expect(deadline.signal.aborted).toBe(false);
  timers.pass(1);
  expect([deadline.signal.aborted, deadline.expired]).toEqual([true, true]);
});

test('it aborts with its parent, and has not expired then', () => {
  const parent = new AbortController();
  const deadline = startDeadline(limit, parent.signal, manualTimers());
  parent.abort();
  expect([deadline.signal.aborted, deadline.expired]).toEqual([true, false]);
});

test('waiting for a person does not count, and the whole time follows it', async () => {
  const timers = manualTimers();
  const deadline = startDeadline(limit, never, timers);
  await deadline.aside(async () => timers.pass(60_000));
  timers.pass(999);
  expect(deadline.expired).toBe(false);
  timers.pass(1);
  expect(deadline.expired).toBe(true);
});

test('it leaves no timer behind when it is disposed of', async () => {
  const timers = manualTimers();
  const deadline = startDeadline(limit, never, timers);
  deadline[Symbol.dispose]();
  await deadline.aside(async () => undefined);
  expect(timers.pending()).toBe(0);
});

test('work that does not heed an abort is not waited for', async () => {
  const controller = new AbortController();
  const waiting = untilAborted(new Promise(() => undefined), controller.signal);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

describe('a timer', () => {
  const [month, day] = [milliseconds(30 * 86_400_000), milliseconds(86_400_000)];
  afterEach(() => {
    vi.useRealTimers();
  });

  test('that is longer than Node’s can be runs in its time, once', () => {
    vi.useFakeTimers();
    const run = vi.fn<() => void>();
    realTimers.after(month, run);
    vi.advanceTimersByTime(month - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1 + month);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('of that length that is disposed of never runs', () => {
    vi.useFakeTimers();
    const run = vi.fn<() => void>();
    const timer = realTimers.after(month, run);
    vi.advanceTimersByTime(month - day);
    timer[Symbol.dispose]();
    vi.advanceTimersByTime(month);
    expect(run).not.toHaveBeenCalled();
  });
});
