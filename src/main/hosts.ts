import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import type { DriverOptions, ReadHostKey } from '../cli/surroundings.ts';
import { realTimers } from '../fleet/deadline.ts';
import { atHome, type Places } from '../fleet/paths.ts';
import type { Credential } from '../hosts/credential.ts';
import type { HostDriver } from '../hosts/driver.ts';
import type { SshEnvironment } from '../hosts/xrdp/ssh/environment.ts';

/** Every driver that there is. What one needs is loaded when it first connects to a host, not before. */
export async function loadDrivers(options: DriverOptions, places: Places): Promise<readonly HostDriver[]> {
  const { xrdpDriver } = await import('../hosts/xrdp/driver.ts');
  const ssh = sshEnvironment(options, places);
  const { platform } = places;
  return [xrdpDriver({ ssh, platform, localUser: ssh.account, now: () => Temporal.Now.instant() }), windows];
}

const windows: HostDriver = {
  schemes: ['windows'],
  async connect(host, credential, signal) {
    return (await loadWindowsDriver()).connect(host, credential, signal);
  },
  async *examine(host, credential, signal) {
    yield* (await loadWindowsDriver()).examine(host, credential, signal);
  },
};

let loaded: HostDriver | null = null;

/** One for the whole process: it knows how many hosts are watched. */
async function loadWindowsDriver(): Promise<HostDriver> {
  const [{ windowsDriver }, { dialTcp }] = await Promise.all([
    import('../hosts/windows/driver.ts'),
    import('../hosts/windows/dial.ts'),
  ]);
  loaded ??= windowsDriver({
    dial: dialTcp,
    machine: hostname(),
    now: () => Temporal.Now.instant(),
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    after: (delay, work) => realTimers.after(delay, work),
  });
  return loaded;
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
