import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { milliseconds } from '../sessions/duration.ts';
import { realTimers, startDeadline, type Timers, untilAborted } from './deadline.ts';
import { manualTimers } from './testing/timers.ts';

const limit = milliseconds(1000);
const never = new AbortController().signal;

test('it aborts when the time is over', () => {
  const timers = manualTimers();
  const deadline = startDeadline(limit, never, { timers });
  timers.pass(999);
  expect(deadline.signal.aborted).toBe(false);
  timers.pass(1);
  expect([deadline.signal.aborted, deadline.expired]).toEqual([true, true]);
});

test('what has arrived when the time is over is heard before it aborts', () => {
  const armed: { readonly delay: number; readonly run: () => void }[] = [];
  const timers: Timers = {
    after(delay, run) {
      armed.push({ delay, run });
      return { [Symbol.dispose]: () => undefined };
    },
  };
  const { signal } = startDeadline(limit, never, { timers });
  armed[0]?.run();
  expect([signal.aborted, armed.map(({ delay }) => delay)]).toEqual([false, [1000, 0]]);
  armed[1]?.run();
  expect(signal.aborted).toBe(true);
});

test('it aborts with its parent, and has not expired then', () => {
  const parent = new AbortController();
  const deadline = startDeadline(limit, parent.signal, { timers: manualTimers() });
  parent.abort();
  expect([deadline.signal.aborted, deadline.expired]).toEqual([true, false]);
});

test('waiting for a person does not count, and the whole time follows it', async () => {
  const timers = manualTimers();
  const deadline = startDeadline(limit, never, { timers });
  await deadline.aside(async () => timers.pass(60_000));
  timers.pass(999);
  expect(deadline.expired).toBe(false);
  timers.pass(1);
  expect(deadline.expired).toBe(true);
});

test('the time stands still until the last of several waitings is over', async () => {
  const timers = manualTimers();
  const deadline = startDeadline(limit, never, { timers });
  const person = Promise.withResolvers<void>();
  const asked = deadline.aside(() => person.promise);
  await deadline.aside(async () => undefined);
  timers.pass(60_000);
  expect(deadline.expired).toBe(false);
  person.resolve();
  await asked;
  expect(timers.pending()).toBe(1);
});

test('waitings that end together leave one timer, which disposing of it disarms', async () => {
  const timers = manualTimers();
  const deadline = startDeadline(limit, never, { timers });
  await Promise.all([deadline.aside(async () => undefined), deadline.aside(async () => undefined)]);
  deadline[Symbol.dispose]();
  expect(timers.pending()).toBe(0);
});

describe('where this process is at work itself', () => {
  function begun() {
    const timers = manualTimers();
    let worked = 0;
    const machine = { now: () => milliseconds(0), busy: () => null, atWork: () => milliseconds(worked) };
    const deadline = startDeadline(limit, never, { timers, machine });
    const pass = (time: number, busy: number): boolean => {
      worked += busy;
      timers.pass(time);
      return deadline.expired;
    };
    return { deadline, timers, pass };
  }

  test('that time is given to the host', () => {
    const { pass } = begun();
    expect([pass(1000, 400), pass(399, 0), pass(1, 0)]).toEqual([false, false, true]);
  });

  test('for a moment, that changes nothing', () => {
    expect(begun().pass(1000, 100)).toBe(true);
  });

  test('and hears nobody for much longer than the host has, the host has its whole time again', () => {
    const { pass } = begun();
    expect([pass(60_000, 60_000), pass(999, 0), pass(1, 0)]).toEqual([false, false, true]);
  });

  test('all the time, a host has four times its time', () => {
    const { pass } = begun();
    const expired = Array.from({ length: 4 }, () => pass(1000, 1000));
    expect(expired).toEqual([false, false, false, true]);
  });

  test('no timer is left when it is disposed of meanwhile', () => {
    const { deadline, timers, pass } = begun();
    pass(1000, 1000);
    deadline[Symbol.dispose]();
    expect(timers.pending()).toBe(0);
  });
});

test('it leaves no timer behind when it is disposed of', async () => {
  const timers = manualTimers();
  const deadline = startDeadline(limit, never, { timers });
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

test('work that is over does not listen for an abort any more', async () => {
  const { signal } = new AbortController();
  await untilAborted(Promise.resolve(), signal);
  await Promise.resolve();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
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
