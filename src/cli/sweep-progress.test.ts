import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { milliseconds } from '../sessions/duration.ts';
import { progressLine, type SweepState } from './sweep-progress.ts';
import { RunningClock } from './testing/running-clock.ts';
import { type Setting, usher } from './testing/usher.ts';
import { person } from './testing/acting.ts';

const at = (over: number, seconds: number, more: Partial<SweepState> = {}): SweepState => ({
  hosts: 400,
  over,
  failed: 0,
  elapsed: milliseconds(seconds * 1000),
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
