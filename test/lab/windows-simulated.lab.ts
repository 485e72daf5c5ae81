import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { termSrvSession } from '../../src/wire/ms-tsts/interfaces.ts';
import { servedNames } from '../../src/simulator/endpoint/pipes.ts';
import { everyCall } from '../../src/simulator/testing/every-call.ts';
import { mustRun } from './harness/command.ts';
import { listing } from './harness/usher.ts';
import { peerList, tstool } from './windows/clients/peers.ts';
import { connectSmb, openPipe, urlOf } from './windows/driver.ts';
import { expectedRows } from './windows/expected-session.ts';
import { startSimulatedHost } from './windows/simulated-host.ts';
import { type World, worldSchema } from './windows/world.ts';
import type { WindowsHost } from './windows/windows-host.ts';

const home = mkdtempSync(`${tmpdir()}/usher-simulated-`);

let host: WindowsHost;
let world: World;

// Its clock stands, so that times are the same whenever it is asked.
beforeAll(async () => {
  host = await startSimulatedHost({ clock: 'still' }, { encrypt: 'required' });
  world = worldSchema.parse(host.world());
});
afterAll(async () => {
  await host.stop();
  rmSync(home, { recursive: true });
});

test('a simulated host is listed by our driver as it is', async () => {
  const { tsadmin } = host.users;
  const env = { USHER_PASSWORD: tsadmin.password };
  const said = await listing({ home }, [urlOf(host, tsadmin)], { env, args: ['--all-kinds'] });
  expect(said.errors).toEqual([]);
  expect(said.notes).toEqual([]);
  // Its listeners are enumerated as sessions, which have no processes.
  const rows = expectedRows(world, urlOf(host, tsadmin), () => true).map((row) =>
    row.kind === 'listener' ? { ...row, memoryBytes: 0, processCount: 0 } : row,
  );
  expect(said.sessions).toMatchObject(rows);
});

test('it is listed by impacket as it is', async () => {
  const { sessions, listeners, processes } = await peerList(host, host.users.tsadmin);
  const seen = sessions.filter(({ id }) => !world.listeners.some((listener) => listener.id === id));
  expect(seen.map(({ id, user, connect, logon, client }) => [id, user, connect, logon, client?.name ?? null])).toEqual(
    world.sessions.map(({ id, user, connect_time, logon_time, client }) => [
      id,
      user.slice(0, 20),
      connect_time,
      logon_time,
      client?.name ?? null,
    ]),
  );
  expect(listeners).toEqual(world.listeners);
  expect(processes.map(({ pid, session, image, sid, create }) => [pid, session, image, sid, create])).toEqual(
    world.processes.map(({ pid, session, image, sid, create_time }) => [
      pid,
      session,
      pid === 0 ? '' : image,
      sid,
      create_time,
    ]),
  );
});

test('it tells a plain user of no process whose it is, but for his own', async () => {
  const { processes } = await peerList(host, host.users.plain);
  const known = processes.filter(({ sid }) => sid !== null);
  expect(new Set(known.map(({ session }) => session))).toEqual(new Set([6]));
});

test("it fills tstool's qwinsta -v", async () => {
  const { stdout } = await tstool(host, host.users.tsadmin, 'qwinsta', '-v');
  for (const { id, state, client } of world.sessions) {
    expect(stdout).toMatch(
      new RegExp(` ${id} +${state}.*${client === null ? '' : `${client.name} +${client.address}`}`, 'iu'),
    );
  }
});

test("it fills tstool's tasklist", async () => {
  const { stdout } = await tstool(host, host.users.tsadmin, 'tasklist');
  for (const { pid, image, session } of world.processes.filter((process) => process.pid > 0)) {
    expect(stdout).toMatch(new RegExp(`^${image.replaceAll('.', '\\.')} +${pid} +${session} `, 'mu'));
  }
});

const counts = z.record(z.string(), z.number());
const reencoded = z.object({ same: counts, mended: counts, different: z.record(z.string(), z.array(z.string())) });

test('impacket decodes every response and writes the same bytes again, but for padding and its known errors', async () => {
  const stubs = `${home}/stubs.jsonl`;
  const lines = everyCall().flatMap(({ interface: of, name, response }) =>
    response instanceof Uint8Array
      ? [JSON.stringify({ call: `${of}.${name}`, response: Buffer.from(response).toString('hex') })]
      : [],
  );
  writeFileSync(stubs, lines.join('\n'));
  const said = await mustRun(host.python, ['test/lab/windows/simulated/reencode.py', stubs]);
  const { same, mended, different } = reencoded.parse(JSON.parse(said));
  expect(different).toEqual({});
  expect(Object.keys(mended)).toHaveLength(12);
  expect([...Object.keys(same), ...Object.keys(mended)].toSorted()).toEqual(servedNames.toSorted());
});

test('a wrong password within RPC is refused, though SMB took the right one', async () => {
  const { tsadmin } = host.users;
  await using smb = await connectSmb(host, tsadmin);
  await expect(openPipe(smb, { ...tsadmin, password: 'wrong' }, termSrvSession)).rejects.toMatchObject({
    code: 'logon_failed',
  });
  await openPipe(smb, tsadmin, termSrvSession);
});
