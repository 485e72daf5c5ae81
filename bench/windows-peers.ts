import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { mustRun } from '../test/lab/harness/command.ts';
import type { WindowsHost } from '../test/lab/windows/windows-host.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A program that lists the sessions of a Windows host, and how its output is read. */
export interface Lister {
  readonly name: string;
  /** Program and arguments, for a port of 127.0.0.1. */
  readonly command: (port: number) => readonly [file: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
  /** `id domain\user state` of every session that somebody is logged on to. */
  readonly rows: (output: string) => readonly string[];
}

type Session = { readonly id: number; readonly account: string; readonly state: string };

const rowsOf = (sessions: readonly Session[]): readonly string[] =>
  sessions
    .filter(({ account }) => account !== '')
    .map(({ id, account, state }) => `${id} ${account} ${state}`)
    .toSorted();

const accountOf = (user: string, domain: string): string => (user === '' ? '' : `${domain}\\${user}`);

const listed = z.object({
  sessions: z.array(
    z.object({ id: z.number(), user: z.string().nullable(), domain: z.string().nullable(), state: z.string() }),
  ),
});

/** `usher sessions`, compiled and installed as a package is, so that Node keeps its compiled code. */
export async function usher({ users: { tsadmin } }: WindowsHost, folder: string): Promise<Lister> {
  await mkdir(folder);
  await mustRun(process.execPath, [`${root}tools/build.ts`]);
  for (const part of ['bin', 'dist', 'package.json'])
    await cp(`${root}${part}`, `${folder}/${part}`, { recursive: true });
  await symlink(`${root}node_modules`, `${folder}/node_modules`);
  await mkdir(`${folder}/cache`, { mode: 0o700 });
  const url = (port: number): string => `windows://${tsadmin.domain}\\${tsadmin.name}@127.0.0.1:${port}`;
  return {
    name: 'usher sessions',
    command: (port) => [
      process.execPath,
      `${folder}/bin/usher`,
      'sessions',
      '--json',
      '--timeout',
      '5m',
      '-s',
      url(port),
    ],
    env: { USHER_PASSWORD: tsadmin.password, XDG_CACHE_HOME: `${folder}/cache`, XDG_CONFIG_HOME: folder },
    rows: (output) =>
      rowsOf(
        listed.parse(JSON.parse(output)).sessions.map(({ id, user, domain, state }) => {
          return { id, account: accountOf(user ?? '', domain ?? ''), state };
        }),
      ),
  };
}

/** impacket's tstool.py, which asks session after session. */
export function tstool({ python, users: { tsadmin } }: WindowsHost): Lister {
  const target = `${tsadmin.domain}/${tsadmin.name}:${tsadmin.password}@127.0.0.1`;
  const script = `${root}test/lab/windows/clients/tstool.py`;
  return {
    name: 'tstool.py qwinsta -v',
    command: (port) => [python, script, String(port), target, 'qwinsta', '-v'],
    env: { PYTHONIOENCODING: 'utf8' },
    rows(output) {
      const lines = output.split('\n');
      const rule = lines.findIndex((line) => line.startsWith('===='));
      const widths = (lines[rule] ?? '').split(' ').map(({ length }) => length);
      const sessions = lines.slice(rule + 1).flatMap((line) => {
        const [, account = '', id = '', state = ''] = columns(line, widths);
        return id === '' ? [] : [{ id: Number(id), account, state: state.toLowerCase() }];
      });
      return rowsOf(sessions);
    },
  };
}

/** What stands in columns of so many characters, with a space between. */
function columns(line: string, widths: readonly number[]): readonly string[] {
  const characters = Array.from(line);
  let at = 0;
  return widths.map((width) => {
    const text = characters
      .slice(at, at + width)
      .join('')
      .trim();
    at += width + 1;
    return text;
  });
}

const goRow = z.object({ id: z.number(), state: z.number(), user: z.string(), domain: z.string() });
/** WINSTATIONSTATECLASS ([MS-TSTS] 2.2.1.9), as far as users' sessions have it. */
const states: Readonly<Record<number, string>> = { 0: 'active', 1: 'connected', 4: 'disconnected' };

/** The client of `go-msrpc/main.go`, compiled with the checkout of go-msrpc in `library`. */
export async function goMsrpc({ users: { tsadmin } }: WindowsHost, library: string, folder: string): Promise<Lister> {
  await mkdir(folder);
  const own = `${root}bench/go-msrpc`;
  await cp(`${own}/main.go`, `${folder}/main.go`);
  const module = await readFile(`${own}/go.mod`, 'utf8');
  await writeFile(`${folder}/go.mod`, `${module}\nreplace github.com/oiweiwei/go-msrpc => ${library}\n`);
  for (const args of [
    ['mod', 'tidy'],
    ['build', '-o', 'lister', '.'],
  ]) {
    await mustRun('go', ['-C', folder, ...args], { timeoutMs: 600_000 });
  }
  return {
    name: 'go-msrpc',
    command: (port) => [
      `${folder}/lister`,
      '127.0.0.1',
      String(port),
      `${tsadmin.domain}\\${tsadmin.name}`,
      tsadmin.password,
    ],
    env: {},
    rows: (output) =>
      rowsOf(
        z
          .array(goRow)
          .parse(JSON.parse(output))
          .map(({ id, user, domain, state }) => {
            return { id, account: accountOf(user, domain), state: states[state] ?? String(state) };
          }),
      ),
  };
}
