import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDriver, patience } from './windows/driver.ts';
import { startRelay } from './windows/relay.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost } from './windows/windows-host.ts';
import { smallWorld } from './windows/worlds.ts';

/** Long enough for a busy machine to answer everything in, so that rounds are told apart. */
const roundTripMs = 300;

const whole = smallWorld({ leaveOut: [11] });
const short = smallWorld({ leaveOut: [7, 11] });
const old = ['TermSrvEnumeration.RpcGetAllSessionsEx'];

const hosts = new Map<string, WindowsHost>();
beforeAll(async () => {
  const wanted = {
    current: { world: whole },
    'leaves one out': {},
    older: { world: short, absent: old },
    'older, with long names': { world: whole, absent: old },
    big: { world: 'big', fragment: 4096 },
  };
  const starting = Object.entries(wanted).map(async ([name, options]) => {
    hosts.set(name, await startWindowsHost(options));
  });
  await Promise.all(starting);
});
afterAll(async () => {
  await Promise.all([...hosts.values()].map((host) => host.stop()));
});

/** How often a first list waits for the host, from the connection on, and a second one. */
async function rounds(name: string): Promise<{ readonly cold: number; readonly warm: number }> {
  const host = hosts.get(name);
  if (host === undefined) throw new Error(`the host ${name} did not start`);
  await using relay = await startRelay(host.port, { roundTripMs });
  const connection = await connectDriver(relay, host.users.tsadmin);
  await connection.list(patience());
  const cold = relay.rounds;
  await connection.list(patience());
  const warm = relay.rounds - cold;
  await connection[Symbol.asyncDispose]();
  return { cold, warm };
}

test.each([
  ['current', { cold: 10, warm: 2 }],
  ['leaves one out', { cold: 11, warm: 2 }],
  // It has no call that lists sessions at once, and none that tells long names without a handle.
  ['older', { cold: 11, warm: 2 }],
  ['older, with long names', { cold: 13, warm: 2 }],
] as const)('a host that is %s is waited for no more than it must be', async (name, expected) => {
  expect(await rounds(name)).toEqual(expected);
});

test('500 sessions wait once more for each further window of 512 credits, of which each call needs two', async () => {
  const calls = 5 * 500;
  const windows = Math.floor((2 * calls) / 512);
  const { cold, warm } = await rounds('big');
  expect(cold).toBeLessThanOrEqual(11 + windows);
  expect(warm).toBeLessThanOrEqual(2 + windows);
});
