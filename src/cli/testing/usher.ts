import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Timers } from '../../fleet/deadline.ts';
import { anEstate, type Estate, type HostPlan } from '../../fleet/testing/estate.ts';
import { readAt } from '../../sessions/testing/session.ts';
import { outputsOn } from '../outputs.ts';
import { runProgram } from '../program.ts';
import type { RunningClock } from './running-clock.ts';
import type { Simulator } from '../simulated/port.ts';
import type { HostKey, Screen, Surroundings, Terminal } from '../surroundings.ts';

export interface Setting {
  readonly hosts?: Readonly<Record<string, HostPlan>>;
  /** Width of the terminal that standard output is; null: a pipe. */
  readonly columns?: number | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: NodeJS.Platform;
  readonly terminal?: Terminal | null;
  readonly openScreen?: () => Screen;
  /** What comes on standard input. */
  readonly input?: string;
  readonly hostKey?: HostKey;
  /** Thrown where a host's key is to be read. */
  readonly keyFailure?: Error;
  readonly home?: string;
  readonly timers?: Timers;
  /** Time that passes; without it time stands still. */
  readonly clock?: RunningClock;
  readonly signal?: AbortSignal;
  readonly simulator?: Simulator;
  /** Processes that run, beside this one. */
  readonly processes?: readonly number[];
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly estate: Estate;
}

export const ownPid = 4711;

const noSimulator: Simulator = {
  behaviours: [],
  start: () => Promise.reject(new Error('there is no simulator here')),
};

const stopped: Timers = { after: () => ({ [Symbol.dispose]: () => undefined }) };

/** Runs a command line in made-up surroundings, its words cut at spaces. */
export async function usher(line: string | readonly string[], setting: Setting = {}): Promise<Outcome> {
  const { columns = null, env = {}, platform = 'linux', terminal = null, home = '/nowhere' } = setting;
  const { clock } = setting;
  const now = (): Temporal.Instant => clock?.now() ?? readAt;
  const estate = anEstate(setting.hosts ?? {}, now);
  let [out, err] = ['', ''];
  const around: Surroundings = {
    version: '1.2.3',
    ...outputsOn(
      { write: (text) => void (out += text), isTerminal: columns !== null, columns },
      { write: (text) => void (err += text), isTerminal: columns !== null, columns },
    ),
    terminal,
    openScreen: setting.openScreen ?? null,
    readInput: async () => setting.input ?? '',
    // Tests of the memory turn it on, each with a home of its own.
    places: { env: { USHER_MEMORY: 'off', ...env }, platform, homeDirectory: home },
    timers: clock ?? setting.timers ?? stopped,
    timeZone: 'UTC',
    now,
    signal: setting.signal ?? new AbortController().signal,
    drivers: async () => [estate.driver],
    hostKeys: async () => async () => {
      if (setting.keyFailure !== undefined) throw setting.keyFailure;
      return setting.hostKey ?? { ...unknownKey, trust: async () => undefined };
    },
    process: {
      pid: ownPid,
      calledAs: 'usher',
      isAlive: (pid) => pid === ownPid || setting.processes?.includes(pid) === true,
      atExit: () => ({ [Symbol.dispose]: () => undefined }),
    },
    simulator: async () => setting.simulator ?? noSimulator,
  };
  const code = await runProgram(
    typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line,
    around,
  );
  return { code, out, err, estate };
}

export const unknownKey = {
  type: 'ED25519',
  fingerprint: 'SHA256:pCoSabcdefghijklmnopqrstuvwxyz0123456789ABC',
  status: 'unknown',
} as const;

/** An empty home directory, removed when it is disposed of. */
export async function aHome(): Promise<AsyncDisposable & { readonly path: string }> {
  const home = await mkdtemp(path.join(tmpdir(), 'usher-test-'));
  return { path: home, [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) };
}
