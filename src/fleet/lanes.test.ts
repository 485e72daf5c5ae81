import { describe, expect, test } from 'vitest';
import { type Milliseconds, milliseconds } from '../sessions/duration.ts';
import { Lanes } from './lanes.ts';
import { manualTimers } from './testing/timers.ts';

function someLanes(most: number) {
  let [now, rooms] = [0, 0];
  const timers = manualTimers();
  const machine = { now: (): Milliseconds => milliseconds(now), busy: () => null, atWork: () => milliseconds(0) };
  const lanes = new Lanes({ most, timers, machine, onRoom: () => void (rooms += 1) });
  const pass = (time: number): void => {
    now += time;
    timers.pass(time);
  };
  return { lanes, pass, timers, rooms: () => rooms };
}

test('there is room until as many are spoken to as may be', () => {
  const { lanes } = someLanes(2);
  using _one = lanes.enter();
  const before = lanes.hasRoom;
  using _other = lanes.enter();
  expect([before, lanes.hasRoom]).toEqual([true, false]);
});

test('who leaves makes room, once', () => {
  const { lanes, rooms } = someLanes(1);
  const lane = lanes.enter();
  lane[Symbol.dispose]();
  lane[Symbol.dispose]();
  expect([lanes.hasRoom, lanes.open, rooms()]).toEqual([true, 0, 1]);
});

test('a host that is overdue makes room while it is waited for', () => {
  const { lanes, pass, rooms } = someLanes(1);
  using _silent = lanes.enter();
  pass(3000);
  expect([lanes.hasRoom, lanes.open, rooms()]).toEqual([true, 1, 1]);
});

test('hosts that are overdue are not waited for without number', () => {
  const { lanes, pass } = someLanes(1);
  using _first = lanes.enter();
  pass(3000);
  using _second = lanes.enter();
  pass(3000);
  expect(lanes.hasRoom).toBe(false);
});

test('time that is not the host’s neither makes it overdue nor counts as its answer’s', async () => {
  const { lanes, pass } = someLanes(4);
  const lane = lanes.enter();
  pass(100);
  lane.pause();
  pass(60_000);
  await lane.resume();
  pass(100);
  lane.answered();
  lane[Symbol.dispose]();
  expect(lanes.pace.usual).toBe(200);
});

test('an answer that came too late leaves others more time', () => {
  const { lanes, pass } = someLanes(4);
  const lane = lanes.enter();
  pass(5000);
  lane.answered();
  lane[Symbol.dispose]();
  expect(lanes.pace.usual).toBe(5000);
});

test('no timer is left', async () => {
  const { lanes, timers } = someLanes(4);
  const lane = lanes.enter();
  lane.pause();
  await lane.resume();
  lane.pause();
  lane[Symbol.dispose]();
  await lane.resume();
  expect(timers.pending()).toBe(0);
});

describe('a host that waits for others', () => {
  /** With room for one: the first is paused, and another is spoken to meanwhile. */
  function pausedBesideAnother() {
    const { lanes, ...others } = someLanes(1);
    const first = lanes.enter();
    first.pause();
    others.pass(250);
    const order: string[] = [];
    return { lanes, first, another: lanes.enter(), order, ...others };
  }

  test('makes room for one that does not', () => {
    const { lanes, pass, rooms } = someLanes(1);
    lanes.enter().pause();
    pass(250);
    expect([lanes.hasRoom, lanes.open, rooms()]).toEqual([true, 1, 1]);
  });

  test('keeps its room where it waits for a moment', () => {
    const { lanes, pass } = someLanes(1);
    lanes.enter().pause();
    pass(249);
    expect(lanes.hasRoom).toBe(false);
  });

  test('goes on when there is room, before any that was not begun', async () => {
    const { lanes, first, another, order } = pausedBesideAnother();
    const back = first.resume().then(() => order.push('went on'));
    await Promise.resolve();
    order.push('another leaves');
    another[Symbol.dispose]();
    const isFull = !lanes.hasRoom;
    await back;
    expect([order, isFull]).toEqual([['another leaves', 'went on'], true]);
  });

  test('is not waited for any more when it goes on and is overdue', async () => {
    const { lanes, first, another, pass } = pausedBesideAnother();
    another[Symbol.dispose]();
    await first.resume();
    pass(3000);
    expect(lanes.hasRoom).toBe(true);
  });

  test('ends its waiting for room when it leaves, and takes none', async () => {
    const { lanes, first, another } = pausedBesideAnother();
    const back = first.resume();
    first[Symbol.dispose]();
    await back;
    another[Symbol.dispose]();
    expect([lanes.hasRoom, lanes.open]).toEqual([true, 0]);
  });

  test('may have to wait for others again before there is room', async () => {
    const { lanes, first, another } = pausedBesideAnother();
    const back = first.resume();
    first.pause();
    await back;
    another[Symbol.dispose]();
    expect([lanes.hasRoom, lanes.open]).toEqual([true, 1]);
  });

  test('is one of a number that is bounded', () => {
    const { lanes, pass } = someLanes(2);
    for (let at = 0; at < 4; at += 1) {
      lanes.enter().pause();
      pass(250);
    }
    expect(lanes.hasRoom).toBe(false);
  });
});
