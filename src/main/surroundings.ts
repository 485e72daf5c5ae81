import { isatty } from 'node:tty';
import { outputsOn } from '../cli/outputs.ts';
import type { Output, Surroundings } from '../cli/surroundings.ts';
import { realTimers } from '../fleet/deadline.ts';
import { realMachine } from '../fleet/machine.ts';
import { ownPlaces } from '../fleet/paths.ts';

/** What the command line finds around it in this process. `interrupt` is what Ctrl-C means, `signal` tells that it was meant. */
export async function surroundingsOf(
  version: string,
  interrupt: () => void,
  signal: AbortSignal,
): Promise<Surroundings> {
  const { stdout, stderr } = process;
  const places = ownPlaces();
  // Node opens its standard input where it is first spoken of.
  const isTyped = isatty(0);
  const { terminalOn } = isTyped && stderr.isTTY ? await import('./terminal.ts') : { terminalOn: null };
  const { openScreen } = isTyped && stdout.isTTY ? await import('./screen.ts') : { openScreen: null };
  return {
    version,
    ...outputsOn(outputOf(stdout), outputOf(stderr)),
    terminal: terminalOn?.(process.stdin, stderr, interrupt, signal) ?? null,
    openScreen: openScreen === null ? null : () => openScreen(process.stdin, stdout),
    readInput: async (mostBytes) => (await import('./standard-input.ts')).readToEnd(process.stdin, mostBytes, signal),
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
