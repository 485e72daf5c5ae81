import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../../fleet/testing/estate.ts';
import { seconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { Session } from '../../sessions/session.ts';
import { aSession, readAt } from '../../sessions/testing/session.ts';
import { writer } from '../testing/acting.ts';
import { type Setting, usher } from '../testing/usher.ts';

const at = (facts: Partial<Session> & Pick<Session, 'id'>): Session => aSession({ host: 'ssh://a', ...facts });
const sessions = [
  at({ id: 65_536, name: 'RDP-Tcp', kind: 'listener', user: null, state: 'listen' }),
  at({ id: 0, name: 'Services', kind: 'services', user: null, state: 'disconnected' }),
  at({ id: 1, name: 'Console', kind: 'console', user: null, state: 'connected' }),
  at({
    id: 2,
    name: 'RDP-Tcp#3',
    user: 'alice',
    domain: 'CORP',
    idleFor: seconds(3900),
    loggedOnAt: readAt.subtract({ hours: 5, minutes: 39 }),
  }),
  at({
    id: 12,
    name: '',
    user: 'a-name-of-more-than-twenty-characters',
    state: 'disconnected',
    idleFor: seconds(184_620),
    loggedOnAt: readAt.subtract({ hours: 48 }),
  }),
  at({ id: 3, name: '31c5ce94259d4006a9e4#1', user: 'bob', state: 'connect-query', idleFor: null }),
];
const hosts = { 'ssh://a': { readings: [sessions] } };

const qwinsta = ` SESSIONNAME       USERNAME                 ID  STATE   TYPE        DEVICE ${''}
 Services                                    0  Disc                        ${''}
 Console                                     1  Conn                        ${''}
 RDP-Tcp#3         alice                     2  Active                      ${''}
 31c5ce94259d4...  bob                       3  ConnQ                       ${''}
                   a-name-of-more-th...     12  Disc                        ${''}
 RDP-Tcp                                 65536  Listen                      ${''}
`;
const quser = ` USERNAME              SESSIONNAME        ID  STATE   IDLE TIME  LOGON TIME
 alice                 RDP-Tcp#3           2  Active       1:05  3/2/2026 8:21 AM
 bob                   31c5ce94259d4...    3  ConnQ        none  ${''}
 a-name-of-more-th...                     12  Disc      2+03:17  2/28/2026 2:00 PM
`;

const on = (line: string, more: Partial<Setting> = {}) => usher(`${line} -s ssh://a`, { hosts, ...more });

describe('sessions in Microsoft’s columns', () => {
  test.each([
    ['qwinsta', qwinsta],
    ['query session', qwinsta],
    ['qwinsta *', qwinsta],
    ['quser', quser],
    ['query user', quser],
  ])('%s', async (line, table) => {
    expect(await on(line)).toMatchObject({ code: 0, out: table, err: '' });
  });

  test.each([
    ['an id', 'qwinsta 2'],
    ['a session’s name', 'qwinsta rdp-tcp#3'],
    ['a user', 'qwinsta alice'],
    ['a user with the domain', String.raw`qwinsta CORP\ALICE`],
  ])('of %s alone', async (_what, line) => {
    expect((await on(line)).out.split('\n').slice(1)).toEqual([
      ' RDP-Tcp#3         alice                     2  Active                      ',
      '',
    ]);
  });

  test.each([
    ['qwinsta nobody', 'usher: No session exists for nobody\n'],
    ['quser nobody', 'usher: No User exists for nobody\n'],
  ])('%s finds none, and says so', async (line, err) => {
    expect(await on(line)).toMatchObject({ code: 2, out: '', err });
  });

  test('where nobody is logged on, quser says so', async () => {
    const empty = { hosts: { 'ssh://a': {} } };
    expect(await on('quser', empty)).toMatchObject({ code: 0, out: '', err: 'No User exists for *\n' });
  });

  test('several hosts are a table each, below their names', async () => {
    const two = { ...hosts, 'ssh://b': { readings: [[at({ host: 'ssh://b', id: 4, user: 'carol' })]] } };
    const { out } = await usher('qwinsta carol -s ssh://a -s ssh://b', { hosts: two });
    expect(out.split('\n')).toEqual([
      'ssh://b:',
      ' SESSIONNAME       USERNAME                 ID  STATE   TYPE        DEVICE ',
      ' :4                carol                     4  Active                      ',
      '',
    ]);
    const both = (await usher('quser -s ssh://a -s ssh://b', { hosts: two })).out.split('\n');
    expect(both.filter((line) => !line.startsWith(' '))).toEqual(['ssh://a:', '', 'ssh://b:', '']);
  });

  test('a host that fails is a line on standard error', async () => {
    const failure = new UsherError({ code: 'unreachable', message: 'nothing listens' });
    const { code, out, err } = await usher('quser -s ssh://a -s ssh://b', {
      hosts: { ...hosts, 'ssh://b': { failure } },
    });
    expect([code, out, err]).toEqual([
      1,
      `ssh://a:\n${quser}`,
      'ssh://b: nothing listens; usher doctor ssh://b says why\n',
    ]);
  });

  test('--json and --csv are the documents of usher sessions', async () => {
    const own = await on('sessions --all-kinds --json');
    expect((await on('qwinsta --json')).out).toBe(own.out);
    expect((await on('qwinsta --csv')).out).toBe((await on('sessions --all-kinds --csv')).out);
    expect((JSON.parse((await on('quser --json')).out) as { sessions: unknown[] }).sessions.length).toBe(3);
  });

  test('--json of what was not found has its error', async () => {
    const { code, out } = await on('qwinsta nobody --json');
    expect([code, JSON.parse(out)]).toMatchObject([2, { sessions: [], errors: [{ code: 'not_found' }] }]);
  });

  test.each([
    ['/mode', '/mode: no session here is on a serial line\n'],
    ['/COUNTER', '/counter: the counters of hosts are not read\n'],
  ])('%s adds nothing to the list, and says so', async (option, err) => {
    expect(await on(`qwinsta ${option}`)).toMatchObject({ code: 0, out: qwinsta, err });
  });

  test.each([
    ['qwinsta /foo', 'qwinsta has no switch /foo; usage: usher qwinsta ['],
    ['quser alice bob', "'bob' is one argument too many; usage: usher quser ["],
    ['query termserver', 'Usher searches no network'],
  ])('%s is wrong use', async (line, err) => {
    expect(await on(line)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(err) as string });
  });

  test.each([
    'qwinsta',
    'quser',
    'qprocess',
    'msg',
    'tsdiscon',
    'rwinsta',
    'tskill',
    'logoff',
    'reset',
    'query session',
  ])('%s /? is its help', async (name) => {
    const help = await usher(`${name} --help`);
    expect(await usher(`${name} /?`)).toMatchObject({ code: 0, out: help.out, err: '' });
  });
});

describe('processes in Microsoft’s columns', () => {
  const excel: SessionProcess = { ...writer, pid: 4711, name: 'EXCEL.EXE', user: String.raw`CORP\alice` };
  const system: SessionProcess = { ...writer, pid: 4, name: 'System', user: null };
  const busy = {
    'ssh://a': { readings: [[at({ id: 2, name: 'RDP-Tcp#3', user: 'alice' })]], processes: [excel, system] },
  };
  const header = ' USERNAME              SESSIONNAME         ID    PID  IMAGE';
  const [excelRow, systemRow] = [
    ' alice                 RDP-Tcp#3            2   4711  EXCEL.EXE',
    ' (unknown)             RDP-Tcp#3            2      4  System',
  ];

  test.each([
    ['*', [excelRow, systemRow]],
    ['alice', [excelRow, systemRow]],
    ['rdp-tcp#3', [excelRow, systemRow]],
    ['/ID:2', [excelRow, systemRow]],
    ['/id:2 4', [systemRow]],
    ['4711', [excelRow]],
    ['excel.exe', [excelRow]],
    ['system', [systemRow]],
  ])('qprocess %s', async (which, rows) => {
    const { code, out } = await on(`qprocess ${which}`, { hosts: busy });
    expect([code, out.split('\n')]).toEqual([0, [header, ...rows, '']]);
  });

  test('of a user are his own, of his session all', async () => {
    const logon: SessionProcess = { ...writer, pid: 300, name: 'winlogon.exe', user: String.raw`NT AUTHORITY\SYSTEM` };
    const readings = [[at({ id: 2, name: 'RDP-Tcp#3', user: 'alice' })]];
    const hosts = { 'ssh://a': { readings, processes: [excel, logon] } };
    expect((await on('qprocess alice', { hosts })).out).not.toContain('winlogon.exe');
    expect((await on('qprocess rdp-tcp#3', { hosts })).out).toMatch(/ alice .*EXCEL[^]* SYSTEM .*winlogon\.exe/);
  });

  test('of names that a shell made of * are too many, and the * is to be quoted', async () => {
    const { code, err } = await on('qprocess a.txt b.txt', { hosts: busy });
    expect([code, err]).toEqual([2, expect.stringMatching(/'b\.txt' is one argument too many; .*quote \*/) as string]);
  });

  test.each(['nobody', '9999', '/id:7'])('qprocess %s finds none, and says so', async (which) => {
    const { code, out, err } = await on(`query process ${which}`, { hosts: busy });
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(/No Process exists for /)]);
  });

  test('without an argument there is no current session', async () => {
    expect(await on('qprocess', { hosts: busy })).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no current session') as string,
    });
  });

  test('--json has each session with its processes, --csv a line for each process', async () => {
    const json = await on('qprocess excel.exe --json', { hosts: busy });
    expect(JSON.parse(json.out)).toMatchObject({
      sessions: [{ session: { id: 2 }, processes: [{ pid: 4711 }] }],
      errors: [],
    });
    const csv = await on('qprocess excel.exe --csv', { hosts: busy });
    expect(csv.out.split('\n').map((line) => line.split(',').slice(0, 4).join(' '))).toEqual([
      'host id pid parentPid',
      'ssh://a 2 4711 1',
      '',
    ]);
  });

  test('a session that cannot be looked into is an error row beside the others', async () => {
    let asked = 0;
    const onProcesses: HostPlan['onProcesses'] = () =>
      (asked += 1) === 1 ? new UsherError({ code: 'access_denied', message: 'no' }) : null;
    const both = { readings: [[at({ id: 2 }), at({ id: 3 })]], processes: [excel], onProcesses };
    const { code, out, err } = await on('qprocess *', { hosts: { 'ssh://a': both } });
    expect([code, out.split('\n').length, err]).toEqual([1, 3, 'ssh://a: no\n']);
  });

  test('a SESSION of Usher’s is taken too', async () => {
    const { code, err } = await on(`qprocess ${at({ id: 2 }).key}`, { hosts: busy });
    expect([code, err]).toEqual([0, 'ssh://a: session 2 of alice, active\n']);
  });
});
