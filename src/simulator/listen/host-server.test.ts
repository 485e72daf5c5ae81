import { expect, test } from 'vitest';
import { ntStatus } from '../../wire/ms-erref/ntstatus.ts';
import { NtlmClient } from '../../wire/ntlm/client.ts';
import { ntowfv1 } from '../../wire/ntlm/keys.ts';
import { clientFacts } from '../../wire/ntlm/testing/logon.ts';
import { RawClient, raw, createOf, related } from '../../wire/smb/server/testing/raw-client.ts';
import { create } from '../../wire/smb/messages/create.ts';
import { treeConnect } from '../../wire/smb/messages/tree-connect.ts';
import { accounts, aWorld } from '../testing/world.ts';
import { theHost } from '../world/actor.ts';
import type { SimulatedHost } from '../world/host.ts';
import { goDown } from '../world/power.ts';
import { listen } from './listen.ts';
import { listeningHost, smbServerOf } from './host-server.ts';
import { Caller, freePort } from './testing/caller.ts';

const random = (count: number): Uint8Array => new Uint8Array(count).fill(9);

/** Somebody who has logged on to a host, or tried to. */
function logOn(host: SimulatedHost, name: string, ntHash: Uint8Array | null): RawClient {
  const client = new RawClient({ server: smbServerOf(host, { random }) });
  client.negotiate();
  client.logOn(new NtlmClient({ ...clientFacts, user: name, domain: 'CORP', ntHash: ntHash ?? random(16) }));
  return client;
}

const connect = (share: string) => raw(treeConnect, { flags: 0, path: `\\\\ts01\\${share}` });
const { anna, bob } = accounts;

test.each([
  ['LSM_API_service', ntStatus.STATUS_SUCCESS],
  ['lsm_api_SERVICE', ntStatus.STATUS_SUCCESS],
  ['winreg', ntStatus.STATUS_SUCCESS],
  ['spoolss', ntStatus.STATUS_OBJECT_NAME_NOT_FOUND],
])('the pipe %s is there, or not', (pipe, status) => {
  const client = logOn(aWorld().host, 'anna', anna.ntHash);
  const [, opened] = client.ask(connect('IPC$'), raw(create, createOf(pipe), related));
  expect(opened?.header.status).toBe(status);
});

test.each([
  ['an administrator', 'anna', anna.ntHash, ntStatus.STATUS_SUCCESS],
  ['anybody else', 'bob', bob.ntHash, ntStatus.STATUS_ACCESS_DENIED],
])('ADMIN$ lets %s in, or not', (_who, name, ntHash, status) => {
  const [answer] = logOn(aWorld().host, name, ntHash).ask(connect('ADMIN$'));
  expect(answer?.header.status).toBe(status);
});

test.each([
  ['with another password', 'anna', ntowfv1('falsch')],
  ['who is not known', 'mallory', anna.ntHash],
])('nobody logs on %s', (_who, name, ntHash) => {
  const { host } = aWorld();
  const server = smbServerOf(host, { random });
  const client = new RawClient({ server });
  client.negotiate();
  const initiator = new NtlmClient({ ...clientFacts, user: name, domain: 'CORP', ntHash: ntHash ?? random(16) });
  expect(() => client.logOn(initiator)).toThrow('the host went on with NTLM after its end');
  expect(server.sessions).toBe(0);
});

test('a host that goes down cuts off who is connected, and whoever connects', async () => {
  const { host } = aWorld();
  const port = await freePort();
  await using listening = await listen([listeningHost(host, { random })], {
    range: { first: 0x7f000001, size: 1, port },
    random,
    after: () => ({ [Symbol.dispose]: () => {} }),
  });
  const place = listening.hosts[0]?.place ?? { address: '', port: 0 };
  using before = new Caller(place, { ntHash: anna.ntHash ?? random(16) });
  expect(await before.next()).toMatchObject({ kind: 'ready' });
  goDown(host, 'crash', theHost, null);
  expect(await before.next()).toMatchObject({ kind: 'closed' });
  using after = new Caller(place);
  expect(await after.next()).toMatchObject({ kind: 'closed' });
});
