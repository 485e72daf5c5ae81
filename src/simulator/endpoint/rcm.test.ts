import { describe, expect, test } from 'vitest';
import { rcmListener, rcmPublic } from '../../wire/ms-tsts/interfaces.ts';
import { closeListener } from '../../wire/ms-tsts/rcm-listener/close-listener.ts';
import { isListening } from '../../wire/ms-tsts/rcm-listener/is-listening.ts';
import { openListener } from '../../wire/ms-tsts/rcm-listener/open-listener.ts';
import { startListener } from '../../wire/ms-tsts/rcm-listener/start-listener.ts';
import { stopListener } from '../../wire/ms-tsts/rcm-listener/stop-listener.ts';
import { getAllListeners } from '../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { getClientData } from '../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getConfigData } from '../../wire/ms-tsts/rcm-public/get-config-data.ts';
import { getLastInputTime } from '../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { getProtocolStatus } from '../../wire/ms-tsts/rcm-public/get-protocol-status.ts';
import { getRemoteAddress } from '../../wire/ms-tsts/rcm-public/get-remote-address.ts';
import { protocolStatusEx } from '../../wire/ms-tsts/structures/protocol-status.ts';
import { winStationClient } from '../../wire/ms-tsts/structures/winstation-client.ts';
import { winStationConfig } from '../../wire/ms-tsts/structures/winstation-config.ts';
import { decodeStructure } from '../../wire/ndr/c-structure.ts';
import { PipeClient } from '../testing/pipe.ts';
import { accounts, aClient, ago, anActiveSession, aWorld } from '../testing/world.ts';
import { seconds } from '../../sessions/duration.ts';
import type { Account } from '../world/account.ts';
import { citrix, remoteDesktop } from '../world/listener.ts';
import type { PlacedSession } from '../world/place-session.ts';
import { withValue } from '../world/registry/hive.ts';
import { dword } from '../world/registry/values.ts';
import { keyPaths, winStation } from '../world/registry/windows-hive.ts';
import { wireAddress } from './addresses.ts';

const denied = 0x80070005 | 0;
const noSession = 0x80070002 | 0;

function rcm(facts: Partial<PlacedSession> = {}, as: Account = accounts.anna) {
  const { host } = aWorld({ listeners: [remoteDesktop, citrix] });
  const { id: sessionId } = anActiveSession(host, facts);
  return { host, sessionId, client: new PipeClient(host, as, [rcmPublic]) };
}

describe('a client', () => {
  test('is told as it described itself', () => {
    const { client, sessionId } = rcm({ client: { ...aClient, name: 'N'.repeat(40) } });
    const { ppBuff } = client.ask(getClientData, { sessionId });
    expect(decodeStructure('client', winStationClient, ppBuff ?? new Uint8Array())).toMatchObject({
      clientName: 'N'.repeat(20),
      userName: 'alice',
      password: '',
      clientAddress: '192.0.2.17',
      hRes: 1920,
      protocolType: 2,
      clientTimeZone: { standardName: 'Romance Standard Time' },
    });
  });

  test('of ICA says so', () => {
    const { client, sessionId } = rcm({ listener: 'ica-tcp' });
    const { ppBuff } = client.ask(getClientData, { sessionId });
    expect(decodeStructure('client', winStationClient, ppBuff ?? new Uint8Array()).protocolType).toBe(1);
  });

  test('is nowhere once it is disconnected', () => {
    const { client, sessionId } = rcm({ state: 'disconnected' });
    expect(client.ask(getClientData, { sessionId })).toEqual({ ppBuff: null, returnValue: noSession });
    expect(client.ask(getRemoteAddress, { sessionId }).returnValue).toBe(noSession);
  });

  test('has the address that its packets come from', () => {
    const { client, sessionId } = rcm({ client: { ...aClient, peer: '198.51.100.4' } });
    const { pRemoteAddress } = client.ask(getRemoteAddress, { sessionId });
    expect(pRemoteAddress).toMatchObject({ tag: 2, value: { inAddr: Uint8Array.of(198, 51, 100, 4) } });
  });

  test('is hidden from whoever has no right to query', () => {
    const { client, sessionId } = rcm({}, accounts.nobody);
    expect(client.ask(getClientData, { sessionId })).toEqual({ ppBuff: null, returnValue: denied });
  });
});

test('the last input is told whoever is connected', () => {
  const { client, sessionId } = rcm({ state: 'disconnected' });
  expect(client.ask(getLastInputTime, { sessionId }).pLastInputTime).toBe(ago(seconds(90)));
});

test('bytes are counted in 32 bits, which run over, and in 64', () => {
  const traffic = {
    since: ago(seconds(10)),
    fromClient: 5,
    toClient: 2 ** 32,
    fromClientPerSecond: 2,
    toClientPerSecond: 1,
  };
  const { client, sessionId } = rcm({ traffic });
  const { ppProtoStatus } = client.ask(getProtocolStatus, { sessionId, infoType: 1 });
  const told = decodeStructure('status', protocolStatusEx, ppProtoStatus ?? new Uint8Array());
  expect([told.input.bytes, told.output.bytes, told.counters]).toEqual([25, 10, [2n ** 32n + 10n, 25n]]);
});

test.each([
  ['the policy', keyPaths.policies, 900_000],
  ['the listener, where no policy is set', winStation('RDP-Tcp'), 900_000],
])('limits in force are those of %s', (_what, path, expected) => {
  const { host, client, sessionId } = rcm();
  host.registry = withValue(host.registry, path, dword('fInheritMaxIdleTime', 0), 0n);
  host.registry = withValue(host.registry, path, dword('MaxIdleTime', 900_000), 0n);
  const { ppBuff } = client.ask(getConfigData, { sessionId });
  expect(decodeStructure('config', winStationConfig, ppBuff ?? new Uint8Array()).user.maxIdleTime).toBe(expected);
});

describe('a listener', () => {
  function opened(as: Account) {
    const { host } = aWorld();
    const client = new PipeClient(host, as, [rcmListener, rcmPublic]);
    const { phListener: hListener } = client.ask(openListener, { szListenerName: 'RDP-TCP' });
    return { host, client, hListener };
  }

  test('is stopped and started by an administrator', () => {
    const { client, hListener } = opened(accounts.anna);
    expect(client.ask(stopListener, { hListener })).toEqual({ returnValue: 0 });
    expect(client.ask(isListening, { hListener })).toEqual({ pbIsListening: false, returnValue: 0 });
    const { ppListeners } = client.ask(getAllListeners, { level: 1 });
    expect(ppListeners?.map(({ value }) => value)).toEqual([{ id: 65_536, bListening: false, name: 'RDP-Tcp' }]);
    client.ask(startListener, { hListener });
    expect(client.ask(isListening, { hListener }).pbIsListening).toBe(true);
  });

  test('is not stopped by anybody else', () => {
    const { client, hListener } = opened(accounts.bob);
    expect(client.ask(stopListener, { hListener })).toEqual({ returnValue: denied });
    expect(client.ask(isListening, { hListener })).toEqual({ pbIsListening: true, returnValue: 0 });
  });

  test('that there is not cannot be opened', () => {
    const { client } = opened(accounts.anna);
    expect(client.ask(openListener, { szListenerName: 'none' }).returnValue).toBe(noSession);
  });

  test('is closed once', () => {
    const { client, hListener } = opened(accounts.anna);
    client.ask(closeListener, { phListener: hListener });
    expect(client.begin(isListening, { hListener }).fault()).toBe('nca_s_fault_context_mismatch');
  });
});

describe('an address', () => {
  test.each([
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::7', '20010db8000000000000000000000007'],
    ['fe80:1:2:3:4:5:6:7', 'fe800001000200030004000500060007'],
  ])('%s is of IPv6', (text, bytes) => {
    const told = wireAddress(text);
    expect(told?.tag === 23 ? Buffer.from(told.value.sin6Addr).toString('hex') : null).toBe(bytes);
  });

  test.each(['', 'pc7', '1:2', '1::2::3', '1:2:3:4:5:6:7:8:9', 'g::1', '12345::1'])('%s is none', (text) => {
    expect(wireAddress(text)).toBeNull();
  });
});
