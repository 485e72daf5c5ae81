import { describe, expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import type { ActTarget, Presence } from '../act.ts';
import type { HostFacts, SessionFacts } from './facts.ts';
import { presenceOf } from './presence.ts';
import { isWindows } from './same-session.ts';
import { readingOf } from './sessions.ts';
import { bob, csrss, dwm, excel, host, targetIn, world } from './testing/acting.ts';
import { ago, alice, hostFacts, nowInstant, process, services, system, winlogon } from './testing/facts.ts';
import { tracesOf } from './traces.ts';

const traces = tracesOf(world.processes ?? [], 2);
const target = targetIn(world, 2, { traces });

function presenceIn(facts: HostFacts, of: ActTarget = target): Presence {
  if (!isWindows(of.identity)) throw new Error('no identity of Windows');
  return presenceOf(of, of.identity, { facts, reading: readingOf(host.name, facts, null) });
}

const changed = (changes: Partial<SessionFacts>): HostFacts => ({
  ...world,
  sessions: [services, { ...alice, ...changes }, bob],
});
const left = (...processes: HostFacts['processes'] & object): HostFacts => ({
  ...world,
  sessions: [services, bob],
  processes: [system, ...processes],
});

describe('a session that is there', () => {
  test('is told with what runs in it, its winlogon.exe marked', () => {
    expect(presenceIn(world)).toMatchObject({
      kind: 'there',
      readAt: nowInstant,
      session: { id: 2, user: 'alice' },
      traces: [
        `880:${csrss.createTime}`,
        `winlogon:900:${winlogon.createTime}`,
        `910:${dwm.createTime}`,
        `4000:${process().createTime}`,
        `4100:${excel.createTime}`,
      ],
    });
  });

  test('keeps what is known of it where processes are hidden', () => {
    expect(presenceIn({ ...world, processes: null, complete: false })).toMatchObject({ kind: 'there', traces });
  });

  test('is there by a boot that was not seen', () => {
    expect(presenceIn({ ...world, boot: 0n })).toMatchObject({ kind: 'there' });
  });

  test('is not taken for gone because the boot seems another one', () => {
    expect(presenceIn({ ...world, boot: ago(5) })).toMatchObject({ kind: 'unknown' });
  });

  test('whose host does not answer for it is unknown, and no other one', () => {
    const silent = { times: null, silent: ['its state'] };
    expect(presenceIn({ ...changed(silent), complete: false })).toMatchObject({ kind: 'unknown' });
    expect(presenceIn({ ...changed({ ...silent, user: '', domain: '' }), complete: false })).toMatchObject({
      kind: 'unknown',
    });
  });
});

describe('a session that is gone', () => {
  test('is gone with all that ran in it', () => {
    expect(presenceIn(left())).toEqual({ kind: 'gone', readAt: nowInstant });
  });

  test.each<[string, HostFacts]>([
    ['another user has its id', { ...changed({ user: 'mallory' }), processes: [system] }],
    [
      'its user has logged on anew',
      { ...changed({ times: { ...alice.times, loggedOn: ago(3) } as typeof alice.times }), processes: [system] },
    ],
    ['a namesake of its processes runs', left(process({ sessionId: 7, createTime: ago(1) }))],
    [
      'another session is silent',
      { ...left(), sessions: [services, { ...bob, times: null, silent: ['its state'] }], complete: false },
    ],
  ])('is gone though %s', (_, facts) => {
    expect(presenceIn(facts)).toMatchObject({ kind: 'gone' });
  });

  test('is unknown where processes are hidden, with the reason', () => {
    const error = new UsherError({ code: 'access_denied', message: 'no processes for you' });
    const gaps = [{ code: 'processes-hidden', error, columns: ['processCount'] }];
    expect(presenceIn({ ...left(), processes: null, complete: false, gaps })).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('no processes for you') as unknown,
    });
  });

  test('is gone without traces where no process has its number', () => {
    expect(presenceIn(left(), { ...target, traces: [] })).toMatchObject({ kind: 'gone' });
  });

  test('is unknown without traces where its number is taken', () => {
    expect(presenceIn(changed({ user: 'mallory' }), { ...target, traces: [] })).toMatchObject({ kind: 'unknown' });
  });
});

describe('what is left of a session', () => {
  const names = (presence: Presence): unknown =>
    presence.kind === 'remains' ? presence.processes.map(({ name, role }) => [name, role]) : presence.kind;

  test('is told with its roles', () => {
    expect(names(presenceIn(left(csrss, excel)))).toEqual([
      ['csrss.exe', 'critical'],
      ['EXCEL.EXE', 'user'],
    ]);
  });

  test('is what was seen in it, though its station is left without a user', () => {
    const down = { ...changed({ state: 8, user: '', domain: '' }), processes: [system, csrss] };
    expect(names(presenceIn(down))).toEqual([['csrss.exe', 'critical']]);
  });

  test('is what runs under a number that no session has', () => {
    expect(names(presenceIn(left(process({ pid: 4711 }))))).toEqual([['explorer.exe', 'user']]);
  });

  test('is not what another user’s session with its number took over', () => {
    const taken = { ...changed({ user: 'mallory' }), processes: [system, csrss, winlogon, excel] };
    expect(names(presenceIn(taken))).toEqual([['EXCEL.EXE', 'user']]);
  });

  test('is not a process of another start', () => {
    const station = {
      ...changed({ state: 8, user: '', domain: '' }),
      processes: [system, { ...excel, createTime: ago(1) }],
    };
    expect(names(presenceIn(station))).toBe('gone');
  });
});

describe('a session without a user', () => {
  const empty = { ...alice, user: '', domain: '', times: null };
  const facts = hostFacts({ sessions: [services, empty], processes: [system, csrss, winlogon] });
  const unused = targetIn(facts, 2, { traces: tracesOf(facts.processes ?? [], 2) });

  test('is there by its winlogon.exe', () => {
    expect(presenceIn(facts, unused)).toMatchObject({ kind: 'there' });
  });

  test('is neither there nor gone where somebody has logged on to it', () => {
    expect(presenceIn({ ...facts, sessions: [services, alice] }, unused)).toMatchObject({ kind: 'unknown' });
  });

  test('remains with what its winlogon.exe left', () => {
    expect(presenceIn({ ...facts, processes: [system, csrss] }, unused)).toMatchObject({
      kind: 'remains',
      processes: [{ name: 'csrss.exe' }],
    });
  });
});
