import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Milliseconds, milliseconds } from '../../../sessions/duration.ts';
import { access } from '../../../wire/ms-rrp/access.ts';
import { winreg } from '../../../wire/ms-rrp/interface.ts';
import { openKey } from '../../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import { setValue } from '../../../wire/ms-rrp/set-value.ts';
import { PipeClient } from '../../testing/pipe.ts';
import { accounts, aClient, anActiveSession, aWorld, endings, start, type World } from '../../testing/world.ts';
import { remote, user } from '../actor.ts';
import { connect } from '../acts/connect.ts';
import { disconnect } from '../acts/disconnect.ts';
import { input } from '../acts/lock.ts';
import { logOn, welcome } from '../acts/log-on.ts';
import { shutDown } from '../acts/shut-down.ts';
import { type HiveValue, withoutValue, withValue } from '../registry/hive.ts';
import { dword, text } from '../registry/values.ts';
import { keyPaths, winStation } from '../registry/windows-hive.ts';

const byAnna = remote(accounts.anna);
const minutes = (count: number): Milliseconds => milliseconds(60_000 * count);
const tenMinutes = minutes(10);
const arrival = { account: accounts.alice, client: aClient };

function set({ host }: World, path: readonly string[], ...values: readonly HiveValue[]): void {
  for (const value of values) host.registry = withValue(host.registry, path, value, host.now());
}

/** A host with values of the policy, and Alice on it, who has just typed. */
function aLimitedWorld(values: readonly HiveValue[], behaves: readonly string[] = []) {
  const world = aWorld();
  set(world, keyPaths.policies, ...values);
  const session = anActiveSession(world.host, { lastInputAt: start, connectedAt: start, behaves });
  return { ...world, session };
}

const titles = ({ ledger }: World): readonly string[] =>
  ledger.entries.flatMap(({ what }) => (what.kind === 'message-shown' ? [what.title] : []));

describe('MaxIdleTime', () => {
  test('warns, and disconnects two minutes later', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', tenMinutes)]);
    const { clock, session } = world;
    clock.step(milliseconds(tenMinutes - 1));
    expect(titles(world)).toEqual([]);
    clock.step(milliseconds(1));
    expect(titles(world)).toEqual(['Idle timer expired']);
    clock.step(milliseconds(minutes(2) - 1));
    expect(session.state).toBe('active');
    clock.step(milliseconds(1));
    expect([session.state, endings(world)]).toEqual(['disconnected', []]);
  });

  test('begins anew with every input', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', tenMinutes)]);
    world.clock.step(minutes(9));
    input(world.host, world.session);
    world.clock.step(minutes(9));
    expect(titles(world)).toEqual([]);
    world.clock.step(minutes(1));
    expect(titles(world)).toHaveLength(1);
  });

  test('leaves a session alone whose user types after the warning', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', tenMinutes)]);
    world.clock.step(minutes(11));
    input(world.host, world.session);
    world.clock.step(minutes(9));
    expect([world.session.state, titles(world).length]).toEqual(['active', 1]);
  });

  test('takes an answer to the warning for input', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', tenMinutes)], ['answers-messages after=30s']);
    world.clock.step(minutes(13));
    expect(world.session).toMatchObject({ state: 'active', lastInputAt: start + 10_000n * BigInt(630_000) });
  });

  test('ends the session instead, with fResetBroken', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', tenMinutes), dword('fResetBroken', 1)]);
    world.clock.step(minutes(12));
    expect(endings(world)).toEqual([[world.session.id, 'logoff']]);
  });

  test.each([0, 0xffffffff])('of %i is no limit', (never) => {
    const world = aLimitedWorld([dword('MaxIdleTime', never)]);
    world.clock.step(minutes(10_000));
    expect(world.session.state).toBe('active');
  });

  test('takes effect on those who are there when it is set', () => {
    const world = aWorld();
    const session = anActiveSession(world.host, { lastInputAt: start });
    world.clock.step(minutes(60));
    set(world, keyPaths.policies, dword('MaxIdleTime', tenMinutes));
    world.clock.step(minutes(2));
    expect([titles(world).length, session.state]).toEqual([1, 'disconnected']);
  });

  test('takes effect when it is set over the network', () => {
    const { host, clock } = aWorld();
    const session = anActiveSession(host, { lastInputAt: start });
    const client = new PipeClient(host, accounts.anna, [winreg]);
    const samDesired = access.maximumAllowed;
    const { phKey } = client.ask(openLocalMachine, { serverName: null, samDesired });
    const lpSubKey = keyPaths.policies.join('\\');
    const { phkResult: hKey } = client.ask(openKey, { hKey: phKey, lpSubKey, dwOptions: 0, samDesired });
    client.ask(setValue, { hKey, lpValueName: 'MaxIdleTime', dwType: 4, lpData: Uint8Array.of(0x60, 0xea, 0, 0) });
    clock.step(minutes(3));
    expect(session).toMatchObject({ state: 'disconnected', disconnectedAt: host.now() });
  });

  test('disconnects whoever is idle for that long and 2 minutes more, never sooner and never later', () => {
    const pauses = fc.array(fc.integer({ min: 1, max: 20 * 60_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(pauses, (all) => {
        const { host, clock, session } = aLimitedWorld([dword('MaxIdleTime', tenMinutes)]);
        for (const pause of all) {
          clock.step(milliseconds(pause));
          const isOver = pause >= minutes(12);
          expect(session.state).toBe(isOver ? 'disconnected' : 'active');
          if (isOver) return;
          input(host, session);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('no longer takes effect once it is taken away', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', tenMinutes)]);
    const { host } = world;
    world.clock.step(minutes(11));
    host.registry = withoutValue(host.registry, keyPaths.policies, 'MaxIdleTime', host.now());
    world.clock.step(minutes(60));
    expect(world.session.state).toBe('active');
  });

  test('still counts after a restart of the host', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', tenMinutes)]);
    const { host, clock } = world;
    shutDown(host, 'restart', byAnna);
    clock.step(milliseconds(0));
    logOn(host, arrival);
    clock.step(minutes(12));
    expect(host.allSessions().find(({ account }) => account !== null)?.state).toBe('disconnected');
  });
});

describe('the console', () => {
  test('is exempt', () => {
    const world = aWorld();
    set(world, keyPaths.policies, dword('MaxIdleTime', tenMinutes), dword('MaxConnectionTime', tenMinutes));
    const console = world.host.sessions.get(1);
    if (console === undefined) throw new TypeError('no console');
    welcome(world.host, console, accounts.bob, [], user(accounts.bob));
    world.clock.step(minutes(60));
    expect(console.state).toBe('active');
  });

  test('exempts a session that is shown there', () => {
    const world = aWorld();
    set(world, keyPaths.policies, dword('MaxIdleTime', tenMinutes));
    const session = anActiveSession(world.host);
    const console = world.host.sessions.get(1);
    if (console === undefined) throw new TypeError('no console');
    connect(world.host, session, console, byAnna);
    world.clock.step(minutes(60));
    expect(session).toMatchObject({ state: 'active', stationName: 'Console' });
  });
});

describe('MaxConnectionTime', () => {
  test('disconnects whoever works on', () => {
    const world = aLimitedWorld([dword('MaxConnectionTime', minutes(30))]);
    for (let minute = 1; minute <= 32; minute++) {
      input(world.host, world.session);
      world.clock.step(minutes(1));
    }
    expect(titles(world)).toEqual(['Logon time limit']);
    expect(world.session.state).toBe('disconnected');
  });
});

describe('MaxDisconnectionTime', () => {
  test('ends a session that is left, without a warning', () => {
    const world = aLimitedWorld([dword('MaxDisconnectionTime', tenMinutes)]);
    world.clock.step(minutes(5));
    disconnect(world.host, world.session, byAnna);
    world.clock.step(milliseconds(tenMinutes - 1));
    expect(endings(world)).toEqual([]);
    world.clock.step(milliseconds(1));
    expect([endings(world), titles(world)]).toEqual([[[world.session.id, 'logoff']], []]);
  });

  test('follows upon MaxIdleTime', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', tenMinutes), dword('MaxDisconnectionTime', tenMinutes)]);
    world.clock.step(minutes(22));
    expect(endings(world)).toEqual([[world.session.id, 'logoff']]);
  });

  test('is tried once where the log-off hangs', () => {
    const world = aLimitedWorld([dword('MaxDisconnectionTime', tenMinutes)], ['hangs-on-logoff']);
    disconnect(world.host, world.session, byAnna);
    world.clock.step(minutes(60));
    const tried = world.ledger.entries.filter(({ what }) => what.kind === 'act' && what.act === 'logoff');
    expect([tried.length, endings(world)]).toEqual([1, []]);
  });
});

describe('the value of a listener', () => {
  test('counts where the listener does not leave it to the user', () => {
    const world = aWorld();
    set(world, winStation('RDP-Tcp'), dword('MaxIdleTime', tenMinutes), dword('fInheritMaxIdleTime', 0));
    const session = anActiveSession(world.host, { lastInputAt: start });
    world.clock.step(minutes(12));
    expect(session.state).toBe('disconnected');
  });

  test('does not where it does', () => {
    const world = aWorld();
    set(world, winStation('RDP-Tcp'), dword('MaxIdleTime', tenMinutes));
    const session = anActiveSession(world.host);
    world.clock.step(minutes(60));
    expect(session.state).toBe('active');
  });

  test('gives way to the policy', () => {
    const world = aLimitedWorld([dword('MaxIdleTime', 0)]);
    set(world, winStation('RDP-Tcp'), dword('MaxIdleTime', tenMinutes), dword('fInheritMaxIdleTime', 0));
    world.clock.step(minutes(60));
    expect(world.session.state).toBe('active');
  });
});

describe('whoever logs on', () => {
  test('joins his session where the policy allows him one, whatever the host itself says', () => {
    const world = aWorld();
    const session = anActiveSession(world.host);
    set(world, keyPaths.terminalServer, dword('fSingleSessionPerUser', 0));
    set(world, keyPaths.policies, dword('fSingleSessionPerUser', 1));
    expect(logOn(world.host, arrival)).toEqual({ kind: 'reconnected', session });
  });

  test('is refused beyond the MaxInstanceCount of the policy, also where he left a session', () => {
    const world = aWorld();
    set(world, keyPaths.policies, dword('MaxInstanceCount', 1));
    anActiveSession(world.host, { account: accounts.bob });
    anActiveSession(world.host, { state: 'disconnected' });
    expect(logOn(world.host, arrival)).toEqual({ kind: 'refused', refusal: 'no-room' });
  });

  test('takes his own session over on a host that is full', () => {
    const world = aWorld();
    set(world, keyPaths.policies, dword('MaxInstanceCount', 1));
    const session = anActiveSession(world.host);
    expect(logOn(world.host, arrival)).toEqual({ kind: 'reconnected', session });
  });

  test('does not come back while logons are off', () => {
    const world = aWorld();
    anActiveSession(world.host, { state: 'disconnected' });
    set(world, keyPaths.winlogon, text('WinStationsDisabled', '1'));
    expect(logOn(world.host, arrival)).toEqual({ kind: 'refused', refusal: 'logons-disabled' });
  });

  test('is refused where the policy turns Remote Desktop off', () => {
    const world = aWorld();
    set(world, keyPaths.policies, dword('fDenyTSConnections', 1));
    expect(logOn(world.host, arrival)).toEqual({ kind: 'refused', refusal: 'logons-disabled' });
  });
});
