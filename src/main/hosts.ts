import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import type { DriverOptions, ReadHostKey } from '../cli/surroundings.ts';
import { realTimers } from '../fleet/deadline.ts';
import { atHome, type Places } from '../fleet/paths.ts';
import type { Credential } from '../hosts/credential.ts';
import type { HostDriver } from '../hosts/driver.ts';
import type { SshEnvironment } from '../hosts/xrdp/ssh/environment.ts';

/** Every driver that there is. What one needs is loaded when a host asks for it, not before. */
export function driversOf(options: DriverOptions, places: Places): readonly HostDriver[] {
  return [
    onDemand(['ssh', 'local'], () => loadXrdpDriver(options, places)),
    onDemand(['windows'], () => loadWindowsDriver(options)),
  ];
}

function onDemand(schemes: HostDriver['schemes'], load: () => Promise<HostDriver>): HostDriver {
  return {
    schemes,
    async connect(host, credential, signal) {
      return (await load()).connect(host, credential, signal);
    },
    async *examine(host, credential, signal) {
      yield* (await load()).examine(host, credential, signal);
    },
  };
}

async function loadXrdpDriver(options: DriverOptions, places: Places): Promise<HostDriver> {
  const { xrdpDriver } = await import('../hosts/xrdp/driver.ts');
  const ssh = sshEnvironment(options, places);
  return xrdpDriver({ ssh, platform: places.platform, localUser: ssh.account, now: () => Temporal.Now.instant() });
}

let windows: HostDriver | null = null;

/** One for the whole process, which has one `--timeout`: it knows how many hosts are watched. */
async function loadWindowsDriver({ timeout }: DriverOptions): Promise<HostDriver> {
  const [{ windowsDriver }, { dialTcp }] = await Promise.all([
    import('../hosts/windows/driver.ts'),
    import('../hosts/windows/dial.ts'),
  ]);
  windows ??= windowsDriver({
    dial: dialTcp,
    machine: hostname(),
    now: () => Temporal.Now.instant(),
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    after: (delay, work) => realTimers.after(delay, work),
    timeout,
  });
  return windows;
}

export async function loadHostKeys(options: DriverOptions, places: Places): Promise<ReadHostKey> {
  const { acceptHostKey, readHostKey } = await import('../hosts/xrdp/ssh/host-key.ts');
  const environment = sshEnvironment(options, places);
  return async (host, signal) => {
    const key = await readHostKey(host, noCredential, environment, signal);
    const { type, fingerprint, verdict } = key;
    return { type, fingerprint, status: verdict.kind, trust: () => acceptHostKey(key) };
  };
}

/** A host's key is read without logging on. */
const noCredential: Credential = {
  user: null,
  identityFiles: [],
  password: async () => null,
  passphrase: async () => null,
  sudoPassword: async () => null,
};

function sshEnvironment({ sshConfigFile }: DriverOptions, places: Places): SshEnvironment {
  const { env, platform, homeDirectory } = places;
  const isWindows = platform === 'win32';
  const { username, uid } = userInfo();
  return {
    home: homeDirectory,
    account: username,
    uid: isWindows ? null : uid,
    machine: hostname(),
    platform: isWindows ? 'win32' : 'posix',
    variables: env,
    configFile:
      sshConfigFile === null ? null : sshConfigFile === 'none' ? 'none' : path.resolve(atHome(sshConfigFile, places)),
    systemDirectory: isWindows ? path.join(env['ProgramData'] ?? String.raw`C:\ProgramData`, 'ssh') : '/etc/ssh',
    jumpCredential: null,
  };
}
