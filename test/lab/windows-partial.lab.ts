import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listing } from './harness/usher.ts';
import type { Listing, SessionRow } from './harness/usher.ts';
import { urlOf } from './windows/driver.ts';
import { expectedRows } from './windows/expected-session.ts';
import type { ExpectedRow } from './windows/expected-session.ts';
import { worldSchema } from './windows/world.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { PlannedFault, WindowsHost } from './windows/windows-host.ts';
import { smallWorld } from './windows/worlds.ts';

const home = mkdtempSync(`${tmpdir()}/usher-home-`);

const faults: readonly PlannedFault[] = [
  { call: 'RCMPublic.RpcGetClientData', session: 2, hang: true },
  { call: 'RCMPublic.RpcGetLastInputTime', session: 3, hang: true },
  { call: 'RCMPublic.RpcGetRemoteAddress', session: 4, fault: 0x000006d1 },
  { call: 'TermSrvSession.RpcGetSessionInformationEx', session: 7, fault: 0x00000005 },
  { call: 'TermSrvSession.RpcGetSessionInformationEx', session: 12, delay: 0.5 },
];

/** A moment before Windows, one that is yet to come, the greatest, and a negative one. */
const nonsense = smallWorld({
  sessions: {
    2: { logonTime: 540_000_000_000, lastInputTime: '2027-03-02T14:00:00Z' },
    4: { connectTime: 9e18, lastInputTime: 1 },
    12: { disconnectTime: 0, lastInputTime: -1, logonTime: -1, connectTime: -1 },
  },
});

const hosts = new Map<string, WindowsHost>();
beforeAll(async () => {
  const wanted = {
    off: { pipes: ['LSM_API_service', 'Ctx_WinStation_API_service'] },
    older: { absent: ['TermSrvEnumeration.RpcGetAllSessionsEx', 'IcaApi.RpcWinStationGetAllProcesses_NT6'] },
    faulty: { faults },
    slow: { fragment: 1432, fragmentDelay: 0.05 },
    nonsense: { world: nonsense },
    closed: { pipes: ['LSM_API_service', 'TermSrv_API_service'] },
    mute: { faults: [{ call: 'IcaApi.RpcWinStationGetAllProcesses_NT6', hang: true }] },
  } as const;
  const starting = Object.entries(wanted).map(async ([name, options]) => {
    hosts.set(name, await startWindowsHost(options));
  });
  await Promise.all(starting);
});
afterAll(async () => {
  await Promise.all([...hosts.values()].map((host) => host.stop()));
  rmSync(home, { recursive: true });
});

interface Seen {
  readonly said: Listing;
  readonly expected: readonly ExpectedRow[];
  readonly row: (id: number) => SessionRow | undefined;
}

/** What usher says of a host for its administrator, and what it would say of one where nothing is wrong. */
async function seen(name: string): Promise<Seen> {
  const host = hosts.get(name);
  if (host === undefined) throw new Error(`the host ${name} did not start`);
  const url = urlOf(host, host.users.tsadmin);
  const env = { USHER_PASSWORD: host.users.tsadmin.password };
  const said = await listing({ home }, [url], { env, args: ['--all-kinds'] });
  const expected = expectedRows(worldSchema.parse(host.world()), url, () => true);
  return { said, expected, row: (id) => said.sessions.find((session) => session.id === id) };
}

const noClient = { name: null, address: null, display: null };

test('with Remote Desktop switched off sessions are listed without their clients, and a note says so', async () => {
  const { said, expected } = await seen('off');
  expect(said.sessions.map(({ id }) => id)).toEqual(
    expected.filter(({ kind }) => kind !== 'listener').map(({ id }) => id),
  );
  for (const session of said.sessions) expect(session.client).toEqual(noClient);
  expect(said.notes.map(({ code }) => code)).toEqual(['rdp-off']);
  expect(said.notes[0]?.columns).toContain('client');
  expect(said.errors).toEqual([]);
});

test('without the WinStation service sessions are listed without memory, and a note says so', async () => {
  const { said, expected } = await seen('closed');
  const rows = expected.filter(({ id }) => id !== 11);
  expect(said.sessions).toMatchObject(
    rows.map(({ id, user, client, loggedOnAt }) => ({ id, user, client, loggedOnAt, memoryBytes: null })),
  );
  expect(said.notes).toMatchObject([{ code: 'no-winstation-service' }, { code: 'incomplete' }]);
});

test('an older host is listed whole, its long names too', async () => {
  const { said, expected } = await seen('older');
  expect(said.sessions).toMatchObject(expected);
  expect(said.notes).toEqual([]);
});

describe('a call about one session', () => {
  let faulty: Seen;
  beforeAll(async () => {
    faulty = await seen('faulty');
  });

  test('that hangs costs its column, and is a trouble', () => {
    expect(faulty.row(2)).toMatchObject({ user: 'alice', client: { name: null, address: '192.0.2.17' } });
    expect(faulty.row(2)?.troubles).toMatchObject([{ code: 'no-answer' }]);
    expect(faulty.row(3)?.troubles).toMatchObject([{ code: 'no-answer' }]);
  });

  test('that faults costs its column', () => {
    expect(faulty.row(4)).toMatchObject({ client: { name: 'ノートPC-07', address: null }, troubles: [] });
    expect(faulty.row(7)).toMatchObject({ user: 'maximiliana.oberhofer-klein', loggedOnAt: null, locked: null });
  });

  test('leaves all others whole', () => {
    const others = (id: number): boolean => ![2, 3, 4, 7].includes(id);
    expect(faulty.said.sessions.filter(({ id }) => others(id))).toMatchObject(
      faulty.expected.filter(({ id }) => others(id)),
    );
    expect(faulty.said.errors).toEqual([]);
  });
});

test('processes that never come cost their columns', async () => {
  const { said, row } = await seen('mute');
  expect(row(2)).toMatchObject({ user: 'alice', memoryBytes: null, client: { name: 'PC-ALICE' } });
  expect(said.notes).toMatchObject([
    { columns: ['memoryBytes', 'cpuPercent', 'processCount'] },
    { code: 'incomplete' },
  ]);
});

test('fragments that come slowly come', async () => {
  const { said, expected } = await seen('slow');
  expect(said.sessions).toMatchObject(expected);
});

test('times that cannot be are none', async () => {
  const { said, row } = await seen('nonsense');
  expect(said.errors).toEqual([]);
  expect(row(2)).toMatchObject({ loggedOnAt: null, lastInputAt: null, idleFor: null });
  expect(row(4)).toMatchObject({ connectedAt: null, lastInputAt: null, loggedOnAt: '2026-03-02T09:10:02Z' });
  expect(row(12)).toMatchObject({ connectedAt: null, loggedOnAt: null, lastInputAt: null, idleFor: null });
});
