import { readFileSync } from 'node:fs';
import type { Output, Surroundings } from '../cli/surroundings.ts';
import { realTimers } from '../fleet/deadline.ts';
import { realMachine } from '../fleet/machine.ts';
import { openScreen } from './screen.ts';
import { ownPlaces } from '../fleet/paths.ts';

const interruptedCode = 130;

/** Runs Usher's command line in this process, and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const [only, ...others] = argv;
  // The one question that scripts ask often is answered without loading anything.
  if (others.length === 0 && (only === '--version' || only === '-V')) {
    process.stdout.write(`${ownVersion()}\n`);
    return;
  }
  if (globalThis.Temporal === undefined) await import('temporal-polyfill/global');
  const leaving = new AbortController();
  const interrupt = (): void => {
    // The second time somebody who waits for the end is believed.
    if (leaving.signal.aborted) process.exit(interruptedCode);
    leaving.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // The terminal is closed.
  process.on('SIGHUP', interrupt);
  process.stdout.on('error', leaveQuietly);
  process.stderr.on('error', leaveQuietly);
  const [{ runProgram }, surroundings] = await Promise.all([
    import('../cli/program.ts'),
    surroundingsOf(leaving.signal, interrupt),
  ]);
  const code = await runProgram(argv, surroundings);
  // Whatever still holds the process, such as a host that does not hang up, is not waited for.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

/** Nobody reads any more, as in `usher sessions | head`, or the terminal is gone: there is nothing left to do. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  process.exit(0);
}

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

async function surroundingsOf(signal: AbortSignal, interrupt: () => void): Promise<Surroundings> {
  const { stdin, stdout, stderr } = process;
  const places = ownPlaces();
  const asks = stdin.isTTY && stderr.isTTY;
  const { terminalOn } = asks ? await import('./terminal.ts') : { terminalOn: null };
  return {
    version: ownVersion(),
    stdout: outputOf(stdout),
    stderr: outputOf(stderr),
    terminal: terminalOn?.(stdin, stderr, interrupt, signal) ?? null,
    openScreen: stdin.isTTY && stdout.isTTY ? () => openScreen(stdin, stdout) : null,
    readInput: async (mostBytes) => (await import('./standard-input.ts')).readToEnd(stdin, mostBytes, signal),
    places,
    timers: realTimers,
    machine: realMachine(),
    random: Math.random,
    timeZone: Temporal.Now.timeZoneId(),
    now: () => Temporal.Now.instant(),
    signal,
    drivers: async (options) => (await import('./hosts.ts')).driversOf(options, places),
    hostKeys: async (options) => (await import('./hosts.ts')).loadHostKeys(options, places),
    process: { pid: process.pid, calledAs: calledAs(), isAlive, atExit },
    simulator: async () => (await import('./simulator.ts')).simulator,
  };
}

/** In a clone of its repository the program runs from its source and is not on anybody's PATH. */
function calledAs(): string {
  if (!import.meta.url.endsWith('.ts')) return 'usher';
  return process.platform === 'win32' ? String.raw`node bin\usher` : 'bin/usher';
}

/** Another user's process cannot be signalled, but it is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function atExit(work: () => void): Disposable {
  // What was begun last is undone first.
  process.prependListener('exit', work);
  return { [Symbol.dispose]: () => void process.off('exit', work) };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns : null;
    },
  };
}

function ownVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (file as { readonly version: string }).version;
}
