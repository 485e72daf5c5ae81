import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { UsherError } from '../sessions/errors.ts';
import { aSession, readAt } from '../sessions/testing/session.ts';
import { RunningClock } from './testing/running-clock.ts';
import { aHome, type Setting, usher } from './testing/usher.ts';

const hosts: Readonly<Record<string, HostPlan>> = {
  'ssh://a': { readings: [[aSession({ host: 'ssh://a', id: 10 }), aSession({ host: 'ssh://a', id: 9 })]] },
  'ssh://b': { readings: [[aSession({ host: 'ssh://b', id: 10 })]] },
  'ssh://dead': { failure: new UsherError({ code: 'unreachable', message: 'nothing listens' }) },
};
const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

describe('usher sessions --stream', () => {
  const all = '-s ssh://a -s ssh://b -s ssh://dead --stream';

  test('with --json tells each host on a line of its own', async () => {
    const { out, code } = await usher(`sessions ${all} --json`, { hosts });
    const documents = lines(out).map((line) => JSON.parse(line) as { readonly host: string });
    expect(documents.toSorted((one, other) => one.host.localeCompare(other.host))).toMatchObject([
      { host: 'ssh://a', sessions: [{ id: 9 }, { id: 10 }], errors: [], notes: [] },
      { host: 'ssh://b', sessions: [{ id: 10 }], errors: [] },
      { host: 'ssh://dead', sessions: [], errors: [{ code: 'unreachable' }] },
    ]);
    expect(code).toBe(1);
  });

  test('with --csv has one heading, and the failures on standard error', async () => {
    const { out, err } = await usher(`sessions ${all} --csv --columns host,id`, { hosts });
    expect(lines(out).toSorted()).toEqual(['host,id', 'ssh://a,10', 'ssh://a,9', 'ssh://b,10']);
    expect(err).toMatch(/^ssh:\/\/dead: nothing listens/);
  });

  test('on a terminal that also shows how far it is, writes no line into another', async () => {
    const clock = new RunningClock();
    const after = (delay: number) => {
      const over = Promise.withResolvers<void>();
      clock.after(delay, over.resolve);
      return over.promise;
    };
    const late = (name: string, delay: number): HostPlan => ({
      ...hosts[name],
      get after() {
        return after(delay);
      },
    });
    const slow = {
      'ssh://a': late('ssh://a', 1000),
      'ssh://dead': late('ssh://dead', 1500),
      'ssh://b': late('ssh://b', 2000),
    };
    const { err } = await usher(`sessions ${all} --csv`, { hosts: slow, clock, columns: 80 });
    expect(err).toContain('1 of 3 hosts');
    const shown = lines(err).map((line) => line.split('\r\u001b[2K').at(-1) ?? '');
    expect(shown.map((line) => line.slice(0, 26))).toEqual(['ssh://dead: nothing listen', '']);
  });

  async function interrupted(setting: Setting = {}): Promise<string> {
    const clock = new RunningClock();
    const leaving = new AbortController();
    const silent: HostPlan = {
      get after() {
        clock.after(500, () => leaving.abort());
        return new Promise<void>(() => undefined);
      },
    };
    const { out } = await usher('sessions -s ssh://silent -s ssh://b --stream --csv --columns host', {
      hosts: { ...hosts, 'ssh://silent': silent },
      signal: leaving.signal,
      clock,
      ...setting,
    });
    return out;
  }

  test('tells of a host before others have answered', async () => {
    expect(await interrupted()).toBe('host\nssh://b\n');
  });

  test('what was told is remembered where it is interrupted', async () => {
    await using home = await aHome();
    await interrupted({ env: { USHER_MEMORY: 'on' }, home: home.path });
    const { out } = await usher('logoff -s ssh://b 10 --json', {
      hosts,
      env: { USHER_MEMORY: 'on' },
      home: home.path,
      clock: new RunningClock(readAt.add({ minutes: 1 })),
    });
    expect(JSON.parse(out)).toMatchObject({ acts: [{ id: 10, guardedBy: 'memory' }] });
  });

  test.each([
    ['', '--stream is for --csv and --json'],
    ['--csv --sort user', '--sort waits for every host, and --stream for none'],
  ])('%s is wrong use', async (options, message) => {
    const { code, err } = await usher(`sessions --stream ${options}`, { hosts });
    expect([code, err]).toEqual([2, expect.stringContaining(message) as unknown]);
  });
});
