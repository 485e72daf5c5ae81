import { expect, test } from 'vitest';
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

test('time that is not the host’s neither makes it overdue nor counts as its answer’s', () => {
  const { lanes, pass } = someLanes(4);
  const lane = lanes.enter();
  pass(100);
  lane.pause();
  pass(60_000);
  lane.resume();
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

test('no timer is left', () => {
  const { lanes, timers } = someLanes(4);
  const lane = lanes.enter();
  lane.pause();
  lane.resume();
  lane.pause();
  lane[Symbol.dispose]();
  lane.resume();
  expect(timers.pending()).toBe(0);
});
