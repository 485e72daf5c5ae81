import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from './harness/command.ts';
import { peerList, tstool } from './windows/clients/peers.ts';
import type { SeenSession } from './windows/clients/peers.ts';
import { worldSchema } from './windows/world.ts';
import type { World, WorldSession } from './windows/world.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost } from './windows/windows-host.ts';

const states = 'active connected connect-query shadow disconnected idle listen reset down init'.split(' ');

let host: WindowsHost;
let world: World;

beforeAll(async () => {
  host = await startWindowsHost({ world: 'small' });
  world = worldSchema.parse(host.world());
});
afterAll(async () => {
  await host.stop();
});

test('impacket lists the sessions that it enumerates, with names as long as the wire lets them be', async () => {
  const { sessions } = await peerList(host, host.users.tsadmin);
  expect(sessions).toEqual(world.sessions.filter(({ enumerated }) => enumerated).map((session) => listed(session)));
});

test('impacket lists its listeners', async () => {
  const { listeners } = await peerList(host, host.users.tsadmin);
  expect(listeners).toEqual(world.listeners);
});

test('impacket lists its processes, with the SIDs of their users', async () => {
  const { processes } = await peerList(host, host.users.tsadmin);
  expect(processes).toEqual(
    world.processes.map(({ pid, session, image, sid, parent, create_time, user_time, kernel_time, working_set }) => ({
      pid,
      session,
      image,
      sid,
      parent,
      create: create_time,
      user: user_time,
      kernel: kernel_time,
      workingSet: working_set,
    })),
  );
});

test('a plain user sees all sessions, but only his own client and the SIDs of his own processes', async () => {
  const { sessions, processes } = await peerList(host, host.users.plain);
  expect(sessions.map(({ id, client }) => [id, client?.name ?? null])).toEqual(
    world.sessions.filter(({ enumerated }) => enumerated).map(({ id }) => [id, id === 12 ? 'PC-PLAIN' : null]),
  );
  expect(new Set(processes.filter(({ sid }) => sid !== null).map(({ session }) => session))).toEqual(new Set([12]));
});

test("tstool's qwinsta prints every session", async () => {
  const { stdout } = await tstool(host, host.users.tsadmin, 'qwinsta', '-v');
  for (const { id, state, user } of world.sessions.filter(({ enumerated }) => enumerated)) {
    expect(stdout.toLowerCase()).toMatch(new RegExp(`${user.slice(0, 20).toLowerCase()} +${id} +${state}`, 'u'));
  }
});

test("tstool's tasklist prints every process", async () => {
  const { stdout } = await tstool(host, host.users.tsadmin, 'tasklist');
  for (const { pid, image, session } of world.processes) {
    expect(stdout).toMatch(new RegExp(`^${image.replaceAll('.', '\\.')} +${pid} +${session} `, 'mu'));
  }
});

test("the endpoint's stubs are those that go-msrpc's make of Microsoft's IDL", async () => {
  const { stdout } = await runCommand(host.python, ['test/lab/windows/endpoint/check.py']);
  expect(stdout).toMatch(/^\d+ stubs agree\n$/);
});

test('a wrong password is refused by smbd itself', async () => {
  const { code, stderr } = await runCommand(host.python, [
    'test/lab/windows/clients/list.py',
    String(host.port),
    'tsadmin',
    'wrong',
  ]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('STATUS_LOGON_FAILURE');
});

/** What impacket shows of a session of a world. */
function listed(session: WorldSession): SeenSession {
  const { client, locked } = session;
  return {
    id: session.id,
    state: states.indexOf(session.state),
    name: session.name,
    flags: locked === null ? 0xffffffff : locked ? 0 : 1,
    user: session.user.slice(0, 20),
    domain: session.domain.slice(0, 17),
    connect: session.connect_time,
    disconnect: session.disconnect_time,
    logon: session.logon_time,
    lastInput: session.last_input_time,
    input: session.input_time ?? session.last_input_time,
    client: client && {
      name: client.name,
      address: client.address,
      width: client.width,
      height: client.height,
      protocol: session.protocol,
      timeZone: client.time_zone,
    },
  };
}
