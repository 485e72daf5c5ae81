import { describe, expect, test } from 'vitest';
import { milliseconds, seconds, toMilliseconds } from '../../sessions/duration.ts';
import { logOff } from '../world/acts/log-off.ts';
import { remote } from '../world/actor.ts';
import { isConnected } from '../world/session.ts';
import type { EstateHost } from './estate.ts';
import { planDemo, planEstate } from './plan.ts';
import { aSteppedEstate, lineOf, type SteppedEstate } from './testing/estate.ts';

const hours = (count: number) => toMilliseconds(seconds(3600 * count));

const userSessions = ({ host }: EstateHost) =>
  host.allSessions().filter(({ kind, protocol }) => kind !== 'services' && protocol !== 'console');

/** Everything that has happened, and how it stands. */
function told({ ledger, estate }: SteppedEstate): readonly string[] {
  const standing = estate.hosts.flatMap(({ host }) =>
    host.allSessions().map((session) => {
      const memory = host
        .processesOf(session.id)
        .map(({ pid, image, workingSet, cpuUsed }) => [pid, image, workingSet, cpuUsed]);
      const { id, state, account, client, lastInputAt } = session;
      return JSON.stringify([host.name, id, state, account?.name, client, String(lastInputAt), memory]);
    }),
  );
  return [...ledger.entries.map(lineOf), ...standing];
}

describe('a history', () => {
  const after = (seed: number, ...steps: readonly number[]): readonly string[] => {
    const estate = aSteppedEstate({ seed });
    for (const step of steps) estate.clock.step(milliseconds(step));
    return told(estate);
  };

  test('is the same for the same seed, however time is cut', () => {
    const whole = after(7, hours(9));
    expect(whole.length).toBeGreaterThan(200);
    expect(after(7, hours(2), 1, hours(7) - 1)).toEqual(whole);
  });

  test('is another for another seed', () => {
    expect(after(8, hours(1))).not.toEqual(after(7, hours(1)));
  });

  test('of one host is the same whatever others do', () => {
    const [one, other] = [aSteppedEstate({ seed: 3 }), aSteppedEstate({ seed: 3 })];
    const [, meddled] = one.estate.hosts;
    for (const session of meddled === undefined ? [] : userSessions(meddled)) {
      logOff(meddled?.host ?? never(), session, remote(one.estate.administrator));
    }
    const ofFirst = ({ ledger, clock, estate }: SteppedEstate): readonly string[] => {
      clock.step(hours(6));
      const name = estate.hosts[0]?.host.name;
      return ledger.entries.filter(({ host }) => host === name).map(lineOf);
    };
    expect(ofFirst(one)).toEqual(ofFirst(other));
  });
});

function never(): never {
  throw new Error('there is no second host');
}

describe('an estate', () => {
  test('has as many hosts and sessions as are wanted', () => {
    const { hosts } = aSteppedEstate({ size: [5, 9] }).estate;
    expect(hosts.map((one) => [one.planned.name, userSessions(one).length])).toEqual([
      ['sim-ts01', 9],
      ['sim-ts02', 9],
      ['sim-ts03', 9],
      ['sim-citrix', 9],
      ['sim-tsplus', 9],
    ]);
  });

  test.each([
    [20_001, 1],
    [1, 5001],
  ])('of %i hosts with %i sessions each is too large', (hosts, sessions) => {
    expect(() => planEstate({ hosts, sessions, seed: 1 })).toThrow('at most 20000 hosts with 5000 sessions each');
  });

  test('has no two users of the same name', () => {
    const { hosts } = aSteppedEstate({ size: [20, 60] }).estate;
    const names = hosts.flatMap(({ people }) => people.map(({ who }) => who.account.name));
    expect(names.length).toBeGreaterThan(1200);
    expect(new Set(names).size).toBe(names.length);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(20);
  });

  test('has Citrix sessions on one host, and single programs on another', () => {
    const { hosts } = aSteppedEstate({ size: [3, 20] }).estate;
    const kinds = hosts.map((one) => {
      const sessions = userSessions(one);
      return [
        one.planned.kind,
        [...new Set(sessions.map(({ protocol }) => protocol))],
        [...new Set(sessions.map(({ kind }) => kind))],
      ];
    });
    expect(kinds).toEqual([
      ['rds', ['rdp'], ['desktop']],
      ['citrix', ['ica'], ['desktop']],
      ['tsplus', ['rdp'], ['remote-app']],
    ]);
  });

  test('stays about as full as it was for days', () => {
    const { estate, clock } = aSteppedEstate({ size: [4, 40] });
    clock.step(hours(72));
    const counts = estate.hosts.map((one) => userSessions(one).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...counts)).toBeLessThanOrEqual(45);
  });

  test('has clients within the office and outside of it, and sessions without a client', () => {
    const { estate } = aSteppedEstate({ size: [4, 50] });
    const sessions = estate.hosts.flatMap(userSessions);
    const share = (fits: (session: (typeof sessions)[number]) => boolean): number =>
      sessions.filter(fits).length / sessions.length;
    const peer = (session: (typeof sessions)[number]): string => session.client?.peer ?? session.client?.address ?? '';
    expect(share((session) => !isConnected(session))).toBeGreaterThan(0.15);
    expect(share((session) => peer(session).startsWith('10.'))).toBeGreaterThan(0.3);
    expect(share((session) => /^(198\.51\.100|203\.0\.113|2001:db8)/.test(peer(session)))).toBeGreaterThan(0.1);
  });

  test('that shows things has six hosts and ninety sessions, two of them troubled', () => {
    const { hosts } = aSteppedEstate(planDemo(1)).estate;
    const sessions = hosts.flatMap(userSessions);
    expect([hosts.length, sessions.length]).toEqual([6, 90]);
    expect(sessions.filter(({ account }) => account === null).map(({ state }) => state)).toEqual([
      'disconnected',
      'down',
    ]);
  });

  test('with sentinels has a host for each behaviour, whose sessions behave so', () => {
    const plan = planEstate({ hosts: 1, sessions: 3, seed: 1, sentinels: true });
    const { estate, clock } = aSteppedEstate(plan);
    const hung = estate.hosts.find(({ planned }) => planned.name === 'sim-hangs-on-reset') ?? never();
    const [session] = userSessions(hung);
    expect(session && logOff(hung.host, session, remote(estate.administrator))).toEqual({ kind: 'taken-on' });
    clock.step(milliseconds(60_000));
    expect(userSessions(hung)).toContain(session);
  });
});
