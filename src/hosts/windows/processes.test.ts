import { describe, expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { processReadingOf } from './processes.ts';
import { ago, alice, aliceSid, hostFacts, instantAgo, nowInstant, process, system } from './testing/facts.ts';

const read = (...processes: readonly ReturnType<typeof process>[]) =>
  processReadingOf(hostFacts({ processes: [system, ...processes] }), 2).processes;

test('a process is told with all that the host tells', () => {
  expect(read(process({ pid: 4000, cpuTime: 123_456_789n }))).toEqual([
    {
      pid: 4000,
      parentPid: 600,
      name: 'explorer.exe',
      command: null,
      user: String.raw`CORP\alice`,
      startedAt: instantAgo(7190),
      start: String(ago(7190)),
      state: null,
      cpuTime: 12.345,
      cpuPercent: null,
      memoryBytes: 60_000_000,
      role: 'user',
    },
  ]);
});

test('processes are those of the session, in the order of their start', () => {
  const pids = read(
    process({ pid: 30, createTime: ago(10) }),
    process({ pid: 21, createTime: ago(20) }),
    process({ pid: 20, createTime: ago(20) }),
    process({ pid: 99, sessionId: 3 }),
  ).map(({ pid }) => pid);
  expect(pids).toEqual([20, 21, 30]);
});

test('a process without a parent has none, and one that never began did not', () => {
  expect(read(process({ parentPid: 0, createTime: 0n }))).toMatchObject([
    { parentPid: null, startedAt: null, start: '0' },
  ]);
});

describe('a process is of', () => {
  test.each([
    ['the user whose Explorer it is', process(), String.raw`CORP\alice`],
    ['a well known account', process({ name: 'winlogon.exe', sid: 'S-1-5-18' }), 'SYSTEM'],
    ['a window manager', process({ name: 'dwm.exe', sid: 'S-1-5-90-0-2' }), 'DWM-2'],
    [
      'whom its SID names, where nobody else does',
      process({ name: 'a.exe', sid: 'S-1-5-21-9-9-9-9' }),
      'S-1-5-21-9-9-9-9',
    ],
    ['nobody knows whom, where the host hides it', process({ sid: null }), null],
  ])('%s', (_, one, user) => {
    expect(read(one)).toMatchObject([{ user }]);
  });

  test('a user who runs Explorer elsewhere', () => {
    const facts = hostFacts({ processes: [process(), process({ pid: 7, sessionId: 1, name: 'runas.exe' })] });
    expect(processReadingOf(facts, 1).processes).toMatchObject([{ user: String.raw`CORP\alice` }]);
  });

  test('a user without a domain', () => {
    const facts = hostFacts({ sessions: [{ ...alice, domain: '' }], processes: [process()] });
    expect(processReadingOf(facts, 2).processes).toMatchObject([{ user: 'alice' }]);
  });

  test('SYSTEM, though it runs what is called explorer.exe', () => {
    expect(read(process({ sid: 'S-1-5-18' }))).toMatchObject([{ user: 'SYSTEM', role: 'system' }]);
  });
});

test.each([
  ['explorer.exe', aliceSid, 'user'],
  ['notepad.exe', null, 'user'],
  ['CSRSS.EXE', null, 'critical'],
  ['lsass.exe', 'S-1-5-18', 'critical'],
  ['services.exe', aliceSid, 'critical'],
  ['winlogon.exe', 'S-1-5-18', 'system'],
  ['LogonUI.exe', 'S-1-5-18', 'system'],
  ['agent.exe', 'S-1-5-19', 'system'],
])("%s of %s is the %s's", (name, sid, role) => {
  expect(read(process({ name, sid }))).toMatchObject([{ role }]);
});

test('a list that the host hides is not complete, and says what it costs', () => {
  const error = new UsherError({ code: 'access_denied', message: 'no', hint: 'ask' });
  const columns = ['memoryBytes'];
  const facts = hostFacts({ processes: null, gaps: [{ code: 'processes-hidden', error, columns }] });
  expect(processReadingOf(facts, 2)).toEqual({
    readAt: nowInstant,
    complete: false,
    processes: [],
    notes: [{ code: 'processes-hidden', message: 'no', columns, hint: 'ask' }],
  });
});
