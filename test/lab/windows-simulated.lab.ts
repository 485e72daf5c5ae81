import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from './harness/until.ts';
import { tstool } from './windows/clients/peers.ts';
import { happened, startSimulatedHost } from './windows/simulated-host.ts';
import type { WindowsHost } from './windows/windows-host.ts';

const byAdmin = String.raw`by ORACLE\tsadmin over the network`;

let host: WindowsHost;

beforeEach(async () => {
  host = await startSimulatedHost();
});
afterEach(async () => {
  await host.stop();
});

test('x', async () => {
  console.log((await tstool(host, host.users.tsadmin, 'qwinsta', '-v')).stdout);
  console.log((await tstool(host, host.users.tsadmin, 'tasklist')).stdout);
  console.log((await tstool(host, host.users.tsadmin, 'msg', '-session', '2', '-message', 'hi')).stdout);
  console.log((await tstool(host, host.users.tsadmin, 'tscon', '-source', '3', '-dest', '2')).stdout);
  console.log((await tstool(host, host.users.tsadmin, 'tsdiscon', '-session', '3')).stdout);
  console.log((await tstool(host, host.users.tsadmin, 'logoff', '-session', '3')).stdout);
  console.log(await tstool(host, host.users.tsadmin, 'shadow', '-session', '4', '-file', '/tmp/sim-invite'));
  console.log((await tstool(host, host.users.tsadmin, 'shutdown', '-reboot')).stdout);
  console.log(happened(host), host.said());
}, 60_000);
