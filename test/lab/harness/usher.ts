import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ErrorRow } from '../../../src/sessions/errors.ts';
import type { Lab } from '../lab.ts';
import { type CommandResult, runCommand } from './command.ts';
import { until } from './until.ts';

const launcher = fileURLToPath(new URL('../../../bin/usher', import.meta.url));

/** Where usher keeps its files in a test: a lab, or any directory. */
export interface AtHome {
  readonly home: string;
}

/** A session as `--json` prints it. */
export interface SessionRow {
  readonly host: string;
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly user: string | null;
  readonly domain: string | null;
  readonly state: string;
  readonly idleFor: number | null;
  readonly loggedOnAt: string | null;
  readonly connectedAt: string | null;
  readonly disconnectedAt: string | null;
  readonly lastInputAt: string | null;
  readonly client: { readonly name: string | null; readonly address: string | null; readonly display: string | null };
  readonly protocol: string | null;
  readonly locked: boolean | null;
  readonly memoryBytes: number | null;
  readonly cpuPercent: number | null;
  readonly bytesInPerSecond: number | null;
  readonly bytesOutPerSecond: number | null;
  readonly roundTripMs: number | null;
  readonly processCount: number | null;
  readonly troubles: readonly { readonly code: string; readonly reason: string }[];
  readonly key: string;
}

export interface Listing {
  readonly sessions: readonly SessionRow[];
  readonly errors: readonly ErrorRow[];
  readonly notes: readonly { readonly host: string; readonly code: string; readonly columns: readonly string[] }[];
}

export interface UsherOptions {
  /** More environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  /** More arguments. */
  readonly args?: readonly string[];
}

/** Runs `bin/usher` as a user of the lab's home directory would. */
export async function usher(lab: AtHome, args: readonly string[], options: UsherOptions = {}): Promise<CommandResult> {
  return runCommand(launcher, args, { env: environment(lab, options), timeoutMs: 60_000 });
}

/** `usher sessions --json` of these hosts, each a URL. */
export async function listing(lab: AtHome, urls: readonly string[], options: UsherOptions = {}): Promise<Listing> {
  const result = await usher(
    lab,
    ['sessions', '--json', ...urls.flatMap((url) => ['-s', url]), ...(options.args ?? [])],
    options,
  );
  if (result.stdout === '') throw new Error(`usher sessions ended with ${result.code}: ${result.stderr}`);
  return JSON.parse(result.stdout) as Listing;
}

/** One session that was acted on, as `--json` prints it. */
export interface ActRow {
  readonly user: string;
  readonly outcome: string;
  readonly why: string;
  readonly answer: string | null;
  readonly provedAt: string | null;
  readonly steps: readonly { readonly step: string; readonly result: string }[];
}

export interface ActsSaid {
  readonly code: number | null;
  readonly acts: readonly ActRow[];
}

/** Runs an act with --json and --yes. */
export async function acting(lab: AtHome, args: readonly string[]): Promise<ActsSaid> {
  const { code, stdout, stderr } = await usher(lab, [...args, '--json', '--yes']);
  if (!stdout.startsWith('{"acts"')) throw new Error(`usher ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return { code, acts: (JSON.parse(stdout) as { acts: readonly ActRow[] }).acts };
}

/** `ssh://USER@ADDRESS` of a host of the lab. */
export function urlOf(lab: Pick<Lab, 'host'>, host: string, user = 'root'): string {
  return `ssh://${encodeURIComponent(user)}@${lab.host(host).address}`;
}

/** A running `usher watch --json`, whose lines are collected as they come, each with the moment it came. */
export function watching(lab: AtHome, urls: readonly string[], options: UsherOptions = {}): Watching {
  const args = ['watch', '--json', ...urls.flatMap((url) => ['-s', url])];
  const child = spawn(launcher, args, {
    env: { ...process.env, ...environment(lab, options) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: WatchedLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push({ ...(JSON.parse(line) as Omit<WatchedLine, 'cameAt'>), cameAt: performance.now() });
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  return {
    lines,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

export interface WatchedLine {
  /** When the line came, in milliseconds of this process's own clock. */
  readonly cameAt: number;
  readonly [field: string]: unknown;
}

export interface Watching extends AsyncDisposable {
  readonly lines: readonly WatchedLine[];
}

/** `bin/usher` while it runs. */
export interface RunningUsher extends AsyncDisposable {
  /** Everything that it wrote so far, standard output and error together. */
  output(): string;
  /** Waits until it wrote this. */
  says(pattern: RegExp, timeoutMs?: number): Promise<true>;
  interrupt(): void;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts `bin/usher` and goes on. Disposing of it interrupts it and waits for its end. */
export function startUsher(lab: AtHome, args: readonly string[], options: UsherOptions = {}): RunningUsher {
  const child = spawn(launcher, args, {
    env: { ...process.env, ...environment(lab, options) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (text += String(chunk)));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return {
    output: () => text,
    says: (pattern, timeoutMs = 30_000) =>
      until(() => pattern.test(text), { timeoutMs, what: `${pattern} in what usher said:\n${text}` }),
    interrupt: () => void child.kill('SIGINT'),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

function environment(lab: AtHome, { env = {}, home = lab.home }: UsherOptions): Record<string, string> {
  const state = { XDG_CONFIG_HOME: `${home}/.config`, XDG_STATE_HOME: `${home}/.local/state`, SSH_AUTH_SOCK: '' };
  return { ...state, HOME: home, ...env };
}
