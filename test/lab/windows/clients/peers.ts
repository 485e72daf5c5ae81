import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { mustRun, runCommand } from '../../harness/command.ts';
import type { CommandResult } from '../../harness/command.ts';
import type { WindowsHost, WindowsUser } from '../windows-host.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

const seenSession = z.object({
  id: z.number(),
  state: z.number(),
  name: z.string(),
  flags: z.number(),
  user: z.string(),
  domain: z.string(),
  connect: z.string(),
  disconnect: z.string(),
  logon: z.string(),
  lastInput: z.string(),
  input: z.string().optional(),
  client: z
    .object({
      name: z.string(),
      address: z.string(),
      width: z.number(),
      height: z.number(),
      protocol: z.number(),
      timeZone: z.string(),
    })
    .nullish(),
});

const seenProcess = z.object({
  pid: z.number(),
  session: z.number(),
  image: z.string(),
  sid: z.string().nullable(),
  parent: z.number(),
  create: z.string(),
  user: z.string(),
  kernel: z.string(),
  workingSet: z.number(),
});

/** What `list.py` prints. */
const seen = z.object({
  /** MS-SMB2 2.2.4, such as 0x0311. */
  dialect: z.number(),
  sessions: z.array(seenSession),
  listeners: z.array(z.object({ id: z.number(), name: z.string(), listening: z.boolean() })).optional(),
  /** Why it could not ask the TermSrv_API_service pipe. */
  withoutTermSrv: z.string().optional(),
  processes: z.array(seenProcess),
});

export type Seen = z.output<typeof seen>;
export type SeenSession = Seen['sessions'][number];

/** A host, and the Python that has impacket. */
type ReachedHost = Pick<WindowsHost, 'port' | 'python'>;

/** What impacket's client sees of a host. */
export async function peerList(host: ReachedHost, user: WindowsUser): Promise<Seen> {
  const args = [`${here}list.py`, String(host.port), user.name, user.password];
  return seen.parse(JSON.parse(await mustRun(host.python, args)));
}

/** Runs impacket's tstool.py. */
export function tstool(host: ReachedHost, user: WindowsUser, ...args: readonly string[]): Promise<CommandResult> {
  const target = `${user.domain}/${user.name}:${user.password}@127.0.0.1`;
  return runCommand(host.python, [`${here}tstool.py`, String(host.port), target, ...args]);
}

/** Runs one of the lab's own clients, `name.py`. */
export function client(
  host: ReachedHost,
  user: WindowsUser,
  name: string,
  ...args: readonly string[]
): Promise<CommandResult> {
  return runCommand(host.python, [`${here}${name}.py`, String(host.port), user.name, user.password, ...args]);
}

/** Runs Samba's own RPC client with the options of a binding, such as `spnego,seal`; `none` for none. */
export function sambaClient(
  host: ReachedHost,
  user: WindowsUser,
  pipe: string,
  options: string,
): Promise<CommandResult> {
  const args = [`${here}samba_client.py`, String(host.port), user.name, user.password, pipe, options];
  return runCommand('/usr/bin/python3', args);
}

/** Runs Samba's own client of the registry, `net rpc registry`. */
export function registryOf(host: WindowsHost, user: WindowsUser, ...args: readonly string[]): Promise<string> {
  const { domain, name, password } = user;
  const target = ['-S', '127.0.0.1', '-p', String(host.port), '-U', `${domain}/${name}%${password}`];
  const options = ['--use-kerberos=off', '--configfile=/dev/null'];
  return mustRun('net', ['rpc', 'registry', ...args, ...target, ...options], { env: { LC_ALL: 'C.UTF-8' } });
}
