import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { installUsher } from '../usher-program.ts';
import type { PeerProgram } from './peer.ts';
import { type Place, round, type Task } from './protocol.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Who logs on: `DOMAIN\user`. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** A program that lists the sessions of a Windows host and ends, and how its output is read. */
export interface Program {
  readonly name: string;
  /** Program and arguments. */
  readonly command: (place: Place) => readonly [file: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
  /** What it reads. */
  readonly input?: (place: Place) => string;
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

/** `usher sessions`. */
export async function usherProgram({ user, password }: Login, folder: string): Promise<Program> {
  const { command, env } = await installUsher(folder);
  return {
    name: 'usher sessions',
    command: ({ address, port }) => [
      ...command,
      'sessions',
      '--json',
      '--timeout',
      '5m',
      '-s',
      `windows://${user}@${address}:${port}`,
    ],
    env: { ...env, USHER_PASSWORD: password },
    rows: (output) =>
      rowsOf(
        listed.parse(JSON.parse(output)).sessions.map(({ id, user: account, domain, state }) => {
          return { id, account: accountOf(account ?? '', domain ?? ''), state };
        }),
      ),
  };
}

/** impacket's tstool.py, which asks session after session. */
export function tstool(python: string, { user, password }: Login): Program {
  const target = (address: string): string => `${user.replace('\\', '/')}:${password}@${address}`;
  const script = `${root}test/lab/windows/clients/tstool.py`;
  return {
    name: 'tstool.py qwinsta -v',
    command: ({ address, port }) => [python, script, String(port), target(address), 'qwinsta', '-v'],
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

/** WINSTATIONSTATECLASS ([MS-TSTS] 2.2.1.9), as far as users' sessions have it. */
const states: Readonly<Record<number, string>> = { 0: 'active', 1: 'connected', 4: 'disconnected' };

/** One of the peers that list many hosts, with one host to list. */
export function listing({ name, command }: PeerProgram, { user, password }: Login): Program {
  return {
    name,
    command: () => command,
    env: {},
    input: (place) => `${JSON.stringify({ user, password, places: [place], parallel: 1 } satisfies Task)}\ncold\n`,
    rows: (output) =>
      rowsOf(
        round.parse(JSON.parse(output)).rows.map(({ id, user: account, domain, state }) => {
          return { id, account: accountOf(account, domain), state: states[state] ?? String(state) };
        }),
      ),
  };
}
