import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { termSrvSession } from '../../src/wire/ms-tsts/interfaces.ts';
import { servedNames } from '../../src/simulator/endpoint/pipes.ts';
import { everyCall } from '../../src/simulator/testing/every-call.ts';
import { mustRun } from './harness/command.ts';
import { listing } from './harness/usher.ts';
import { until } from './harness/until.ts';
import { peerList, tstool } from './windows/clients/peers.ts';
import { connectSmb, openPipe, urlOf } from './windows/driver.ts';
import { expectedRows } from './windows/expected-session.ts';
import { happened, startSimulatedHost } from './windows/simulated-host.ts';
import { type World, worldSchema } from './windows/world.ts';
import type { WindowsHost } from './windows/windows-host.ts';

const home = mkdtempSync(`${tmpdir()}/usher-simulated-`);
afterAll(() => {
  rmSync(home, { recursive: true });
});

const byAdmin = String.raw`by ORACLE\tsadmin over the network`;
const byPlain = String.raw`by ORACLE\plain over the network`;

/** What others made happen, without what was there before. */
const told = (host: WindowsHost): readonly string[] =>
  happened(host).filter((line) => line.includes('over the network'));

describe('a simulated host, whose clock stands', () => {
  let host: WindowsHost;
  let world: World;

  beforeAll(async () => {
    host = await startSimulatedHost({ clock: 'still' }, { encrypt: 'required' });
    world = worldSchema.parse(host.world());
  });
  afterAll(async () => {
    await host.stop();
  });

  test('is listed by our driver as it is', async () => {
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

  test('is listed by impacket as it is', async () => {
    const { sessions, listeners, processes } = await peerList(host, host.users.tsadmin);
    const seen = sessions.filter(({ id }) => !world.listeners.some((listener) => listener.id === id));
    expect(
      seen.map(({ id, user, connect, logon, client }) => [id, user, connect, logon, client?.name ?? null]),
    ).toEqual(
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

  test('tells a plain user of no process whose it is, but for his own', async () => {
    const { processes } = await peerList(host, host.users.plain);
    const known = processes.filter(({ sid }) => sid !== null);
    expect(new Set(known.map(({ session }) => session))).toEqual(new Set([6]));
  });

  test("fills tstool's qwinsta -v", async () => {
    const { stdout } = await tstool(host, host.users.tsadmin, 'qwinsta', '-v');
    for (const { id, state, client } of world.sessions) {
      expect(stdout).toMatch(
        new RegExp(` ${id} +${state}.*${client === null ? '' : `${client.name} +${client.address}`}`, 'iu'),
      );
    }
  });

  test("fills tstool's tasklist", async () => {
    const { stdout } = await tstool(host, host.users.tsadmin, 'tasklist');
    for (const { pid, image, session } of world.processes.filter((process) => process.pid > 0)) {
      expect(stdout).toMatch(new RegExp(`^${image.replaceAll('.', '\\.')} +${pid} +${session} `, 'mu'));
    }
  });
});

describe('what tstool does', () => {
  let host: WindowsHost;

  async function started(...parameters: Parameters<typeof startSimulatedHost>): Promise<void> {
    host = await startSimulatedHost(...parameters);
  }
  const admin = (...args: readonly string[]) => tstool(host, host.users.tsadmin, ...args);
  const pidOf = (wanted: string): string => {
    const { processes } = worldSchema.parse(host.world());
    return String(processes.find(({ image, session }) => image === wanted && session === 2)?.pid);
  };

  afterEach(async () => {
    await host.stop();
  });

  describe('to a host as it should be', () => {
    beforeEach(() => started({ policies: { Shadow: 2 } }));

    test('msg shows a message', async () => {
      expect((await admin('msg', '-session', '2', '-title', 'Größe', '-message', '再起動します')).stdout).toContain(
        'OK',
      );
      expect(told(host)).toEqual([`2 message done ${byAdmin}`, `2 message-shown ${byAdmin}`]);
    });

    test('tsdiscon disconnects', async () => {
      expect((await admin('tsdiscon', '-session', '2')).stdout).toContain('OK');
      expect(told(host)).toEqual([`2 disconnect done ${byAdmin}`, `2 disconnected ${byAdmin}`]);
    });

    test('tscon gives a client to another session', async () => {
      expect((await admin('tscon', '-source', '3', '-dest', '2')).stdout).toContain('OK');
      expect(told(host)).toEqual([`3 connect done ${byAdmin}`, `2 disconnected ${byAdmin}`, `3 connected ${byAdmin}`]);
    });

    test('logoff logs off', async () => {
      expect((await admin('logoff', '-session', '4')).stdout).toContain('OK');
      expect(told(host)).toEqual([`4 logoff done ${byAdmin}`, `4 logged-off ${byAdmin}`, `4 ended logoff ${byAdmin}`]);
    });

    test('taskkill ends a program, and with its winlogon the session', async () => {
      expect((await admin('taskkill', '-pid', pidOf('EXCEL.EXE'))).stdout).toContain('OK');
      expect((await admin('taskkill', '-pid', pidOf('winlogon.exe'))).stdout).toContain('OK');
      expect(told(host)).toEqual([
        `2 terminate done ${byAdmin}`,
        `2 process-ended ${byAdmin}`,
        `2 terminate done ${byAdmin}`,
        `2 process-ended ${byAdmin}`,
        `2 collapse done ${byAdmin}`,
        `2 logged-off ${byAdmin}`,
        `2 ended logon-process-killed ${byAdmin}`,
      ]);
    });

    test('taskkill ends no protected process', async () => {
      expect((await admin('taskkill', '-pid', pidOf('csrss.exe'))).stdout).toContain('FAIL');
      expect(told(host)).toEqual([`2 terminate refused: protected-process ${byAdmin}`]);
    });

    test('shadow gets an invitation', async () => {
      const file = `${home}/invitation`;
      expect((await admin('shadow', '-session', '2', '-file', file)).stdout).toContain('Invitation is well-formed XML');
      expect(readFileSync(file, 'utf8')).toMatch(/^<E><A .*<\/E>$/);
      expect(told(host)).toEqual([`2 shadow done ${byAdmin}`]);
    });

    test('shutdown takes the host down, and with -reboot up again', async () => {
      expect((await admin('shutdown', '-reboot')).stdout).toContain('OK');
      await until(() => happened(host).filter((line) => line.includes('booted')).length === 2);
      expect(told(host)).toContain(`host went-down ${byAdmin}`);
      expect((await admin('qwinsta')).stdout).not.toContain('alice');
    });

    test('is refused to a plain user', async () => {
      const { plain } = host.users;
      for (const verb of ['logoff', 'tsdiscon']) await tstool(host, plain, verb, '-session', '2');
      await tstool(host, plain, 'msg', '-session', '2', '-message', 'x');
      await tstool(host, plain, 'tscon', '-source', '3', '-dest', '2');
      await tstool(host, plain, 'taskkill', '-pid', pidOf('EXCEL.EXE'));
      await tstool(host, plain, 'shadow', '-session', '2', '-file', `${home}/none`);
      await tstool(host, plain, 'shutdown', '-reboot');
      expect(told(host)).toEqual([]);
      await tstool(host, plain, 'logoff', '-session', '6');
      expect(told(host)).toContain(`6 ended logoff ${byPlain}`);
    });
  });

  test('comes to nothing where a session hangs on it, until its logon process is killed', async () => {
    await started({ sessionBehaviours: { 2: ['hangs-on-reset'] } });
    expect((await admin('logoff', '-session', '2')).stdout).toContain('OK');
    expect((await admin('qwinsta')).stdout).toContain('alice');
    await admin('taskkill', '-pid', pidOf('winlogon.exe'));
    expect((await admin('qwinsta')).stdout).not.toContain('alice');
    expect(told(host)).toContain(`2 logoff without-effect ${byAdmin}`);
  });
});

test('impacket decodes every response and writes the same bytes again, but for padding and its known errors', async () => {
  const host = await startSimulatedHost({ clock: 'still' });
  const stubs = `${home}/stubs.jsonl`;
  const lines = everyCall().flatMap(({ interface: of, name, response }) =>
    response instanceof Uint8Array
      ? [JSON.stringify({ call: `${of}.${name}`, response: Buffer.from(response).toString('hex') })]
      : [],
  );
  writeFileSync(stubs, lines.join('\n'));
  const { same, mended, different } = JSON.parse(
    await mustRun(host.python, ['test/lab/windows/simulated/reencode.py', stubs]),
  );
  await host.stop();
  expect(different).toEqual({});
  expect(Object.keys(mended)).toHaveLength(12);
  expect([...Object.keys(same), ...Object.keys(mended)].toSorted()).toEqual(servedNames.toSorted());
});

test('a wrong password within RPC is refused, though SMB took the right one', async () => {
  const host = await startSimulatedHost();
  const { tsadmin } = host.users;
  await using smb = await connectSmb(host, tsadmin);
  await expect(openPipe(smb, { ...tsadmin, password: 'wrong' }, termSrvSession)).rejects.toMatchObject({
    code: 'logon_failed',
  });
  await openPipe(smb, tsadmin, termSrvSession);
  await host.stop();
});
