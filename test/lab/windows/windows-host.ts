import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { mustRun } from '../harness/command.ts';
import { until } from '../harness/until.ts';
import { changeHost } from './control.ts';
import type { ChangeOutcome, HostChange } from './control.ts';
import { worldSchema } from './world.ts';
import type { World } from './world.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

export type Dialect = 'SMB2_02' | 'SMB2_10' | 'SMB3_00' | 'SMB3_02' | 'SMB3_11';
export type Pipe = 'LSM_API_service' | 'TermSrv_API_service' | 'Ctx_WinStation_API_service' | 'SessEnvPublicRpc';

/** What an account may do: WINSTATION_… (MS-TSTS 3.1.1), and what only administrators may. */
export type Right =
  | 'query'
  | 'message'
  | 'disconnect'
  | 'logoff'
  | 'reset'
  | 'connect'
  | 'shadow'
  | 'terminate'
  | 'shutdown'
  | 'listeners';

/** What goes wrong at a call: all calls of the method, or those about one session. */
export interface PlannedFault {
  /** Interface and method, such as `TermSrvSession.RpcLogoff`. */
  readonly call: string;
  readonly session?: number;
  /** It is never answered. */
  readonly hang?: boolean;
  /** Seconds before it is answered. */
  readonly delay?: number;
  /** Status of a fault PDU that answers it. */
  readonly fault?: number;
  /** What it returns: an HRESULT, with IcaApi an NTSTATUS. */
  readonly status?: number;
}

export interface WindowsHostOptions {
  /** A world of `worlds/` by its name, or one that is given as such; `small` by default. */
  readonly world?: string | object;
  /** Where it listens on 127.0.0.1; a free port by default. */
  readonly port?: number;
  /** SMB encryption; `desired` by default: offered, and used by a client that wants it. */
  readonly encrypt?: 'off' | 'desired' | 'required';
  /** SMB signing; `mandatory` by default. */
  readonly signing?: 'mandatory' | 'auto' | 'disabled';
  readonly minProtocol?: Dialect;
  readonly maxProtocol?: Dialect;
  /** Whether RPC without packet privacy is refused. */
  readonly requirePrivacy?: boolean;
  /** The pipes that exist; with Remote Desktop switched off there is no `TermSrv_API_service`. */
  readonly pipes?: readonly Pipe[];
  /** Greatest RPC fragment in bytes, both ways; 4280 by default. */
  readonly fragment?: number;
  /** Seconds between two fragments of an answer. */
  readonly fragmentDelay?: number;
  /** Methods that the host does not know, as an older one does not: `Interface.Method`. */
  readonly absent?: readonly string[];
  readonly faults?: readonly PlannedFault[];
  /** What an account may do; without, `tsadmin` everything and `plain` nothing. Everybody may list. */
  readonly rights?: Readonly<Record<string, readonly Right[]>>;
  /** What serves the pipes, where it is not the Python of `endpoint/`: program and arguments, without spaces in them. */
  readonly endpoint?: readonly string[];
}

export interface WindowsUser {
  readonly name: string;
  readonly domain: string;
  readonly password: string;
}

const loggedCall = z.looseObject({
  account: z.string().nullish(),
  /** Interface and method, such as `TermSrvSession.RpcLogoff`. */
  call: z.string().optional(),
  /** RPC authentication level: 5 integrity, 6 privacy, null without. */
  level: z.number().nullish(),
  request: z.record(z.string(), z.unknown()).optional(),
});

/** One line of the endpoint's log; what else a line has depends on what it tells. */
export type LoggedCall = z.output<typeof loggedCall>;

const authentication = z.object({
  Authentication: z.object({
    clientAccount: z.string(),
    /** `NT_STATUS_OK`, or why it was refused. */
    status: z.string(),
    /** `NTLMv2`, or what else was sent. */
    passwordType: z.string(),
  }),
});

/** A logon that smbd judged. */
export type JudgedLogon = z.output<typeof authentication>['Authentication'];

const protection = z.object({ cipher: z.string(), degree: z.string() });
const smbStatus = z.object({
  sessions: z.record(
    z.string(),
    z.object({
      username: z.string(),
      session_dialect: z.string(),
      encryption: protection,
      signing: protection,
    }),
  ),
});

/** A connection as `smbstatus` tells of it: `degree` is `full` where everything is encrypted or signed. */
export type SmbdSession = z.output<typeof smbStatus>['sessions'][string];

const allPipes: readonly Pipe[] = [
  'LSM_API_service',
  'TermSrv_API_service',
  'Ctx_WinStation_API_service',
  'SessEnvPublicRpc',
];

const users = {
  /** May do everything. */
  tsadmin: { name: 'tsadmin', domain: 'ORACLE', password: 'Passw0rd!' },
  /** May list, with fewer columns. */
  plain: { name: 'plain', domain: 'ORACLE', password: 'Pla1n-Passw0rd!' },
  /** May do everything, with smbd's own pipes too, which know no tsadmin among the administrators. */
  root: { name: 'root', domain: 'ORACLE', password: 'Passw0rd!' },
} as const satisfies Record<string, WindowsUser>;

/** Starts a host on 127.0.0.1; the caller ends it with `stop`. It ends with this process too. */
export async function startWindowsHost(options: WindowsHostOptions = {}): Promise<WindowsHost> {
  const python = (await mustRun('bash', [`${here}python.sh`], { timeoutMs: 300_000 })).trim();
  const directory = await mkdtemp(`${tmpdir()}/usher-windows-`);
  const port = options.port ?? (await freePort());
  await writeFile(`${directory}/settings.json`, JSON.stringify(await settingsOf(directory, options)));
  const child = spawn(`${here}host.sh`, [directory], {
    stdio: 'ignore',
    env: {
      ...process.env,
      USHER_WINDOWS_LAB_PYTHON: python,
      PORT: String(port),
      ...(options.endpoint === undefined ? {} : { ENDPOINT: options.endpoint.join(' ') }),
      ENCRYPT: options.encrypt ?? 'desired',
      SIGNING: options.signing ?? 'mandatory',
      MIN_PROTOCOL: options.minProtocol ?? 'SMB2_02',
      MAX_PROTOCOL: options.maxProtocol ?? 'SMB3_11',
      ADMIN_PASSWORD: users.tsadmin.password,
      PLAIN_PASSWORD: users.plain.password,
    },
  });
  const host = new WindowsHost(child, directory, port, python);
  try {
    await until(() => host.answers(), { what: `the Windows host on port ${port}`, timeoutMs: 30_000 });
  } catch (cause) {
    const said = host.said();
    await host.stop();
    throw new Error(`the Windows host did not come up: ${said}`, { cause });
  }
  return host;
}

export class WindowsHost {
  readonly users = users;
  readonly port: number;
  /** The Python that has impacket, for clients of the lab. */
  readonly python: string;
  /** What the endpoint was asked and answered: one JSON object a line. */
  readonly logPath: string;
  /** What it writes, and gone with it. */
  readonly directory: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, directory: string, port: number, python: string) {
    this.#child = child;
    this.directory = directory;
    this.port = port;
    this.python = python;
    this.logPath = `${directory}/endpoint.log`;
  }

  /** The world as it was at the start, times as FILETIMEs. */
  world(): unknown {
    return JSON.parse(readFileSync(`${this.directory}/world.json`, 'utf8'));
  }

  /** The world as it is now. */
  async worldNow(): Promise<World> {
    const { outcomes } = await this.change({ world: true });
    return worldSchema.parse(outcomes[0]);
  }

  /** Makes things happen at the host, all at once, and tells those who wait for it. */
  change(...changes: readonly HostChange[]): Promise<ChangeOutcome> {
    return changeHost(`${this.directory}/control`, changes);
  }

  log(): readonly LoggedCall[] {
    const lines = readFileSync(this.logPath, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => loggedCall.parse(JSON.parse(line)));
  }

  /** Whether its pipes are open and smbd listens; an error when it has ended. */
  async answers(): Promise<boolean> {
    if (this.#ended) throw new Error('it ended');
    if (!this.said().includes('the pipes are open')) return false;
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }

  /** Every logon over SMB so far, the refused ones too. */
  logons(): readonly JudgedLogon[] {
    const lines = textOf(`${this.directory}/smbd.log`).split('\n');
    const judged = lines.filter((line) => line.startsWith('{"timestamp"'));
    return judged.map((line) => authentication.parse(JSON.parse(line)).Authentication);
  }

  /** Who is connected now, as smbd itself tells. */
  async smbdSessions(): Promise<readonly SmbdSession[]> {
    const configuration = `--configfile=${this.directory}/smb.conf`;
    const said = await mustRun('nsenter', [...this.#entrance(), 'smbstatus', configuration, '--json']);
    return Object.values(smbStatus.parse(JSON.parse(said)).sessions);
  }

  /** What `nsenter` needs to run something beside smbd. */
  #entrance(): readonly string[] {
    const { pid } = this.#child;
    const inner = textOf(`/proc/${pid}/task/${pid}/children`).trim();
    return ['--target', inner, '--mount', '--uts', '--pid'];
  }

  /** What its programs printed. */
  said(): string {
    return ['endpoint.out', 'smbd.log'].map((file) => textOf(`${this.directory}/${file}`)).join('');
  }

  /** Why the host went down, as Windows does without a process such as csrss.exe; null where it did not. */
  crashed(): string | null {
    return textOf(this.logPath).match(/"crashed": "([^"]*)"/)?.[1] ?? null;
  }

  /** Ends all of it. Throws where the host crashed and the test did not say that it may. */
  async stop({ mayCrash = false }: { readonly mayCrash?: boolean } = {}): Promise<void> {
    const crashed = this.crashed();
    if (!this.#ended) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    if (crashed !== null && !mayCrash) throw new Error(`the host crashed: ${crashed}`);
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

async function settingsOf(directory: string, options: WindowsHostOptions): Promise<object> {
  const { world = 'small', pipes = allPipes } = options;
  if (typeof world !== 'string') await writeFile(`${directory}/given-world.json`, JSON.stringify(world));
  return {
    sockets: `${directory}/ncalrpc/np`,
    log: `${directory}/endpoint.log`,
    world: typeof world === 'string' ? `${here}worlds/${world}.json` : `${directory}/given-world.json`,
    written_world: `${directory}/world.json`,
    pipes,
    administrators: [users.tsadmin.name, users.root.name],
    accounts: [users.tsadmin.name, users.plain.name, users.root.name],
    require_privacy: options.requirePrivacy ?? false,
    fragment: options.fragment ?? 4280,
    fragment_delay: options.fragmentDelay ?? 0,
    rights: options.rights ?? {},
    control: `${directory}/control`,
    absent: options.absent ?? [],
    faults: options.faults ?? [],
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
