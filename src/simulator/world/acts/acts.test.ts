import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../../sessions/duration.ts';
import { accounts, aClient, anActiveSession, aWorld, endings, heard, processNamed } from '../../testing/world.ts';
import { remote, theHost, user } from '../actor.ts';
import { noPace } from '../host.ts';
import { allSessions } from '../notifications.ts';
import { withValue } from '../registry/hive.ts';
import { keyPaths, winStation } from '../registry/windows-hive.ts';
import { dword, text } from '../registry/values.ts';
import { connect } from './connect.ts';
import { disconnect } from './disconnect.ts';
import { resetListener, setListening } from './listener.ts';
import { setLocked } from './lock.ts';
import { logOff, reset } from './log-off.ts';
import { logOn } from './log-on.ts';
import { shadow } from './shadow.ts';
import { shutDown } from './shut-down.ts';
import { terminate } from './terminate.ts';

const byAnna = remote(accounts.anna);
const everything = 0xffffffff;
const arrival = { account: accounts.alice, client: aClient };

describe('log on', () => {
  test('makes a session with a desktop, and whoever listens is told', () => {
    const { host } = aWorld();
    const told = host.notifications.subscribe(allSessions, everything);
    const outcome = logOn(host, { ...arrival, programs: [{ image: 'EXCEL.EXE', workingSet: 1 }] });
    expect(outcome).toMatchObject({ kind: 'logged-on', session: { id: 2, state: 'active', stationName: 'RDP-Tcp#0' } });
    expect(host.processesOf(2).map(({ image }) => image)).toEqual([
      'csrss.exe',
      'winlogon.exe',
      'dwm.exe',
      'fontdrvhost.exe',
      'rdpclip.exe',
      'sihost.exe',
      'taskhostw.exe',
      'explorer.exe',
      'EXCEL.EXE',
    ]);
    expect(heard(told)).toEqual(['2 create', '2 connect', '2 logon']);
  });

  test('leads a user back to the session that he left', () => {
    const { host } = aWorld();
    const left = anActiveSession(host, { state: 'disconnected' });
    expect(logOn(host, arrival)).toEqual({ kind: 'reconnected', session: left });
    expect(left).toMatchObject({ state: 'active', client: { name: 'PC-ALICE' } });
  });

  test('takes over the session that another client still shows, where a user has one', () => {
    const { host } = aWorld();
    const session = anActiveSession(host);
    const told = host.notifications.subscribe(allSessions, everything);
    logOn(host, arrival);
    expect(heard(told)).toEqual([`${session.id} disconnect`, `${session.id} connect`]);
  });

  test('makes a second session where the host allows a user several', () => {
    const { host } = aWorld();
    host.registry = withValue(host.registry, keyPaths.terminalServer, dword('fSingleSessionPerUser', 0), 0n);
    anActiveSession(host);
    expect(logOn(host, arrival)).toMatchObject({ kind: 'logged-on' });
  });

  test.each([
    ['drains', keyPaths.terminalServer, dword('TSServerDrainMode', 1), 'logons-disabled'],
    ['has logons off', keyPaths.winlogon, text('WinStationsDisabled', '1'), 'logons-disabled'],
    ['is full', winStation('RDP-Tcp'), dword('MaxInstanceCount', 0), 'no-room'],
  ])('is refused where the host %s', (_what, path, value, refusal) => {
    const { host } = aWorld();
    host.registry = withValue(host.registry, path, value, 0n);
    expect(logOn(host, arrival)).toEqual({ kind: 'refused', refusal });
    expect(host.sessions.size).toBe(2);
  });

  test('of somebody who comes back is not refused while the host drains', () => {
    const { host } = aWorld();
    anActiveSession(host, { state: 'disconnected' });
    host.registry = withValue(host.registry, keyPaths.terminalServer, dword('TSServerDrainMode', 1), 0n);
    expect(logOn(host, arrival)).toMatchObject({ kind: 'reconnected' });
  });
});

describe('disconnect', () => {
  test('takes the client away and leaves the programs', () => {
    const { host } = aWorld();
    const session = anActiveSession(host);
    const before = host.processesOf(session.id).length;
    disconnect(host, session, byAnna);
    expect(session).toMatchObject({ state: 'disconnected', stationName: '', client: null, disconnectedAt: host.now() });
    expect(host.processesOf(session.id)).toHaveLength(before);
  });

  test('of a session that is disconnected is refused', () => {
    const world = aWorld();
    const session = anActiveSession(world.host, { state: 'disconnected' });
    expect(disconnect(world.host, session, byAnna)).toEqual({ kind: 'refused', refusal: 'wrong-state' });
  });

  test('that comes late is not done to a session that has ended', () => {
    const late = { name: 'late', stands: ({ act }: { act: string }) => (act === 'disconnect' ? verdict : null) };
    const verdict = { kind: 'late', by: milliseconds(1000), meanwhile: null } as const;
    const { host, clock, ledger } = aWorld({ behaviours: [late] });
    const session = anActiveSession(host);
    disconnect(host, session, byAnna);
    logOff(host, session, byAnna);
    clock.step(milliseconds(1000));
    expect(ledger.entries.filter(({ what }) => what.kind === 'disconnected')).toEqual([]);
  });

  test('of a logon screen ends it', () => {
    const world = aWorld();
    const screen = world.host.sessions.get(1);
    if (screen === undefined) throw new Error('there is no console');
    disconnect(world.host, screen, byAnna);
    expect(endings(world)).toEqual([[1, 'disconnect']]);
    expect([...world.host.sessions.values()].filter(({ stationName }) => stationName === 'Console')).toHaveLength(1);
  });
});

describe('log off and reset', () => {
  test.each([
    ['logoff', logOff],
    ['reset', reset],
  ] as const)('%s ends the session with its processes', (cause, end) => {
    const world = aWorld();
    const session = anActiveSession(world.host);
    const told = world.host.notifications.subscribe(allSessions, everything);
    end(world.host, session, byAnna);
    expect(world.host.sessions.has(session.id)).toBe(false);
    expect(world.host.processesOf(session.id)).toEqual([]);
    expect(endings(world)).toEqual([[session.id, cause]]);
    expect(heard(told)).toEqual([`${session.id} logoff`, `${session.id} disconnect`, `${session.id} terminate`]);
  });

  test('take their time on a host that has a pace', () => {
    const { host, clock } = aWorld({ pace: { ...noPace, logoff: milliseconds(1500) } });
    const session = anActiveSession(host);
    logOff(host, session, byAnna);
    clock.step(milliseconds(1499));
    expect(session).toMatchObject({ ending: 'logoff', state: 'active' });
    clock.step(milliseconds(1));
    expect(host.sessions.has(session.id)).toBe(false);
  });

  test('of the services is refused', () => {
    const { host } = aWorld();
    const services = host.sessions.get(0);
    if (services === undefined) throw new Error('there are no services');
    expect(reset(host, services, byAnna)).toEqual({ kind: 'refused', refusal: 'access-denied' });
  });
});

describe('connect', () => {
  test('gives the client of one session to another', () => {
    const { host } = aWorld();
    const target = anActiveSession(host);
    const session = anActiveSession(host, { account: accounts.bob, state: 'disconnected' });
    connect(host, session, target, byAnna);
    expect(session).toMatchObject({ state: 'active', stationName: 'RDP-Tcp#0', client: { name: 'PC-ALICE' } });
    expect(target).toMatchObject({ state: 'disconnected', client: null });
  });

  test('moves a session to the console, which has one session then', () => {
    const { host } = aWorld();
    const [screen, session] = [host.sessions.get(1), anActiveSession(host, { state: 'disconnected' })];
    if (screen === undefined) throw new Error('there is no console');
    connect(host, session, screen, byAnna);
    const onConsole = [...host.sessions.values()].filter(({ stationName }) => stationName === 'Console');
    expect(onConsole).toEqual([session]);
  });

  test('is refused where the target has no client', () => {
    const { host } = aWorld();
    const target = anActiveSession(host, { state: 'disconnected' });
    const session = anActiveSession(host, { account: accounts.bob });
    expect(connect(host, session, target, byAnna)).toEqual({ kind: 'refused', refusal: 'wrong-state' });
  });
});

describe('terminate', () => {
  test('ends a program and leaves the session', () => {
    const { host } = aWorld();
    const session = anActiveSession(host);
    terminate(host, processNamed(host, session, 'EXCEL.EXE'), byAnna);
    expect(host.sessions.get(session.id)).toBe(session);
    expect(host.processesOf(session.id).some(({ image }) => image === 'EXCEL.EXE')).toBe(false);
  });

  test('ends a session with its winlogon', () => {
    const world = aWorld();
    const session = anActiveSession(world.host);
    terminate(world.host, processNamed(world.host, session, 'winlogon.exe'), byAnna);
    expect(endings(world)).toEqual([[session.id, 'logon-process-killed']]);
  });

  test('of a protected process is refused', () => {
    const { host } = aWorld();
    const session = anActiveSession(host);
    const csrss = processNamed(host, session, 'csrss.exe');
    expect(terminate(host, csrss, byAnna)).toEqual({ kind: 'refused', refusal: 'protected-process' });
    expect(host.processes.get(csrss.pid)).toBe(csrss);
  });

  test('of lsass crashes the host, which starts again without anybody', () => {
    const world = aWorld({ pace: { ...noPace, boot: milliseconds(60_000) } });
    const { host, clock } = world;
    const session = anActiveSession(host);
    const services = host.sessions.get(0);
    if (services === undefined) throw new Error('there are no services');
    terminate(host, processNamed(host, services, 'lsass.exe'), byAnna);
    expect(host.power).toBe('down');
    expect(endings(world)).toContainEqual([session.id, 'host-down']);
    clock.step(milliseconds(60_000));
    expect([host.power, [...host.sessions.keys()]]).toEqual(['up', [0, 1]]);
  });
});

describe('lock', () => {
  test('is told of', () => {
    const { host } = aWorld();
    const session = anActiveSession(host);
    const told = host.notifications.subscribe(session.id, everything);
    setLocked(host, session, true, user(accounts.alice));
    setLocked(host, session, false, user(accounts.alice));
    expect(heard(told)).toEqual([`${session.id} lock`, `${session.id} unlock`]);
  });
});

describe('a listener', () => {
  test('that is stopped lets nobody on', () => {
    const { host } = aWorld();
    const [listener] = host.listeners;
    if (listener === undefined) throw new Error('there is no listener');
    setListening(host, listener, false, byAnna);
    expect(logOn(host, arrival)).toMatchObject({ kind: 'refused' });
  });

  test('that is reset disconnects those who came through it', () => {
    const { host } = aWorld();
    const [listener] = host.listeners;
    if (listener === undefined) throw new Error('there is no listener');
    const session = anActiveSession(host);
    resetListener(host, listener, byAnna);
    expect(session.state).toBe('disconnected');
  });
});

describe('shutdown', () => {
  test('ends everything and the connections, and a restart brings the host back', () => {
    const world = aWorld({ pace: { ...noPace, shutdown: milliseconds(5000), boot: milliseconds(40_000) } });
    const { host, clock } = world;
    const session = anActiveSession(host);
    let hungUp = 0;
    host.whenDown(() => hungUp++);
    shutDown(host, 'restart', byAnna);
    expect(shutDown(host, 'restart', byAnna)).toEqual({ kind: 'refused', refusal: 'going-down' });
    clock.step(milliseconds(5000));
    expect([host.power, hungUp, endings(world)]).toEqual([
      'down',
      1,
      [
        [1, 'host-down'],
        [session.id, 'host-down'],
      ],
    ]);
    clock.step(milliseconds(40_000));
    expect([host.power, host.bootedAt]).toEqual(['up', host.now()]);
  });

  test('gives up what was under way', () => {
    const world = aWorld({ pace: { ...noPace, logoff: milliseconds(60_000) } });
    const session = anActiveSession(world.host);
    logOff(world.host, session, byAnna);
    shutDown(world.host, 'restart', theHost);
    world.clock.step(milliseconds(60_000));
    expect(endings(world).filter(([id]) => id === session.id)).toEqual([[session.id, 'host-down']]);
  });

  test('leaves nothing of the life before to be done', () => {
    const { host, clock } = aWorld();
    let done = 0;
    host.after(milliseconds(60_000), () => done++);
    shutDown(host, 'restart', byAnna);
    clock.step(milliseconds(60_000));
    expect([host.power, done]).toEqual(['up', 0]);
  });

  test('ends the draining that was to last until then', () => {
    const { host, clock } = aWorld();
    host.registry = withValue(host.registry, keyPaths.terminalServer, dword('TSServerDrainMode', 2), 0n);
    shutDown(host, 'restart', byAnna);
    clock.step(milliseconds(0));
    expect(host.dword(keyPaths.terminalServer, 'TSServerDrainMode')).toBe(0);
  });
});

describe('shadow', () => {
  test.each([
    [0, { control: false, asksUser: true }, 'policyDisabled'],
    [1, { control: true, asksUser: false }, 'policyPermissionRequired'],
    [2, { control: true, asksUser: false }, 'allow'],
    [3, { control: true, asksUser: false }, 'policyViewOnlyPermissionRequired'],
    [4, { control: true, asksUser: true }, 'policyViewOnly'],
    [4, { control: false, asksUser: false }, 'allow'],
  ])('is answered by the policy %i', (policy, request, expected) => {
    const { host } = aWorld();
    const session = anActiveSession(host);
    host.registry = withValue(host.registry, keyPaths.policies, dword('Shadow', policy), 0n);
    const told: string[] = [];
    shadow(host, session, request, byAnna, (response) => told.push(response));
    expect(told).toEqual([expected]);
  });

  test.each([
    ['yes', 'allow'],
    ['no', 'decline'],
  ])('is up to the user where he is asked: %s', (button, expected) => {
    const { host, clock } = aWorld({ behaves: [`answers-messages button=${button} after=2s`] });
    const session = anActiveSession(host);
    const told: string[] = [];
    shadow(host, session, { control: false, asksUser: true }, byAnna, (response) => told.push(response));
    expect(told).toEqual([]);
    clock.step(milliseconds(2000));
    expect(told).toEqual([expected]);
  });
});
