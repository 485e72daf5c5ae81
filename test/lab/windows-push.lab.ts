import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { HostReading } from '../../src/hosts/driver.ts';
import { until } from './harness/until.ts';
import { startUsher, watching } from './harness/usher.ts';
import type { HostChange } from './windows/control.ts';
import { connectDriver, patience, urlOf } from './windows/driver.ts';
import {
  startWindowsHost,
  type WindowsHost,
  type WindowsHostOptions,
  type WindowsUser,
} from './windows/windows-host.ts';

const home = mkdtempSync(`${tmpdir()}/usher-home-`);
let host: WindowsHost;

afterAll(() => rmSync(home, { recursive: true }));
afterEach(async () => {
  await host.stop();
});

const now = (): number => performance.timeOrigin + performance.now();

interface Arrived {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reading: HostReading;
}

interface Watch extends AsyncDisposable {
  readonly arrived: readonly Arrived[];
  /** How it ended, once it has. */
  readonly over: Promise<unknown>;
}

/** What the driver tells of a host, as it comes. */
async function watch(user: WindowsUser = host.users.tsadmin): Promise<Watch> {
  const connection = await connectDriver(host, user);
  const abort = new AbortController();
  const arrived: Arrived[] = [];
  const over = (async () => {
    for await (const reading of connection.watch(abort.signal)) arrived.push({ at: now(), reading });
  })().catch((error: unknown) => error);
  await until(() => arrived.length > 0, { everyMs: 5 });
  return {
    arrived,
    over,
    async [Symbol.asyncDispose]() {
      abort.abort();
      await over;
      await connection[Symbol.asyncDispose]();
    },
  };
}

/** Makes the change, and tells how many milliseconds later the first reading came that has it. */
async function delayOf(
  { arrived }: Watch,
  change: HostChange,
  isSeen: (reading: HostReading) => boolean,
): Promise<number> {
  const before = arrived.length;
  const { at } = await host.change(change);
  const seen = await until(() => arrived.slice(before).find(({ reading }) => isSeen(reading)), { everyMs: 2 });
  return seen.at - at;
}

const has =
  (wanted: object) =>
  ({ sessions }: HostReading): boolean =>
    sessions.some((session) => Object.entries(wanted).every(([key, value]) => Reflect.get(session, key) === value));
const hasNot = (wanted: object) => (reading: HostReading) => !has(wanted)(reading);

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN;

const start = async (options: WindowsHostOptions = {}): Promise<void> => {
  host = await startWindowsHost(options);
};

const everything = (
  user: string,
  id = 9999,
): readonly (readonly [string, HostChange, (reading: HostReading) => boolean])[] => [
  ['logon', { logon: { user: 'bob', id } }, has({ user: 'bob', state: 'active' })],
  ['lock', { lock: 2 }, has({ id: 2, user, locked: true })],
  ['unlock', { unlock: 2 }, has({ id: 2, user, locked: false })],
  ['disconnect', { disconnect: 2 }, has({ id: 2, user, state: 'disconnected' })],
  ['reconnect', { reconnect: 2 }, has({ id: 2, user, state: 'active' })],
  ['logoff', { logoff: id }, hasNot({ user: 'bob' })],
];

/** What user session 2 has. */
const usersOf = ({ arrived }: Watch): string =>
  arrived[0]?.reading.sessions.find(({ id }) => id === 2)?.user ?? 'nobody';

const calls = (name: string): number => host.log().filter(({ call }) => call === `TermSrvNotification.${name}`).length;

/**
 * How many milliseconds a change may take to be seen: 250, or as long as five readings where the machine is busy. Read every 2 s,
 * it would be a second on average.
 */
async function bound(): Promise<number> {
  await using connection = await connectDriver(host, host.users.tsadmin);
  const times: number[] = [];
  for (let reading = 0; reading < 7; reading += 1) {
    const began = now();
    await connection.list(patience());
    times.push(now() - began);
  }
  process.stdout.write(`a reading takes ${Math.round(median(times))} ms\n`);
  return Math.max(250, 5 * median(times));
}

describe('a change is seen by its notification', () => {
  test('within 250 ms', async () => {
    await start();
    const longest = await bound();
    await using watched = await watch();
    const best: Record<string, number> = {};
    // What else the machine does comes on top: the best of three counts.
    for (const _round of [1, 2, 3]) {
      for (const [change, made, isSeen] of everything(usersOf(watched))) {
        const delay = Math.round(await delayOf(watched, made, isSeen));
        best[change] = Math.min(delay, best[change] ?? Number.POSITIVE_INFINITY);
      }
    }
    process.stdout.write(`ms from a change to the reading that has it: ${JSON.stringify(best)}\n`);
    expect(Math.max(...Object.values(best))).toBeLessThan(longest);
    expect(watched.arrived.flatMap(({ reading }) => reading.notes)).toEqual([]);
  });

  test('on a host of 90 sessions and 1500 processes', async () => {
    await start({ world: { clock: '2026-03-02T14:00:00Z', generate: { seed: 7, sessions: 90, processes: 1500 } } });
    const longest = await bound();
    await using watched = await watch();
    const delays: Record<string, number> = {};
    for (const [change, made, isSeen] of everything(usersOf(watched))) {
      delays[change] = Math.round(await delayOf(watched, made, isSeen));
    }
    process.stdout.write(`the same for 90 sessions: ${JSON.stringify(delays)}\n`);
    expect(median(Object.values(delays))).toBeLessThan(longest);
  });

  test('by a user who may do nothing but list', async () => {
    await start();
    await using watched = await watch(host.users.plain);
    expect(await delayOf(watched, { lock: 2 }, has({ id: 2, locked: true }))).toBeLessThan(1000);
    expect(calls('RpcWaitAsyncNotification')).toBeGreaterThan(0);
  });
});

test('many changes at once cost few readings', async () => {
  await start();
  await using watched = await watch();
  const before = watched.arrived.length;
  const flicker = Array.from({ length: 40 }, (_, at): HostChange => (at % 2 === 0 ? { lock: 2 } : { unlock: 2 }));
  await delayOf(watched, { lock: 2 }, has({ id: 2, locked: true }));
  await host.change(...flicker, { logon: { user: 'bob' } });
  const seen = (): number => watched.arrived.filter(({ reading }) => has({ user: 'bob' })(reading)).length;
  await until(() => seen() > 0);
  await until(() => seen() > 1, { what: 'the reading when all has settled' });
  expect(watched.arrived.length - before).toBeLessThanOrEqual(5);
});

test('who is told that the notifications have ended registers anew', async () => {
  await start();
  await using watched = await watch();
  const before = watched.arrived.length;
  await host.change({ abort: true });
  await until(() => calls('RpcRegisterAsyncNotification') === 2);
  await until(() => watched.arrived.length > before);
  expect(await delayOf(watched, { lock: 2 }, has({ id: 2, locked: true }))).toBeLessThan(1000);
  expect(watched.arrived.flatMap(({ reading }) => reading.notes)).toEqual([]);
});

test('a host without notifications is polled, and a note says so', async () => {
  await start({ absent: ['TermSrvNotification.RpcRegisterAsyncNotification'] });
  await using watched = await watch();
  expect(watched.arrived[0]?.reading.notes).toMatchObject([{ code: 'no-push' }]);
  const delay = await delayOf(watched, { lock: 2 }, has({ id: 2, locked: true }));
  process.stdout.write(`without notifications: ${Math.round(delay)} ms\n`);
  expect(delay).toBeLessThan(4000);
});

test('a watch that ends lets the host know', async () => {
  await start();
  const watched = await watch();
  await until(() => calls('RpcRegisterAsyncNotification') === 1);
  await watched[Symbol.asyncDispose]();
  await until(() => calls('RpcUnRegisterAsyncNotification') > 0);
  expect(calls('RpcUnRegisterAsyncNotification')).toBe(1);
});

describe('usher watch', () => {
  const env = (): Readonly<Record<string, string>> => ({ USHER_PASSWORD: host.users.tsadmin.password });

  test('prints what happens, a line each', async () => {
    await start();
    const url = urlOf(host, host.users.tsadmin);
    await using running = startUsher({ home }, ['watch', '-s', url], { env: env() });
    await running.says(/watching, \d+ sessions there now/);
    const said: readonly (readonly [HostChange, RegExp])[] = [
      [{ logon: { user: 'bob', id: 99 } }, /99 {2}ORACLE\\bob {2}appeared, active from PC-BOB \(192\.0\.2\.77\)\n/],
      [{ lock: 99 }, /ORACLE\\bob {2}locked\n/],
      [{ unlock: 99 }, /ORACLE\\bob {2}unlocked\n/],
      [{ disconnect: 99 }, /ORACLE\\bob {2}active → disconnected\n/],
      [{ reconnect: 99 }, /ORACLE\\bob {2}reconnected from PC-BACK/],
      [{ replace: { id: 99, user: 'carol' } }, /bob {2}ended, was active\n.*ORACLE\\carol {2}appeared, active/],
    ];
    for (const [change, line] of said) {
      await host.change(change);
      await running.says(line);
    }
    expect(running.output()).not.toContain('no-push');
  });

  test('tells in --json within 250 ms', async () => {
    await start();
    const longest = await bound();
    await using watched = watching({ home }, [urlOf(host, host.users.tsadmin)], { env: env() });
    await until(() => watched.lines.length > 0);
    const delays: number[] = [];
    for (const change of ['lock', 'unlock', 'lock', 'unlock', 'lock'] as const) {
      const { at } = await host.change(change === 'lock' ? { lock: 7 } : { unlock: 7 });
      const before = watched.lines.length;
      const seen = await until(() => watched.lines.slice(before).find((line) => line['change'] === `${change}ed`), {
        everyMs: 5,
      });
      delays.push(performance.timeOrigin + seen.cameAt - at);
    }
    process.stdout.write(`from the change to the line of usher watch, in ms: ${delays.map(Math.round).join(' ')}\n`);
    expect(median(delays)).toBeLessThan(longest);
  });

  test('reads a host anew that closed its pipes, and tells what happened meanwhile', async () => {
    await start();
    await using watched = watching({ home }, [urlOf(host, host.users.tsadmin)], { env: env() });
    await until(() => watched.lines.length > 0);
    await host.change({ 'hang up': 'LSM_API_service' }, { silent: true }, { disconnect: 2 }, { silent: false });
    const kinds = (): readonly unknown[] => watched.lines.map((line) => line['change']);
    await until(() => kinds().includes('state-changed'));
    expect(kinds().filter((kind) => kind !== 'present')).toEqual(['lost', 'back', 'state-changed']);
    const { at } = await host.change({ lock: 4 }, { unlock: 4 }, { logoff: 7 });
    const seen = await until(() => watched.lines.find((line) => line['change'] === 'ended'), { everyMs: 5 });
    expect(performance.timeOrigin + seen.cameAt - at).toBeLessThan(1000);
  });
});
