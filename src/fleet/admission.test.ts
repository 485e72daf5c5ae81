import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { milliseconds } from '../sessions/duration.ts';
import { Admission } from './admission.ts';
import { Lanes } from './lanes.ts';
import { beginning } from './pace.ts';
import { manualTimers } from './testing/timers.ts';

const { signal: never } = new AbortController();
const machine = { now: () => milliseconds(0), busy: () => null, atWork: () => milliseconds(0) };

const lanesFor = (most: number, onRoom: () => void): Lanes =>
  new Lanes({ most, timers: manualTimers(), machine, onRoom });
const anAdmission = (most: number): Admission => new Admission((onRoom) => lanesFor(most, onRoom));

test('whoever waits is let in when another leaves, in turn', async () => {
  const admission = anAdmission(1);
  const order: string[] = [];
  const visit = async (name: string): Promise<void> => {
    using _lane = await admission.enter(never);
    order.push(name);
  };
  const first = await admission.enter(never);
  const others = ['second', 'third', 'fourth'].map(visit);
  first[Symbol.dispose]();
  await Promise.all(others);
  expect(order).toEqual(['second', 'third', 'fourth']);
});

test('nobody gets in before those that wait already, also where there is more room by now', async () => {
  const admission = anAdmission(2 * beginning);
  const entered = Array.from({ length: beginning }, () => admission.enter(never));
  const order: string[] = [];
  const waiting = admission.enter(never).then(() => order.push('waited'));
  const [first, second] = await Promise.all(entered);
  first?.answered();
  const late = admission.enter(never).then(() => order.push('came later'));
  await Promise.resolve();
  first?.[Symbol.dispose]();
  second?.[Symbol.dispose]();
  await Promise.all([waiting, late]);
  expect(order).toEqual(['waited', 'came later']);
});

test('whoever gives up waiting takes no room', async () => {
  let lanes: Lanes | null = null;
  const admission = new Admission((onRoom) => (lanes = lanesFor(1, onRoom)));
  const first = await admission.enter(never);
  const leaving = new AbortController();
  const gone = admission.enter(leaving.signal);
  leaving.abort(new Error('enough'));
  await expect(gone).rejects.toThrow('enough');
  first[Symbol.dispose]();
  expect(lanes).toMatchObject({ open: 0, hasRoom: true });
});

test('whoever was let in does not listen for an abort any more', async () => {
  const admission = anAdmission(1);
  const { signal } = new AbortController();
  const first = await admission.enter(signal);
  const next = admission.enter(signal);
  first[Symbol.dispose]();
  await next;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
