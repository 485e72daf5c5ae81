import type { Credential } from '../../src/hosts/credential.ts';
import type { HostConnection, HostDriver } from '../../src/hosts/driver.ts';
import { xrdpDriver } from '../../src/hosts/xrdp/driver.ts';
import { connectSsh } from '../../src/hosts/xrdp/ssh/connection.ts';
import type { SshEnvironment } from '../../src/hosts/xrdp/ssh/environment.ts';
import type { Transport } from '../../src/hosts/xrdp/transport.ts';
import { type Host, parseHostUrl } from '../../src/sessions/host.ts';
import { mustRun } from '../../test/lab/harness/command.ts';
import type { Lab, LabHost } from '../../test/lab/lab.ts';
import { run } from '../command.ts';
import type { InstalledUsher } from '../usher-program.ts';
import { rowsOfListing, rowsOfReading, rowsOfScript } from './rows.ts';

/** What asks the host: for its sessions, in lines as rows.ts makes them, or for nothing. */
export interface Contender {
  readonly name: string;
  readonly lists: boolean;
  readonly ask: () => Promise<string>;
}

export const patience = (): AbortSignal => AbortSignal.timeout(60_000);
/** What the script is to be called with; it comes on standard input. */
const scriptCommand = 'IDLE_PL=/run/xorg-idle.pl sh -s';

const credential: Credential = {
  user: null,
  identityFiles: [],
  password: async () => null,
  passphrase: async () => null,
  sudoPassword: async () => null,
};

/** One host of the lab as the program's own parts see it. */
export interface Target {
  readonly host: Host;
  /** The host's URL as it is typed; OpenSSH's client takes it, too. */
  readonly url: string;
  readonly environment: SshEnvironment;
  readonly driver: HostDriver;
}

export function targetIn(lab: Lab, { name, address }: LabHost): Target {
  const environment: SshEnvironment = {
    home: lab.home,
    account: 'root',
    uid: 0,
    machine: 'bench',
    platform: 'posix',
    variables: {},
    configFile: `${lab.home}/.ssh/config`,
    systemDirectory: '/etc/ssh',
    jumpCredential: null,
  };
  const driver = xrdpDriver({
    ssh: environment,
    platform: 'linux',
    localUser: 'root',
    now: () => Temporal.Now.instant(),
  });
  const url = `ssh://root@${address}`;
  return { host: { name, url: parseHostUrl(url) }, url, environment, driver };
}

export const connectTo = ({ driver, host }: Target): Promise<HostConnection> =>
  driver.connect(host, credential, patience());

export const transportTo = ({ host, environment }: Target): Promise<Transport> =>
  connectSsh(host, credential, environment, patience());

/** Over SSH connections that are there. Null as script: there is none. */
export function overKept(
  connection: HostConnection,
  transport: Transport,
  script: string | null,
): readonly Contender[] {
  const listers = {
    'Usher, kept connection': async () => rowsOfReading(await connection.list(patience())),
    ...(script !== null && {
      'the script, kept connection': async () => rowsOfScript(await run(transport, scriptCommand, script)),
    }),
  };
  return contenders(listers, { '`true`, kept connection': () => run(transport, 'true', '') });
}

/** Over an SSH connection of its own each time: in this process, and as somebody at a shell asks. */
export function overNew(
  lab: Lab,
  target: Target,
  { command: [file, ...first], env }: InstalledUsher,
  script: string | null,
): readonly Contender[] {
  const ssh = (command: string, input: string): Promise<string> =>
    mustRun('ssh', ['-F', `${lab.home}/.ssh/config`, '-o', 'BatchMode=yes', target.url, command], { input });
  const own = { env: { ...env, HOME: lab.home } };
  const listers = {
    'Usher, new connection': async () => {
      await using connection = await connectTo(target);
      return rowsOfReading(await connection.list(patience()));
    },
    '`usher sessions`': async () =>
      rowsOfListing(await mustRun(file, [...first, 'sessions', '--json', '-s', target.url], own)),
    ...(script !== null && { '`ssh`, the script': async () => rowsOfScript(await ssh(scriptCommand, script)) }),
  };
  return contenders(listers, { '`ssh`, `true`': () => ssh('true', '') });
}

type Asking = Readonly<Record<string, () => Promise<string>>>;

function contenders(listers: Asking, floors: Asking): readonly Contender[] {
  const of = (asking: Asking, lists: boolean): readonly Contender[] =>
    Object.entries(asking).map(([name, ask]) => ({ name, lists, ask }));
  return [...of(listers, true), ...of(floors, false)];
}
