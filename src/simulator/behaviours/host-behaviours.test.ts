import { describe, expect, test } from 'vitest';
import { type Milliseconds, milliseconds } from '../../sessions/duration.ts';
import { getAllSessions } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions.ts';
import { rcmPublic, termSrvEnumeration, termSrvNotification, termSrvSession } from '../../wire/ms-tsts/interfaces.ts';
import { registerAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { waitAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { getSessionInformation } from '../../wire/ms-tsts/term-srv-session/get-session-information.ts';
import { openPipe, pipeNames } from '../endpoint/pipes.ts';
import { counting, PipeClient } from '../testing/pipe.ts';
import { accounts, aClient, anActiveSession, aWorld, endings, processNamed, start } from '../testing/world.ts';
import { remote, user } from '../world/actor.ts';
import { disconnect } from '../world/acts/disconnect.ts';
import { logOff } from '../world/acts/log-off.ts';
import { logOn } from '../world/acts/log-on.ts';
import { showMessage } from '../world/acts/message.ts';
import { shutDown } from '../world/acts/shut-down.ts';
import { terminate } from '../world/acts/terminate.ts';
import { allSessions } from '../world/notifications.ts';
import type { SimulatedHost } from '../world/host.ts';

const byAnna = remote(accounts.anna);
const inSeconds = (count: number): Milliseconds => milliseconds(1000 * count);
const warning = { title: 'End', text: 'Soon', style: 0, seconds: 60 };
const carrier = { send: () => undefined, closed: () => undefined, random: counting() };

const opens = (host: SimulatedHost): readonly string[] =>
  pipeNames.filter((name) => openPipe(host, name, accounts.anna, carrier) !== null);

const told = (client: PipeClient, sessionId: number) => client.ask(getSessionInformation, { sessionId }).pSessionInfo;

describe('user-reconnects', () => {
  test('from elsewhere, once, a while after somebody disconnected the session', () => {
    const { host, clock } = aWorld({ behaves: ['user-reconnects after=5s'] });
    const session = anActiveSession(host);
    disconnect(host, session, byAnna);
    clock.step(milliseconds(4999));
    expect(session.state).toBe('disconnected');
    clock.step(milliseconds(1));
    expect(session).toMatchObject({ state: 'active', client: { name: 'LAPTOP-HOME' } });
    disconnect(host, session, byAnna);
    clock.step(inSeconds(60));
    expect(session.state).toBe('disconnected');
  });

  test('as often as is said', () => {
    const { host, clock } = aWorld({ behaves: ['user-reconnects times=2'] });
    const session = anActiveSession(host);
    for (const _ of [1, 2]) {
      disconnect(host, session, byAnna);
      clock.step(inSeconds(5));
    }
    expect(session.state).toBe('active');
  });

  test('does not where he left by himself', () => {
    const { host, clock } = aWorld({ behaves: ['user-reconnects'] });
    const session = anActiveSession(host);
    disconnect(host, session, user(accounts.alice));
    clock.step(inSeconds(60));
    expect(session.state).toBe('disconnected');
  });

  test('after a warning, to a session that he had left', () => {
    const { host, clock } = aWorld({ behaves: ['user-reconnects on=warning after=10s'] });
    const session = anActiveSession(host, { state: 'disconnected' });
    showMessage(host, session, warning, byAnna);
    clock.step(inSeconds(10));
    expect(session).toMatchObject({ state: 'active', lastInputAt: host.now() });
  });

  test('does not to what has its id by now', () => {
    const { host, clock } = aWorld({ behaves: ['user-reconnects', 'id-reused user=bob'] });
    const session = anActiveSession(host);
    disconnect(host, session, byAnna);
    logOff(host, session, byAnna);
    clock.step(inSeconds(60));
    expect(host.sessions.get(session.id)).toMatchObject({ account: { name: 'bob' }, client: { name: 'NEWCOMER' } });
  });
});

describe('rdp-off', () => {
  test('keeps people out, and its pipe with them', () => {
    const { host } = aWorld({ behaves: ['rdp-off'] });
    expect(logOn(host, { account: accounts.bob, client: aClient })).toMatchObject({ refusal: 'logons-disabled' });
    expect(pipeNames.filter((name) => !opens(host).includes(name))).toEqual(['TermSrv_API_service']);
  });
});

describe('pipe-missing', () => {
  test.each(pipeNames)('hides %s, and no other', (pipe) => {
    const { host } = aWorld({ behaves: [`pipe-missing pipe=${pipe}`] });
    expect(opens(host)).toEqual(pipeNames.filter((name) => name !== pipe));
  });
});

describe('clock-skew', () => {
  test.each([
    ['-90s', -90],
    ['+90s', 90],
    ['2m', 120],
  ])('of %s is in what the host tells', (by, seconds) => {
    const { host } = aWorld({ behaves: [`clock-skew by=${by}`] });
    expect(host.now()).toBe(start + 10_000_000n * BigInt(seconds));
  });
});

describe('wrong-filetimes', () => {
  const client = (behaves: string) => {
    const { host } = aWorld();
    const session = anActiveSession(host, { behaves: [behaves] });
    return told(new PipeClient(host, accounts.anna, [termSrvSession]), session.id);
  };

  test('are zero', () => {
    expect(client('wrong-filetimes')).toMatchObject({ logonTime: 0n, connectTime: 0n, disconnectTime: 0n });
  });

  test('are some hours after 1601, of one kind alone', () => {
    const { logonTime, connectTime } = client('wrong-filetimes as=early of=logon');
    expect([logonTime, connectTime]).toEqual([180_000_000_000n, start - 36_000_000_000n]);
  });

  test('are in the future, but for what has not been', () => {
    const { logonTime, disconnectTime } = client('wrong-filetimes as=future');
    expect([logonTime > start, disconnectTime]).toEqual([true, 0n]);
  });
});

describe('drains', () => {
  test('lets those come back who have a session, and nobody else in', () => {
    const { host } = aWorld({ behaves: ['drains'] });
    anActiveSession(host, { state: 'disconnected' });
    expect(logOn(host, { account: accounts.alice, client: aClient })).toMatchObject({ kind: 'reconnected' });
    expect(logOn(host, { account: accounts.bob, client: aClient })).toMatchObject({ refusal: 'logons-disabled' });
  });

  test.each([
    ['changed', 'refused'],
    ['restart', 'logged-on'],
  ])('until %s: after a restart somebody is %s', (until, kind) => {
    const { host, clock } = aWorld({ behaves: [`drains until=${until}`] });
    shutDown(host, 'restart', byAnna);
    clock.step(milliseconds(0));
    expect(logOn(host, { account: accounts.bob, client: aClient }).kind).toBe(kind);
  });
});

describe('refuses-logons-at-quota', () => {
  test('counts users, and lets those come back who are among them', () => {
    const { host } = aWorld({ behaves: ['refuses-logons-at-quota quota=2'] });
    anActiveSession(host, { state: 'disconnected' });
    expect(logOn(host, { account: accounts.bob, client: aClient })).toMatchObject({ kind: 'logged-on' });
    expect(logOn(host, { account: accounts.nobody, client: aClient })).toMatchObject({ refusal: 'no-room' });
    expect(logOn(host, { account: accounts.alice, client: aClient })).toMatchObject({ kind: 'reconnected' });
  });
});

describe('silent-notifications', () => {
  test('are registered for, and never come', () => {
    const { host } = aWorld({ behaves: ['silent-notifications'] });
    const client = new PipeClient(host, accounts.anna, [termSrvNotification]);
    const { phNotify, returnValue } = client.ask(registerAsyncNotification, { sessionId: allSessions, mask: 0xff });
    const waited = client.begin(waitAsyncNotification, { hNotify: phNotify });
    logOff(host, anActiveSession(host), byAnna);
    expect([returnValue, waited.answer(), waited.fault()]).toEqual([0, null, null]);
  });
});

describe('loses-rights', () => {
  const listed = (client: PipeClient): number => client.ask(getAllSessions, { pLevel: 1 }).ppSessionData?.length ?? 0;

  test('leaves sessions out of what is listed from a call on', () => {
    const { host } = aWorld({ behaves: ['loses-rights after=1 account=anna'] });
    anActiveSession(host);
    const client = new PipeClient(host, accounts.anna, [termSrvEnumeration]);
    expect([listed(client) > 0, listed(client)]).toEqual([true, 0]);
  });

  test('takes the right to end processes away, too', () => {
    const { host } = aWorld({ behaves: ['loses-rights after=0'] });
    const session = anActiveSession(host);
    const excel = processNamed(host, session, 'EXCEL.EXE');
    expect(terminate(host, excel, byAnna)).toEqual({ kind: 'done' });
    const client = new PipeClient(host, accounts.anna, [termSrvSession]);
    expect(() => told(client, session.id)).not.toThrow();
    const word = processNamed(host, session, 'WINWORD.EXE');
    expect(terminate(host, word, byAnna)).toEqual({ kind: 'refused', refusal: 'access-denied' });
  });
});

describe('reboots', () => {
  test('ends sessions and connections at its time, once, and comes back as another boot', () => {
    const world = aWorld({ behaves: ['reboots at=10m down=30s'] });
    const { host, clock } = world;
    const session = anActiveSession(host);
    const client = new PipeClient(host, accounts.anna, [rcmPublic]);
    const { bootedAt } = host;
    clock.step(inSeconds(600));
    expect([host.power, client.isClosed, endings(world).at(-1)]).toEqual(['down', true, [session.id, 'host-down']]);
    clock.step(inSeconds(30));
    expect([host.power, host.bootedAt > bootedAt]).toEqual(['up', true]);
    clock.step(inSeconds(6000));
    expect(world.ledger.entries.filter(({ what }) => what.kind === 'went-down')).toHaveLength(1);
  });

  test('at a call, which is not answered', () => {
    const { host, clock } = aWorld({ behaves: ['reboots call=RpcGetSessionInformation'] });
    const session = anActiveSession(host);
    const client = new PipeClient(host, accounts.anna, [termSrvSession]);
    const asked = client.begin(getSessionInformation, { sessionId: session.id });
    expect([client.isClosed, asked.answer(), asked.fault()]).toEqual([true, null, null]);
    clock.step(inSeconds(30));
    expect(host.power).toBe('up');
  });
});
