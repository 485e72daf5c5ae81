import { readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectClient } from './harness/client.ts';
import type { ClientOptions, LabClient } from './harness/client.ts';
import { mustRun, runCommand } from './harness/command.ts';
import type { CommandOptions, CommandResult } from './harness/command.ts';
import { LabHost } from './harness/host.ts';
import type { ScreenSize } from './harness/host.ts';
import type { SeenSession } from './harness/xrdp-sessions.ts';

export { until } from './harness/until.ts';
export type { ClientOptions, CommandOptions, CommandResult, LabClient, LabHost, ScreenSize, SeenSession };

const upScript = fileURLToPath(new URL('hosts/up.sh', import.meta.url));
const downScript = fileURLToPath(new URL('hosts/down.sh', import.meta.url));

export interface LabOptions {
  /** First three octets of its network; by default the first free of 10.213.7 to 10.213.19. */
  readonly net?: string;
  /** Names of the hosts to bring up; all by default: xh1 xh2 xv1 xt1 xs1. */
  readonly hosts?: readonly string[];
}

/** Brings up a lab of its own; the caller ends it with `stop`. */
export async function startLab({ net, hosts }: LabOptions = {}): Promise<Lab> {
  const env = { ...(net !== undefined && { NET: net }), ...(hosts && { HOSTS: hosts.join(' ') }) };
  return new Lab((await mustRun('bash', [upScript], { env, timeoutMs: 300_000 })).trim());
}

/** The lab of this worker, of those that the test run brought up. */
export function openLab(): Lab {
  const names = (process.env['USHER_LABS'] ?? '').split(' ').filter((one) => one !== '');
  const name = names[(Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % names.length];
  if (name === undefined) throw new Error('no lab is up: run these tests with `npm run test:lab`');
  return new Lab(name);
}

/** Real xrdp hosts in namespaces of this machine, and the PCs in front of them. */
export class Lab {
  readonly name: string;
  readonly directory: string;
  readonly hosts: ReadonlyMap<string, LabHost>;
  /** A home directory whose .ssh has a key for all users of all hosts, all host keys, and a config with all names. */
  readonly home: string;
  /** An address of the lab's network where nothing answers. */
  readonly deadAddress: string;
  readonly #clients: LabClient[] = [];

  constructor(name: string) {
    this.name = name;
    this.directory = readlinkSync(`/run/usher-lab/${name}`);
    this.home = `${this.directory}/home`;
    const lines = readFileSync(`${this.directory}/hosts.tsv`, 'utf8').trim().split('\n');
    const hosts = lines.map((line) => {
      const [host = '', address = '', initPid] = line.split('\t');
      return new LabHost(this, host, address, Number(initPid));
    });
    this.hosts = new Map(hosts.map((host) => [host.name, host]));
    this.deadAddress = (hosts[0]?.address ?? '').replace(/\d+$/, '99');
  }

  host(name: string): LabHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`the lab has no host ${name}, only ${[...this.hosts.keys()].join(' ')}`);
    return host;
  }

  /** A real FreeRDP client; resolves when its session is there. */
  async connectClient(options: Omit<ClientOptions, 'host'> & { readonly host: string }): Promise<LabClient> {
    const client = await connectClient(this, { ...options, host: this.host(options.host) });
    this.#clients.push(client);
    return client;
  }

  /** Runs a command on a host with OpenSSH's client and the lab's key. */
  ssh(host: string, command: string, { user = 'root', ...options }: SshOptions = {}): Promise<CommandResult> {
    const args = [
      '-F',
      `${this.home}/.ssh/config`,
      '-o',
      'BatchMode=yes',
      '-l',
      user,
      this.host(host).address,
      command,
    ];
    return runCommand('ssh', args, { timeoutMs: 20_000, ...options });
  }

  /** Between tests: undoes faults, kills this program's clients and ends all sessions of all hosts. */
  async reset(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.kill()));
    await Promise.all([...this.hosts.values()].map((host) => host.recover()));
  }

  /** Takes the lab down with all that runs in it. */
  async stop(): Promise<void> {
    await mustRun('bash', [downScript, this.name]);
  }
}

export interface SshOptions extends CommandOptions {
  /** Who logs on; root by default. */
  readonly user?: string;
}
