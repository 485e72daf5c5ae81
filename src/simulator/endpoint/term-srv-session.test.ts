import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { nullHandle } from '../../wire/ndr/context-handle.ts';
import { termSrvSession } from '../../wire/ms-tsts/interfaces.ts';
import { closeSession } from '../../wire/ms-tsts/term-srv-session/close-session.ts';
import { connect } from '../../wire/ms-tsts/term-srv-session/connect.ts';
import { disconnect } from '../../wire/ms-tsts/term-srv-session/disconnect.ts';
import { getLoggedOnCount } from '../../wire/ms-tsts/term-srv-session/get-logged-on-count.ts';
import { getSessionCounters } from '../../wire/ms-tsts/term-srv-session/get-session-counters.ts';
import { getSessionInformationEx } from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import { getSessionInformation } from '../../wire/ms-tsts/term-srv-session/get-session-information.ts';
import { getSessionType } from '../../wire/ms-tsts/term-srv-session/get-session-type.ts';
import { getState } from '../../wire/ms-tsts/term-srv-session/get-state.ts';
import { getTerminalName } from '../../wire/ms-tsts/term-srv-session/get-terminal-name.ts';
import { getTimes } from '../../wire/ms-tsts/term-srv-session/get-times.ts';
import { getUserName } from '../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { isSessionDesktopLocked } from '../../wire/ms-tsts/term-srv-session/is-session-desktop-locked.ts';
import { logoff } from '../../wire/ms-tsts/term-srv-session/logoff.ts';
import { openSession } from '../../wire/ms-tsts/term-srv-session/open-session.ts';
import { showMessageBox } from '../../wire/ms-tsts/term-srv-session/show-message-box.ts';
import { PipeClient } from '../testing/pipe.ts';
import { accounts, anActiveSession, aWorld, endings } from '../testing/world.ts';
import type { Account } from '../world/account.ts';
import { logOff } from '../world/acts/log-off.ts';
import { theHost } from '../world/actor.ts';
import type { HostFacts } from '../world/host.ts';
import type { SimulatedSession } from '../world/session.ts';

const denied = 0x80070005 | 0;
const noSession = 0x80070002 | 0;

function lsm(as: Account = accounts.anna, behaves: readonly string[] = [], facts: Partial<HostFacts> = {}) {
  const world = aWorld({ behaves, ...facts });
  const session = anActiveSession(world.host);
  const client = new PipeClient(world.host, as, [termSrvSession]);
  return { ...world, world, session, client };
}

const opened = (client: PipeClient, { id }: SimulatedSession): ContextHandle =>
  client.ask(openSession, { sessionId: id }).phSession;

describe('a session that was opened', () => {
  test('tells its user, name, state, times and lock', () => {
    const { client, session } = lsm();
    const hSession = opened(client, session);
    expect(client.ask(getUserName, { hSession })).toEqual({ pszUserName: 'alice', pszDomain: 'CORP', returnValue: 0 });
    expect(client.ask(getTerminalName, { hSession })).toEqual({ pszTerminalName: 'RDP-Tcp#0', returnValue: 0 });
    expect(client.ask(getState, { hSession })).toEqual({ plState: 0, returnValue: 0 });
    expect(client.ask(getTimes, { hSession })).toMatchObject({ pLogonTime: session.loggedOnAt, returnValue: 0 });
    expect(client.ask(isSessionDesktopLocked, { hSession }).returnValue).toBeLessThan(0);
    session.locked = true;
    expect(client.ask(isSessionDesktopLocked, { hSession })).toEqual({ returnValue: 0 });
  });

  test('is closed once', () => {
    const { client, session } = lsm();
    const hSession = opened(client, session);
    expect(client.ask(closeSession, { phSession: hSession })).toEqual({ phSession: nullHandle, returnValue: 0 });
    expect(client.begin(closeSession, { phSession: hSession }).fault()).toBe('nca_s_fault_context_mismatch');
  });

  test('stands for itself, not for who has its id later', () => {
    const { client, session, host } = lsm(accounts.anna, ['id-reused user=bob']);
    const hSession = opened(client, session);
    logOff(host, session, theHost);
    expect(host.sessions.get(session.id)?.account?.name).toBe('bob');
    expect(client.ask(logoff, { hSession })).toEqual({ returnValue: noSession });
  });

  test('needs an id that there is', () => {
    const { client } = lsm();
    expect(client.ask(openSession, { sessionId: 99 })).toEqual({ phSession: nullHandle, returnValue: noSession });
  });

  test('belongs to its pipe', () => {
    const { client, session, host } = lsm();
    const hSession = opened(client, session);
    const other = new PipeClient(host, accounts.anna, [termSrvSession]);
    expect(other.begin(getState, { hSession }).fault()).toBe('nca_s_fault_context_mismatch');
  });
});

describe('an act', () => {
  test('of an administrator changes the world', () => {
    const { client, session, world } = lsm();
    const hSession = opened(client, session);
    expect(client.ask(disconnect, { hSession })).toEqual({ returnValue: 0 });
    expect(session.state).toBe('disconnected');
    expect(client.ask(disconnect, { hSession })).toEqual({ returnValue: 1 });
    expect(client.ask(logoff, { hSession })).toEqual({ returnValue: 0x10000000 });
    expect(endings(world)).toEqual([[session.id, 'logoff']]);
  });

  test('connects a session to the client of another', () => {
    const { client, session, host } = lsm();
    const other = anActiveSession(host, { account: accounts.bob, state: 'disconnected' });
    const request = { targetSessionId: session.id, szPassword: '' };
    expect(client.ask(connect, { hSession: opened(client, other), ...request })).toEqual({ returnValue: 1 });
    expect([session.state, other.state]).toEqual(['disconnected', 'active']);
  });

  test.each([
    ['disconnect', disconnect],
    ['logoff', logoff],
  ])('of a user without the right is refused: %s', (_name, call) => {
    const { client, session, ledger } = lsm(accounts.bob);
    expect(client.ask(call, { hSession: opened(client, session) })).toEqual({ returnValue: denied });
    expect(ledger.entries.filter(({ what }) => what.kind === 'act')).toEqual([]);
  });

  test('of a user on his own session is done', () => {
    const { client, session, world } = lsm(accounts.alice);
    client.ask(logoff, { hSession: opened(client, session) });
    expect(endings(world)).toEqual([[session.id, 'logoff']]);
  });
});

describe('a message', () => {
  const text = { szTitle: 'End', szMessage: 'Now?', ulStyle: 4, ulTimeout: 60 };

  test('is answered when the user does', () => {
    const { client, session, clock } = lsm(accounts.anna, ['answers-messages button=no after=3s']);
    const asked = client.begin(showMessageBox, { hSession: opened(client, session), ...text, bDoNotWait: false });
    clock.step(milliseconds(2999));
    expect(asked.answer()).toBeNull();
    clock.step(milliseconds(1));
    expect(asked.answer()).toEqual({ pulResponse: 7, returnValue: 0 });
  });

  test('does not keep other calls waiting', () => {
    const { client, session } = lsm();
    const hSession = opened(client, session);
    client.begin(showMessageBox, { hSession, ...text, bDoNotWait: false });
    expect(client.ask(getState, { hSession })).toMatchObject({ plState: 0 });
  });

  test('times out', () => {
    const { client, session, clock } = lsm();
    const asked = client.begin(showMessageBox, { hSession: opened(client, session), ...text, bDoNotWait: false });
    clock.step(milliseconds(60_000));
    expect(asked.answer()).toEqual({ pulResponse: 32_000, returnValue: 0 });
  });

  test('that nobody waits for is answered at once', () => {
    const { client, session } = lsm();
    const request = { hSession: opened(client, session), ...text, bDoNotWait: true };
    expect(client.ask(showMessageBox, request)).toEqual({ pulResponse: 32_001, returnValue: 0 });
  });

  test('fails where its session ends under it', () => {
    const { client, session, host } = lsm();
    const asked = client.begin(showMessageBox, { hSession: opened(client, session), ...text, bDoNotWait: false });
    logOff(host, session, theHost);
    expect(asked.answer()?.returnValue).toBeLessThan(0);
  });

  test('stays on the desktop when its caller is gone', () => {
    const { client, session, clock } = lsm();
    client.begin(showMessageBox, { hSession: opened(client, session), ...text, bDoNotWait: false });
    client.close();
    expect(session.boxes.size).toBe(1);
    clock.step(milliseconds(60_000));
    expect(session.boxes.size).toBe(0);
  });

  test('is refused to a user without the right', () => {
    const { client, session } = lsm(accounts.bob);
    const request = { hSession: opened(client, session), ...text, bDoNotWait: true };
    expect(client.ask(showMessageBox, request)).toEqual({ pulResponse: 0, returnValue: denied });
    expect(session.boxes.size).toBe(0);
  });
});

describe('information', () => {
  test('tells of a session by its id', () => {
    const { client, session } = lsm();
    const { lsmSessionInfoExPtr, returnValue } = client.ask(getSessionInformationEx, {
      sessionId: session.id,
      level: 1,
    });
    expect(returnValue).toBe(0);
    expect(lsmSessionInfoExPtr.value).toEqual({
      sessionState: 0,
      sessionFlags: 1,
      sessionName: 'RDP-Tcp#0',
      domainName: 'CORP',
      userName: 'alice',
      connectTime: session.connectedAt,
      disconnectTime: 0n,
      logonTime: session.loggedOnAt,
      lastInputTime: session.lastInputAt,
      protocolData: null,
    });
    expect(client.ask(getSessionInformation, { sessionId: session.id }).pSessionInfo).toMatchObject({
      pszUserName: 'alice',
      pszTerminalName: 'RDP-Tcp#0',
      desktopLocked: false,
    });
  });

  test('cuts names that are longer than their fields', () => {
    const { client, host } = lsm();
    const account = { ...accounts.alice, name: 'n'.repeat(60), domain: 'd'.repeat(60) };
    const { id } = anActiveSession(host, { account });
    const { value } = client.ask(getSessionInformationEx, { sessionId: id, level: 1 }).lsmSessionInfoExPtr;
    expect([value.userName, value.domainName]).toEqual(['n'.repeat(20), 'd'.repeat(17)]);
    expect(client.ask(getUserName, { hSession: client.ask(openSession, { sessionId: id }).phSession })).toMatchObject({
      pszUserName: account.name,
    });
  });

  test('tells of a listener that it listens', () => {
    const { client } = lsm();
    const { value } = client.ask(getSessionInformationEx, { sessionId: 65_536, level: 1 }).lsmSessionInfoExPtr;
    expect(value).toMatchObject({ sessionState: 6, sessionName: 'RDP-Tcp', sessionFlags: -1 });
  });

  test.each([
    [0, 1],
    [65_536, 2],
    [2, 3],
  ])('of session %i has the type %i', (sessionId, type) => {
    expect(lsm().client.ask(getSessionType, { sessionId })).toEqual({ pSessionType: type, returnValue: 0 });
  });

  test('is refused where the caller has no right to query', () => {
    const { client, session } = lsm(accounts.nobody);
    const told = client.ask(getSessionInformationEx, { sessionId: session.id, level: 1 });
    expect(told).toMatchObject({ returnValue: denied, lsmSessionInfoExPtr: { value: { userName: '' } } });
  });

  test('counts', () => {
    const { client, host } = lsm();
    anActiveSession(host, { account: accounts.bob, state: 'disconnected' });
    expect(client.ask(getLoggedOnCount, {})).toEqual({ pUserSessions: 2, pDeviceSessions: 0, returnValue: 0 });
    const counter = (dwCounterID: number) => ({
      counterHead: { dwCounterID, bResult: false },
      dwValue: 0,
      startTime: 0n,
    });
    const { pCounter } = client.ask(getSessionCounters, { pCounter: [4, 5, 12, 99].map(counter) });
    expect(pCounter.map(({ counterHead, dwValue }) => [counterHead.dwCounterID, counterHead.bResult, dwValue])).toEqual(
      [
        [4, true, 1],
        [5, true, 1],
        [12, true, 2],
        [0, false, 0],
      ],
    );
  });
});

describe('a behaviour of calls', () => {
  test('lets an answer come late', () => {
    const { client, session, clock } = lsm(accounts.anna, ['slow by=2s call=RpcGetState']);
    const hSession = opened(client, session);
    const asked = client.begin(getState, { hSession });
    expect(asked.answer()).toBeNull();
    clock.step(milliseconds(2000));
    expect(asked.answer()).toEqual({ plState: 0, returnValue: 0 });
  });

  test('of one session concerns no other', () => {
    const { client, host } = lsm();
    const mute = anActiveSession(host, { account: accounts.bob, behaves: ['never-answers'] });
    expect(client.begin(getSessionInformationEx, { sessionId: mute.id, level: 1 }).answer()).toBeNull();
    expect(client.ask(getSessionInformationEx, { sessionId: 2, level: 1 }).returnValue).toBe(0);
  });

  test('takes a right away', () => {
    const { client, session } = lsm(accounts.anna, ['access-denied right=disconnect']);
    const hSession = opened(client, session);
    expect(client.ask(disconnect, { hSession })).toEqual({ returnValue: denied });
    expect(client.ask(logoff, { hSession }).returnValue).toBeGreaterThanOrEqual(0);
  });
});
