import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readProcesses } from '../../src/hosts/windows/read-processes.ts';
import { openServer } from '../../src/wire/ms-tsts/ica-api/open-server.ts';
import { icaApi } from '../../src/wire/ms-tsts/interfaces.ts';
import { listing, usher } from './harness/usher.ts';
import type { Listing } from './harness/usher.ts';
import { connectSmb, openPipe, urlOf } from './windows/driver.ts';
import { expectedRows } from './windows/expected-session.ts';
import type { Sees } from './windows/expected-session.ts';
import { worldSchema } from './windows/world.ts';
import type { World } from './windows/world.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost, WindowsUser } from './windows/windows-host.ts';

const home = mkdtempSync(`${tmpdir()}/usher-home-`);
let small: WindowsHost;
let big: WindowsHost;

beforeAll(async () => {
  const strict = { encrypt: 'required', requirePrivacy: true } as const;
  [small, big] = await Promise.all([
    startWindowsHost({ ...strict, world: 'small' }),
    startWindowsHost({ ...strict, world: 'big', fragment: 4096 }),
  ]);
});
afterAll(async () => {
  await Promise.all([small.stop(), big.stop()]);
  rmSync(home, { recursive: true });
});

const alice = 'S-1-5-21-3623811015-3361044348-30300820-1102';
const everything: Sees = () => true;
const worldOf = (host: WindowsHost): World => worldSchema.parse(host.world());

function listed(host: WindowsHost, user: WindowsUser): Promise<Listing> {
  const env = { USHER_PASSWORD: user.password };
  return listing({ home }, [urlOf(host, user)], { env, args: ['--all-kinds'] });
}

describe('a host that demands encryption and privacy', () => {
  test('is listed whole for an administrator', async () => {
    const { tsadmin } = small.users;
    const said = await listed(small, tsadmin);
    expect(said.sessions).toMatchObject(expectedRows(worldOf(small), urlOf(small, tsadmin), everything));
    expect(said.errors).toEqual([]);
    expect(said.notes).toEqual([]);
  });

  test('shows a plain user his own client alone, and notes tell what is missing', async () => {
    const { plain } = small.users;
    const said = await listed(small, plain);
    const sees: Sees = ({ user }) => user === plain.name;
    expect(said.sessions).toMatchObject(expectedRows(worldOf(small), urlOf(small, plain), sees));
    const missing = new Set(said.notes.flatMap(({ columns }) => columns));
    expect(missing).toEqual(new Set(['client', 'protocol', 'bytesInPerSecond', 'bytesOutPerSecond']));
  });

  test('gives every session a key of its own', async () => {
    const { sessions } = await listed(small, small.users.tsadmin);
    expect(new Set(sessions.map(({ key }) => key)).size).toBe(sessions.length);
  });

  test('shows the processes of a session', async () => {
    const { tsadmin } = small.users;
    const args = ['processes', '2', '--json', '-s', urlOf(small, tsadmin)];
    const { stdout } = await usher({ home }, args, { env: { USHER_PASSWORD: tsadmin.password } });
    const own = worldOf(small).processes.filter(({ session }) => session === 2);
    const accounts = { 'S-1-5-18': 'SYSTEM', 'S-1-5-90-0-2': 'DWM-2', [alice]: String.raw`ORACLE\alice` };
    expect(JSON.parse(stdout)).toMatchObject({
      processes: own.map(({ pid, parent, image, sid, working_set, create_time, user_time, kernel_time }) => ({
        pid,
        parentPid: parent === 0 ? null : parent,
        name: image,
        user: Object.entries(accounts).find(([known]) => known === sid)?.[1],
        memoryBytes: working_set,
        start: create_time,
        cpuTime: Math.floor((Number(user_time) + Number(kernel_time)) / 10_000) / 1000,
      })),
    });
  });
});

describe('500 sessions and 6,000 processes in fragments of 4 KiB', () => {
  test('are listed whole', async () => {
    const { tsadmin } = big.users;
    const said = await listed(big, tsadmin);
    expect(said.sessions).toMatchObject(expectedRows(worldOf(big), urlOf(big, tsadmin), everything));
    expect(said.notes).toEqual([]);
  });

  test('have every process as it is', async () => {
    const { tsadmin } = big.users;
    await using smb = await connectSmb(big, tsadmin);
    const pipe = await openPipe(smb, tsadmin, icaApi);
    const { phServer } = await pipe.call(openServer, {}, { operation: 'opening' });
    const processes = await readProcesses(pipe, phServer);
    expect(processes).toEqual(
      worldOf(big).processes.map((process) => ({
        pid: process.pid,
        parentPid: process.parent,
        sessionId: process.session,
        name: process.image,
        createTime: BigInt(process.create_time),
        cpuTime: BigInt(process.user_time) + BigInt(process.kernel_time),
        workingSetBytes: process.working_set,
        sid: process.sid,
      })),
    );
  });
});
