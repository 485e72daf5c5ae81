import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { manualTimers } from '../fleet/testing/timers.ts';
import { milliseconds } from '../sessions/duration.ts';
import { progressLine, progressLineOn, type SweepState } from './sweep-progress.ts';
import { readAt } from '../sessions/testing/session.ts';
import { RunningClock } from './testing/running-clock.ts';
import { type Setting, usher } from './testing/usher.ts';
import { person } from './testing/acting.ts';

const at = (over: number, seconds: number, more: Partial<SweepState> = {}): SweepState => ({
  hosts: 400,
  over,
  failed: 0,
  perSecond: over / seconds,
  silent: milliseconds(100),
  timeout: milliseconds(15_000),
  ...more,
});

test.each([
  ['what is done, what failed and what is left', at(100, 4, { failed: 3 }), '100 of 400 hosts · 3 failed · 12 s left'],
  ['no failures where there are none', at(200, 4), '200 of 400 hosts · 4 s left'],
  ['nothing of the rest before it can be told', at(4, 1), '4 of 400 hosts'],
  ['a second at least', at(399, 4), '399 of 400 hosts · 1 s left'],
  [
    'how long silent hosts may take',
    at(390, 10, { silent: milliseconds(6000) }),
    '390 of 400 hosts · at most 9 s left',
  ],
])('the line tells %s', (_what, state, line) => {
  expect(progressLine(state).slice(21)).toBe(line);
});

test.each([
  [0, '────────────────────'],
  [100, '━━━━━───────────────'],
  [399, '━━━━━━━━━━━━━━━━━━━─'],
  [400, '━━━━━━━━━━━━━━━━━━━━'],
])('its bar is full when all hosts are over: %d of 400', (over, bar) => {
  expect(progressLine(at(over, 4)).slice(0, 20)).toBe(bar);
});

/** Two hosts, of which one takes this long, in a terminal. */
async function sweeping(line: string, slow: number, setting: Setting = {}) {
  const clock = new RunningClock();
  const late: HostPlan = {
    get after() {
      const over = Promise.withResolvers<void>();
      clock.after(slow, over.resolve);
      return over.promise;
    },
  };
  const hosts = { 'ssh://a': late, 'ssh://b': {} };
  return await usher(`${line} -s ssh://a -s ssh://b`, { hosts, clock, columns: 80, ...setting });
}

const erased = '\r\u001b[2K';

describe('a sweep in a terminal', () => {
  test('shows how far it is, and takes the line away at its end', async () => {
    const { err } = await sweeping('sessions', 1000);
    expect(err).toContain(`${erased}━━━━━━━━━━────────── 1 of 2 hosts`);
    expect(err.endsWith(erased)).toBe(true);
  });

  test('shows nothing where it is over at once', async () => {
    expect((await sweeping('sessions', 100)).err).toBe('');
  });

  test('shows it beside a JSON document too', async () => {
    expect((await sweeping('sessions --json', 1000)).err).toContain('1 of 2 hosts');
  });

  test.each([
    ['on a pipe', 'sessions', { columns: null }],
    ['with --quiet', 'sessions --quiet', {}],
    ['on a terminal that cannot erase', 'sessions', { env: { TERM: 'dumb' } }],
  ])('shows nothing %s', async (_where, line, setting) => {
    expect((await sweeping(line, 1000, setting)).err).not.toContain('of 2 hosts');
  });

  test('shows nothing while somebody is asked for a password', async () => {
    const clock = new RunningClock();
    const asked: string[] = [];
    const terminal = {
      ...person(null),
      askSecret: async () => {
        const typed = Promise.withResolvers<void>();
        clock.after(5000, typed.resolve);
        await typed.promise;
        asked.push('typed');
        return 'right';
      },
    };
    const hosts = { 'ssh://a': { password: 'right' }, 'ssh://b': {} };
    const { err, code } = await usher('sessions -s ssh://a -s ssh://b', { hosts, clock, columns: 80, terminal });
    expect([code, asked, err.includes('of 2 hosts')]).toEqual([0, ['typed'], false]);
  });
});

/** A terminal's line in time that passes when the test says so. */
function aLine() {
  const timers = manualTimers();
  let passed = 0;
  let drawn = '';
  const line = progressLineOn(
    {
      stderr: { write: () => undefined, draw: (text) => void (drawn = text), isTerminal: true, columns: 80 },
      timers,
      places: { env: {}, platform: 'linux', homeDirectory: '/nowhere' },
      now: () => readAt.add({ milliseconds: passed }),
    },
    { quiet: false, timeout: milliseconds(15_000) },
  );
  if (line === null) throw new Error('a terminal has a line');
  const pass = (time: number): void => {
    passed += time;
    timers.pass(time);
  };
  return { line, timers, pass, drawn: () => drawn.slice(21) };
}

describe('the line of a sweep', () => {
  test('counts as failed what failed, and nothing else', () => {
    const { line, pass, drawn } = aLine();
    using sweep = line.begin(4);
    for (const isOk of [true, false, true]) sweep.over(isOk);
    pass(500);
    expect(drawn()).toBe('3 of 4 hosts · 1 failed');
  });

  test('is not shown of one host', () => {
    const { line, pass, drawn, timers } = aLine();
    using _sweep = line.begin(1);
    pass(5000);
    expect([drawn(), timers.pending()]).toEqual(['', 0]);
  });

  test('is gone for good once the sweep is over', () => {
    const { line, pass, drawn, timers } = aLine();
    const sweep = line.begin(2);
    pass(500);
    expect(drawn()).toBe('0 of 2 hosts');
    sweep[Symbol.dispose]();
    expect([drawn(), timers.pending()]).toEqual(['', 0]);
  });

  test('is away while somebody is asked, and there again afterwards', async () => {
    const { line, pass, drawn } = aLine();
    using _sweep = line.begin(2);
    pass(500);
    const answer = Promise.withResolvers<void>();
    const asking = line.aside(() => answer.promise);
    pass(200);
    expect(drawn()).toBe('');
    answer.resolve();
    await asking;
    pass(200);
    expect(drawn()).toBe('0 of 2 hosts');
  });

  test('takes hosts for silent from the last one that was over', () => {
    const { line, pass, drawn } = aLine();
    using sweep = line.begin(20);
    pass(2000);
    for (let over = 0; over < 10; over += 1) sweep.over(true);
    pass(400);
    expect(drawn()).toBe('10 of 20 hosts · 3 s left');
    pass(1600);
    expect(drawn()).toBe('10 of 20 hosts · at most 13 s left');
  });

  test('promises by what the last hosts took, however easy those before were', () => {
    const { line, pass, drawn } = aLine();
    using sweep = line.begin(200);
    for (let easy = 0; easy < 100; easy += 1) sweep.over(true);
    for (let hard = 0; hard < 30; hard += 1) {
      pass(1000);
      sweep.over(true);
    }
    pass(200);
    // By all of them it would be 17 s.
    expect(drawn()).toBe('130 of 200 hosts · 64 s left');
  });
});
