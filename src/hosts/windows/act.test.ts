import { describe, expect, test, vi } from 'vitest';
import { connect } from '../../wire/ms-tsts/term-srv-session/connect.ts';
import { disconnect } from '../../wire/ms-tsts/term-srv-session/disconnect.ts';
import { getLastInputTime } from '../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { getUserName } from '../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { logoff } from '../../wire/ms-tsts/term-srv-session/logoff.ts';
import { getAllProcessesNt6 } from '../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { getSessionInformationEx } from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import type { HostFacts, SessionFacts } from './facts.ts';
import { actingOn, bob, targetIn, world } from './testing/acting.ts';
import { ago, alice, console, disconnected, instantAgo, process, services, system, winlogon } from './testing/facts.ts';
import { answer } from './testing/host.ts';
import { never } from './testing/reading.ts';
import { refuse } from './testing/started.ts';

const target = targetIn(world, 2);
const withAlice = (changes: Partial<SessionFacts>): HostFacts => ({
  ...world,
  sessions: [services, { ...alice, ...changes }, bob],
});
const denied = 0x80070005 | 0;

describe('disconnect and log-off', () => {
  test.each([
    ['disconnect', 'RpcDisconnect'],
    ['logoff', 'RpcLogoff'],
  ] as const)('%s is done on the handle that was compared, which is closed then', async (act, call) => {
    const { connection, server, did } = await actingOn();
    await connection.list(never);
    const before = server.calls.length;
    expect(await connection.act(target, { act }, never)).toEqual({ did: [`${call}: session 2 of alice`] });
    expect(did).toEqual([`${call} 2`]);
    await vi.waitFor(() => expect(server.calls.at(-1)).toBe('RpcCloseSession'));
    const [first, ...others] = server.calls.slice(before);
    expect(first).toBe('RpcOpenSession');
    expect(others.slice(0, 3).toSorted()).toEqual(['RpcGetState', 'RpcGetTimes', 'RpcGetUserName']);
    expect(others.slice(3)).toEqual([call, 'RpcCloseSession']);
  });

  test('wait for the host three times: open, compare, act', async () => {
    const { connection, smb } = await actingOn();
    await connection.list(never);
    const before = smb.waits;
    await connection.act(target, { act: 'disconnect' }, never);
    expect(smb.waits - before).toBe(3);
  });

  test.each<[string, HostFacts]>([
    ['whose id is another user’s by now', withAlice({ user: 'mallory' })],
    ['of a namesake of another domain', withAlice({ domain: 'OTHER' })],
    ['who logged on anew', withAlice({ times: { ...alice.times, loggedOn: ago(5) } as typeof alice.times })],
    ['who logged off', withAlice({ user: '', domain: '' })],
    ['that is no longer there', { ...world, sessions: [services, bob] }],
    ['of another boot', { ...world, processes: [process({ ...system, createTime: ago(50) })] }],
  ])('of a session %s: session_changed, and nothing is done', async (_, now) => {
    const { connection, did } = await actingOn(now);
    await expect(connection.act(target, { act: 'logoff' }, never)).rejects.toMatchObject({
      code: 'session_changed',
      host: 'wh1',
      message: expect.stringMatching(/: nothing was done$/) as unknown,
    });
    expect(did).toEqual([]);
  });

  test('of an identity whose boot was not seen goes by all the rest', async () => {
    const { connection, did } = await actingOn();
    const identity = { ...target.identity, boot: '0' } as typeof target.identity;
    await connection.act({ ...target, identity }, { act: 'logoff' }, never);
    expect(did).toEqual(['RpcLogoff 2']);
  });

  test('of a session whose name an older host’s list cut is done', async () => {
    const long = { ...alice, user: `a-user-of-twenty-lette${'r'.repeat(10)}` };
    const facts = { ...world, sessions: [services, long] };
    const cut = { ...target, identity: { ...target.identity, account: `CORP\\${long.user.slice(0, 20)}` } as never };
    const { connection, did } = await actingOn(facts);
    await connection.act(cut, { act: 'logoff' }, never);
    expect(did).toEqual(['RpcLogoff 2']);
  });

  test('of an account that only begins alike is not done', async () => {
    const { connection, did } = await actingOn(withAlice({ user: 'alice2' }));
    await expect(connection.act(target, { act: 'logoff' }, never)).rejects.toMatchObject({ code: 'session_changed' });
    expect(did).toEqual([]);
  });

  test.each([
    ['disconnect', disconnect, 'WINSTATION_DISCONNECT'],
    ['logoff', logoff, 'WINSTATION_LOGOFF'],
  ] as const)(
    '%s that is refused says which permission is missing, and how to give it',
    async (act, call, permission) => {
      for (const no of [answer<object, { returnValue: number }>(call, () => ({ returnValue: denied })), refuse(call)]) {
        const { connection } = await actingOn(world, no);
        await expect(connection.act(target, { act }, never)).rejects.toMatchObject({
          code: 'access_denied',
          message: `the account may not do this, it needs ${permission} for session 2: nothing was done`,
          hint: expect.stringContaining('Win32_TSPermissionsSetting') as unknown,
        });
      }
    },
  );

  test('is not done where the host does not say whose session it is', async () => {
    const { connection, did } = await actingOn(world, refuse(getUserName));
    await expect(connection.act(target, { act: 'logoff' }, never)).rejects.toMatchObject({
      code: 'access_denied',
      message: expect.stringContaining('WINSTATION_QUERY') as unknown,
    });
    expect(did).toEqual([]);
  });

  test('that fails in the host by a code without a name is refused, and not taken for a broken answer', async () => {
    const { connection } = await actingOn(
      world,
      answer(logoff, () => ({ returnValue: 0x80040abc | 0 })),
    );
    await expect(connection.act(target, { act: 'logoff' }, never)).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

describe('a reason', () => {
  const reason = { state: 'active', lastInputAt: instantAgo(600) } as const;

  test('that still holds lets the act be done', async () => {
    const { connection, did } = await actingOn();
    await connection.act({ ...target, reason }, { act: 'disconnect' }, never);
    expect(did).toEqual(['RpcDisconnect 2']);
  });

  test.each<[string, HostFacts, string]>([
    ['a client that left', withAlice({ state: 4 }), 'it was active, it is disconnected now'],
    ['an input', withAlice({ lastInputTime: ago(3) }), 'its user came back at'],
  ])('is taken away by %s', async (_, now, why) => {
    const { connection, did } = await actingOn(now);
    const act = connection.act({ ...target, reason }, { act: 'disconnect' }, never);
    await expect(act).rejects.toMatchObject({
      code: 'session_changed',
      message: expect.stringContaining(why) as unknown,
    });
    expect(did).toEqual([]);
  });

  test('of an input is compared with LSM’s where the protocol tells of none', async () => {
    const { connection, did } = await actingOn(
      withAlice({ times: { ...alice.times, lastInput: ago(2) } as typeof alice.times }),
      refuse(getLastInputTime),
    );
    const act = connection.act({ ...target, reason }, { act: 'disconnect' }, never);
    await expect(act).rejects.toMatchObject({ code: 'session_changed' });
    expect(did).toEqual([]);
  });

  test('of an input that nobody tells any more is not taken for one that holds', async () => {
    const { connection, did } = await actingOn(world, refuse(getLastInputTime), refuse(getSessionInformationEx));
    const act = connection.act({ ...target, reason }, { act: 'disconnect' }, never);
    await expect(act).rejects.toMatchObject({ code: 'not_allowed' });
    expect(did).toEqual([]);
  });
});

describe('a session that nobody is logged on to', () => {
  const empty = {
    ...alice,
    user: '',
    domain: '',
    state: 1,
    times: { ...disconnected.times, loggedOn: 0n } as typeof alice.times,
  };
  const facts: HostFacts = { ...world, sessions: [services, empty] };
  const unused = targetIn(facts, 2);

  test('is known by its winlogon.exe', async () => {
    const { connection, did } = await actingOn(facts);
    await connection.act(unused, { act: 'logoff' }, never);
    expect(did).toEqual(['RpcLogoff 2']);
  });

  test.each<[string, HostFacts]>([
    ['has another winlogon.exe', { ...facts, processes: [system, { ...winlogon, createTime: ago(1) }] }],
    ['is somebody’s by now', world],
  ])('that %s is session_changed', async (_, now) => {
    const { connection, did } = await actingOn(now);
    await expect(connection.act(unused, { act: 'disconnect' }, never)).rejects.toMatchObject({
      code: 'session_changed',
    });
    expect(did).toEqual([]);
  });

  test('whose processes are hidden is not acted on', async () => {
    const { connection, did } = await actingOn(facts, refuse(getAllProcessesNt6));
    await expect(connection.act(unused, { act: 'disconnect' }, never)).rejects.toMatchObject({ code: 'not_allowed' });
    expect(did).toEqual([]);
  });

  test('of the console is not logged off', async () => {
    const atConsole = { ...world, sessions: [services, console], processes: [system, { ...winlogon, sessionId: 1 }] };
    const { connection, did } = await actingOn(atConsole);
    const act = connection.act(targetIn(atConsole, 1), { act: 'logoff' }, never);
    await expect(act).rejects.toMatchObject({ code: 'not_allowed' });
    expect(did).toEqual([]);
  });
});

describe('what is nobody’s session', () => {
  test.each([
    ['services', 0],
    ['a listener', 65_536],
  ])('%s: nothing is done, nor even asked', async (_, id) => {
    const identity = {
      kind: 'windows-winlogon',
      host: 'wh1',
      boot: '0',
      sessionId: id,
      pid: 0,
      startTime: '0',
    } as const;
    const { connection, server } = await actingOn();
    for (const act of ['disconnect', 'logoff', 'reset', 'kill-logon', 'kill-all'] as const) {
      await expect(connection.act({ identity, id, reason: null, traces: [] }, { act }, never)).rejects.toMatchObject({
        code: 'not_allowed',
      });
    }
    expect(server.calls).toEqual([]);
  });
});

describe('connect', () => {
  const asked: unknown[] = [];
  const success = answer(connect, ({ hSession, targetSessionId, szPassword }) => {
    asked.push([hSession.attributes, targetSessionId, szPassword]);
    return { returnValue: 1 };
  });
  const to = targetIn(world, 3);

  test('shows the session by the client of the other one, without a password', async () => {
    asked.splice(0);
    const { connection } = await actingOn(world, success);
    await connection.act(target, { act: 'connect', to }, never);
    expect(asked).toEqual([[2, 3, '']]);
  });

  test.each<[string, HostFacts]>([
    ['the session', withAlice({ user: 'mallory' })],
    ['the other one', { ...world, sessions: [services, alice, { ...bob, user: 'mallory' }] }],
  ])('is not done where %s is another one by now', async (_, now) => {
    asked.splice(0);
    const { connection } = await actingOn(now, success);
    await expect(connection.act(target, { act: 'connect', to }, never)).rejects.toMatchObject({
      code: 'session_changed',
    });
    expect(asked).toEqual([]);
  });

  test('that is refused names both permissions', async () => {
    const { connection } = await actingOn(
      world,
      answer(connect, () => ({ returnValue: denied })),
    );
    await expect(connection.act(target, { act: 'connect', to }, never)).rejects.toMatchObject({
      message: expect.stringMatching(
        /WINSTATION_CONNECT for session 2 and WINSTATION_DISCONNECT for session 3/,
      ) as unknown,
    });
  });

  test('to itself is not allowed', async () => {
    const { connection } = await actingOn(world, success);
    const act = connection.act(target, { act: 'connect', to: target }, never);
    await expect(act).rejects.toMatchObject({ code: 'not_allowed' });
  });
});
