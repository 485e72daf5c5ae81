import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { ActTarget } from '../../src/hosts/act.ts';
import type { HostConnection } from '../../src/hosts/driver.ts';
import { until } from './harness/until.ts';
import { acting, type ActsSaid, listing, startUsher } from './harness/usher.ts';
import { connectDriver, patience, urlOf } from './windows/driver.ts';
import { startWindowsHost, type WindowsHost, type WindowsHostOptions } from './windows/windows-host.ts';
import { smallWorld } from './windows/worlds.ts';

const home = mkdtempSync(`${tmpdir()}/usher-home-`);
let host: WindowsHost;

/** A host whose session 2, which is alice's, is otherwise. */
async function hostWith(session: object = {}, options: WindowsHostOptions = {}): Promise<void> {
  host = await startWindowsHost({ world: smallWorld({ sessions: { 2: session } }), ...options });
}
afterEach(() => host.stop());
afterAll(() => rmSync(home, { recursive: true }));

type UserName = 'tsadmin' | 'plain';

const at = (user: UserName = 'tsadmin'): readonly string[] => {
  const file = `${home}/${user}`;
  writeFileSync(file, host.users[user].password, { mode: 0o600 });
  return ['-s', urlOf(host, host.users[user]), '--password-file', file];
};
const act = (...args: readonly string[]): Promise<ActsSaid> => acting({ home }, [...args, ...at()]);

const outcomes = ({ code, acts }: ActsSaid): unknown => [code, ...acts.map(({ outcome }) => outcome)];
const stepsOf = ({ acts }: ActsSaid): readonly string[] => [
  ...new Set(acts.flatMap(({ steps }) => steps.map(({ step }) => step))),
];

async function session(wanted: number) {
  return (await host.worldNow()).sessions.find(({ id }) => id === wanted);
}

async function images(of: number): Promise<readonly string[]> {
  const { processes } = await host.worldNow();
  return processes.flatMap(({ session: one, image }) => (one === of ? [image] : []));
}

/** What was asked of the host that changes it. */
const changing = (): readonly string[] =>
  host.log().flatMap(({ call }) => {
    const [, name = ''] = call?.split('.') ?? [];
    return /^Rpc(Connect|Disconnect|Logoff|WinStation(Reset|TerminateProcess))$/.test(name) ? [name] : [];
  });

describe('each act', () => {
  test('disconnects, and programs go on', async () => {
    await hostWith();
    const before = await images(2);
    expect(outcomes(await act('disconnect', '2'))).toEqual([0, 'disconnected']);
    expect(await session(2)).toMatchObject({ state: 'disconnected', user: 'alice' });
    expect(await images(2)).toEqual(before);
  });

  test.each([
    [['logoff'], 'logoff'],
    [['reset'], 'reset'],
    [['kill', '--logon-process'], 'kill-logon'],
    [['kill', '--all'], 'kill-all'],
  ])('%j ends the session alone, and proves it', async ([command = '', ...options], step) => {
    await hostWith();
    const others = (await host.worldNow()).sessions.map(({ id }) => id).filter((id) => id !== 2);
    const said = await act(command, '2', ...options);
    expect([outcomes(said), stepsOf(said)]).toEqual([[0, 'ended'], [step]]);
    expect((await host.worldNow()).sessions.map(({ id }) => id)).toEqual(others);
    expect(await images(2)).toEqual([]);
  });

  test('kills one process, and the session goes on', async () => {
    await hostWith();
    expect(outcomes(await act('kill', '2', '--pid', '2016'))).toEqual([0, 'killed']);
    expect(await images(2)).not.toContain('EXCEL.EXE');
    expect(await session(2)).toMatchObject({ state: 'active' });
  });

  test.each([
    ['csrss.exe of the session', '2000'],
    ['a process of another session', '2116'],
    ['a process of session 0', '620'],
  ])('does not kill %s', async (_, pid) => {
    await hostWith();
    expect(outcomes(await act('kill', '2', '--pid', pid))).toEqual([4, 'not_allowed']);
    expect(changing()).toEqual([]);
  });

  test('unfreezes: disconnects, and waits for the user', async () => {
    await hostWith();
    await using running = startUsher({ home }, ['unfreeze', '2', '--yes', ...at()]);
    await running.says(/waiting until the user is back/);
    expect(await session(2)).toMatchObject({ state: 'disconnected' });
    await host.change({ reconnect: 2 });
    expect([await running.ended, running.output()]).toEqual([
      0,
      expect.stringMatching(/alice \(RDP-Tcp#0\) {2}reconnected/),
    ]);
  });

  test('connects a session to the client of another one', async () => {
    await hostWith();
    await using connection = await connectDriver(host, host.users.tsadmin);
    const to = await targetOf(connection, 2);
    await connection.act(await targetOf(connection, 3), { act: 'connect', to }, patience());
    expect(await session(3)).toMatchObject({ state: 'active', client: { name: 'PC-ALICE' } });
    expect(await session(2)).toMatchObject({ state: 'disconnected', client: null });
  });
});

describe('each act', () => {
  test('is refused to a user who may not, with the permission that is missing', async () => {
    await hostWith();
    const refused = async (...args: readonly string[]) => {
      const said = await acting({ home }, [...args, ...at('plain')]);
      return [...(outcomes(said) as unknown[]), said.acts[0]?.why];
    };
    const permission = (name: string): unknown => expect.stringContaining(`WINSTATION_${name} for session 2`);
    expect(await refused('disconnect', '2')).toEqual([4, 'refused', permission('DISCONNECT')]);
    expect(await refused('logoff', '2')).toEqual([4, 'refused', permission('LOGOFF')]);
    expect(await refused('reset', '2')).toEqual([4, 'refused', permission('RESET')]);
    expect(await refused('message', '2', 'hello')).toEqual([4, 'refused', permission('MSG')]);
    expect(await refused('end', '2', '--warn', '0s', '--force')).toEqual([4, 'refused', permission('LOGOFF')]);
    const right: unknown = expect.stringContaining('the right to end');
    expect(await refused('kill', '2', '--pid', '2016')).toEqual([4, 'refused', right]);
    expect(await refused('kill', '2', '--all')).toEqual([4, 'refused', right]);
    expect(await session(2)).toMatchObject({ state: 'active', user: 'alice' });
    expect(await images(2)).toHaveLength(6);
  });
});

async function targetOf(connection: HostConnection, id: number): Promise<ActTarget> {
  const { sessions } = await connection.list(patience());
  const found = sessions.find((one) => one.id === id);
  if (found === undefined) throw new Error(`session ${id} is not there`);
  return { identity: found.identity, id, reason: null, traces: [] };
}

describe('end --force', () => {
  const force = (): Promise<ActsSaid> => act('end', '2', '--warn', '0s', '--force', '--patience', '1s');

  test.each<[string, object, readonly string[]]>([
    ['hangs on log-off', { stuck: ['logoff'] }, ['logoff', 'reset']],
    ['hangs on reset, too', { stuck: ['logoff', 'reset'] }, ['logoff', 'reset', 'kill-logon']],
    ['hangs until its winlogon.exe dies', { endsWith: 'winlogon' }, ['logoff', 'reset', 'kill-logon']],
    ['hangs until its processes die', { endsWith: 'processes' }, ['logoff', 'reset', 'kill-logon', 'kill-all']],
  ])('ends a session that %s', async (_, changes, steps) => {
    await hostWith(changes);
    const said = await force();
    expect([outcomes(said), stepsOf(said)]).toEqual([[0, 'ended'], steps]);
    expect(await session(2)).toBeUndefined();
    expect(await images(2)).toEqual([]);
    expect(await session(3)).toMatchObject({ user: 'Jürgen Weiß' });
  });

  test.each([
    ['with its user', false],
    ['without one', true],
  ])('says that the host must be restarted where csrss.exe is left in a station %s', async (_, forgets) => {
    await hostWith({ endsWith: 'nothing', forgets });
    const said = await force();
    expect(outcomes(said)).toEqual([1, 'failed']);
    expect(said.acts[0]?.why).toMatch(/host restart needed: only csrss\.exe 2000 is left, which is never killed/);
    expect([host.crashed(), await images(2)]).toEqual([null, ['csrss.exe']]);
  });

  test('says what is left where a process does not die', async () => {
    const world = smallWorld({ sessions: { 2: { endsWith: 'processes' } } });
    await hostWith({}, { world: withUnkillable(world, 2016) });
    const said = await force();
    expect([...(outcomes(said) as unknown[]), said.acts[0]?.why]).toEqual([
      1,
      'failed',
      expect.stringContaining('EXCEL.EXE 2016'),
    ]);
  });

  test('leaves whoever has the number next alone', async () => {
    await hostWith({ endsWith: 'winlogon', heir: { user: 'bob' } });
    const said = await force();
    expect([outcomes(said), stepsOf(said)]).toEqual([
      [0, 'ended'],
      ['logoff', 'reset', 'kill-logon'],
    ]);
    expect(await session(2)).toMatchObject({ user: 'bob', state: 'active' });
    expect(await images(2)).toEqual(['csrss.exe', 'winlogon.exe', 'dwm.exe', 'explorer.exe']);
  });

  test('ends where the log-off comes late, and nothing more is done', async () => {
    await hostWith({ endsAfter: 0.7 });
    const said = await act('end', '2', '--warn', '0s', '--force', '--patience', '10s');
    expect([outcomes(said), stepsOf(said), changing()]).toEqual([[0, 'ended'], ['logoff'], ['RpcLogoff']]);
  });
});

function withUnkillable(world: object, pid: number): object {
  const { processes } = world as { readonly processes: readonly { readonly pid: number }[] };
  return { ...world, processes: processes.map((one) => (one.pid === pid ? { ...one, unkillable: true } : one)) };
}

describe('a number that another session has by now', () => {
  const everyAct = ['disconnect', 'logoff', 'reset', 'kill-logon', 'kill-all'] as const;

  test.each([
    ['of another user', { user: 'bob' }],
    ['of the same user, who logged on anew', { user: 'alice' }],
  ])('%s is not acted on, whatever was listed', async (_, heir) => {
    await hostWith();
    await using connection = await connectDriver(host, host.users.tsadmin);
    const target = await targetOf(connection, 2);
    await connection.presence(target, patience());
    await host.change({ replace: { id: 2, ...heir } });
    for (const one of everyAct) {
      await expect(connection.act(target, { act: one }, patience())).rejects.toMatchObject({ code: 'session_changed' });
    }
    const message = { title: 'x', text: 'x', buttons: [{ answer: 'ok', label: 'OK' }], stays: 1, countdown: null };
    await expect(
      connection.message(target, message as never, { shown: () => undefined }, patience()),
    ).rejects.toMatchObject({ code: 'session_changed' });
    expect(changing()).toEqual([]);
    expect(await connection.presence(target, patience())).toMatchObject({ kind: 'gone' });
    expect(await images(2)).toHaveLength(4);
  });

  test('between the look and the act is not acted on where handles are of sessions and not of numbers', async () => {
    const late = { call: 'TermSrvSession.RpcLogoff', session: 2, delay: 1 };
    await hostWith({}, { faults: [late] });
    await using connection = await connectDriver(host, host.users.tsadmin);
    const target = await targetOf(connection, 2);
    const logoff = connection.act(target, { act: 'logoff' }, patience());
    const failure = logoff.then(
      () => null,
      (error: unknown) => error,
    );
    await until(() => host.log().filter(({ call }) => call === 'TermSrvSession.RpcGetState').length === 1);
    await host.change({ replace: { id: 2, user: 'bob' } });
    expect(await failure).toMatchObject({ code: 'session_changed' });
    expect(await session(2)).toMatchObject({ user: 'bob', state: 'active' });
  });

  test('is refused to a key that was copied before', async () => {
    await hostWith();
    const env = { USHER_PASSWORD: host.users.tsadmin.password };
    const { sessions } = await listing({ home }, [urlOf(host, host.users.tsadmin)], { env });
    const key = sessions.find(({ id }) => id === 2)?.key ?? '';
    await host.change({ replace: { id: 2, user: 'alice' } });
    await using running = startUsher({ home }, ['logoff', key, '--yes', ...at()]);
    expect(await running.ended).not.toBe(0);
    expect(changing()).toEqual([]);
    expect(await session(2)).toMatchObject({ user: 'alice', state: 'active' });
  });
});

describe('a message', () => {
  const asking = (...args: readonly string[]): Promise<ActsSaid> =>
    act('message', '2', 'May I?', '--ask', 'yes-no', '--wait', '3s', ...args);

  test('is answered', async () => {
    await hostWith({ answer: 7, answerAfter: 1.3 });
    const said = await asking();
    expect([outcomes(said), said.acts[0]?.answer]).toEqual([[0, 'answered'], 'no']);
  });

  test('is shown again where its answer came sooner than it can be read', async () => {
    await hostWith({ answer: 7, answerAfter: 0.1 });
    expect(outcomes(await asking())).toEqual([1, 'unanswered']);
    const shown = host.log().filter(({ call }) => call === 'TermSrvSession.RpcShowMessageBox');
    expect(shown).toHaveLength(5);
  });

  test('that nobody answers is shown for its time', async () => {
    await hostWith({ answer: null });
    expect(outcomes(await act('message', '2', 'hello', '--wait', '1s'))).toEqual([0, 'shown']);
  });

  test('to a disconnected session is unseen', async () => {
    await hostWith();
    expect(outcomes(await act('message', '3', 'hello', '--wait', '1s'))).toEqual([1, 'unseen']);
  });
});

describe('a warning', () => {
  const textsShown = (): readonly string[] =>
    host
      .log()
      .flatMap(({ call, request }) =>
        call === 'TermSrvSession.RpcShowMessageBox' ? [String(request?.['szMessage'])] : [],
      );

  test('that is answered "log off now" ends the session', async () => {
    await hostWith({ answer: 7, answerAfter: 1.3 });
    const said = await act('end', '2', '--warn', '5m');
    expect([outcomes(said), stepsOf(said)]).toEqual([
      [0, 'ended'],
      ['warn', 'logoff'],
    ]);
    expect(textsShown()[0]).toMatch(/logged off in 5m 00s\.\n\nYes: 5 minutes more\.\nNo: Log off now\.$/);
  });

  test('that nobody answers is over in time, and the session is logged off then', async () => {
    await hostWith({ answer: null });
    const said = await act('end', '2', '--warn', '3s');
    expect([outcomes(said), stepsOf(said)]).toEqual([
      [0, 'ended'],
      ['warn', 'logoff'],
    ]);
  });

  test('that is called off says so, and nothing is done', async () => {
    await hostWith({ answer: null });
    await using running = startUsher({ home }, ['end', '2', '--warn', '5m', '--yes', ...at()]);
    await running.says(/the warning is on the screen/);
    running.interrupt();
    expect([await running.ended, changing()]).toEqual([130, []]);
    expect(await session(2)).toMatchObject({ state: 'active' });
  });
});
