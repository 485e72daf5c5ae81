import { expect, test, vi } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import type { Asked } from './bell.ts';
import { readingOf } from './sessions.ts';
import { hostFacts } from './testing/facts.ts';
import { Notifier } from './testing/notifier.ts';
import { start } from './testing/started.ts';
import { readingsOf } from './watch.ts';
import { WatchLoad } from './watch-load.ts';

const reading = readingOf('wh1', hostFacts(), null);

/** A host that tells of changes, with so many sessions, beside others; it was read once. */
async function watching({ sessions = 1, others = 0 } = {}) {
  const notifier = new Notifier();
  const { open, timers } = await start({ answers: notifier.answers });
  const asked: Asked[] = [];
  const load = new WatchLoad();
  if (others > 0) load.enter().weigh(others);
  const read = async (what: Asked) => {
    asked.push(what);
    return {
      ...reading,
      sessions: Array.from({ length: sessions }, () => reading.sessions)
        .flat()
        .slice(0, sessions),
    };
  };
  const abort = new AbortController();
  const watched = { read, open, after: timers.after, load };
  const readings = readingsOf(watched, abort.signal)[Symbol.asyncIterator]();
  await readings.next();
  await vi.waitFor(() => expect(notifier.waiting).toBe(1));
  return { notifier, timers, asked, load, abort, readings };
}

/** Everything that is on its way arrives. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

test('the sessions of a host count in what all watched hosts are', async () => {
  const { load } = await watching({ sessions: 3200 });
  expect(load.wait(milliseconds(50))).toBe(20_000);
});

test('what a host among thousands tells of while it settles is read once more a second later, once', async () => {
  const { notifier, timers, asked, readings } = await watching({ others: 10_000 });
  let next = readings.next();
  const passes = async (time: number): Promise<void> => {
    timers.pass(time);
    await settle();
  };
  /** Whenever there is a reading, the next one is asked for. */
  const go = (): void => void next.then(() => ((next = readings.next()), go()));
  go();
  await passes(50);
  for (const id of [2, 3]) {
    notifier.tell(id);
    await vi.waitFor(() => expect(asked).toContainEqual([id]));
    await vi.waitFor(() => expect(notifier.waiting).toBe(1));
    await passes(100);
  }
  for (let second = 0; second < 10; second += 1) await passes(1000);
  expect(asked).toEqual(['all', [2], [3], [2], [3]]);
});
