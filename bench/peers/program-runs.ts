import { mustRun } from '../../test/lab/harness/command.ts';
import type { Program } from './programs.ts';
import type { Place } from './protocol.ts';

/** Runs it to its end and gives what it printed. */
export async function runProgram({ command, env, input }: Program, place: Place): Promise<string> {
  const [file, ...args] = command(place);
  return mustRun(file, args, { env, timeoutMs: 300_000, ...(input === undefined ? {} : { input: input(place) }) });
}

/** What a run of a program cost. */
export interface RunCost {
  /** Milliseconds from its start to its end. */
  readonly took: number;
  /** Milliseconds of processor time. */
  readonly cpu: number;
  /** The most memory that it had, in MiB. */
  readonly memory: number;
}

const measuring = `
import json, resource, subprocess, sys, time
began = time.monotonic()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
took = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({'took': took * 1000, 'cpu': (used.ru_utime + used.ru_stime) * 1000, 'memory': used.ru_maxrss / 1024}))`;

/** Runs it once, below a Python that asks the kernel afterwards what it used. */
export async function costOf({ command, env, input }: Program, place: Place): Promise<RunCost> {
  const told = await mustRun('/usr/bin/python3', ['-c', measuring, ...command(place)], {
    env,
    timeoutMs: 300_000,
    ...(input === undefined ? {} : { input: input(place) }),
  });
  return JSON.parse(told) as RunCost;
}

/** Equal rows, before anything is timed. */
export async function assertAgreed(programs: readonly Program[], place: Place, count: number): Promise<void> {
  const rows: string[] = [];
  for (const program of programs) {
    const found = program.rows(await runProgram(program, place));
    if (found.length !== count) throw new Error(`${program.name} lists ${found.length} users of ${count}`);
    rows.push(found.join('\n'));
  }
  const odd = rows.findIndex((row) => row !== rows[0]);
  if (odd > 0) throw new Error(`${programs[odd]?.name} lists other rows:\n${rows[odd]}\n\nusher:\n${rows[0]}`);
}

/** Each program's runs, in turn round after round. */
export async function race(programs: readonly Program[], place: Place, rounds: number) {
  const costs = programs.map((): RunCost[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, program] of programs.entries()) costs[at]?.push(await costOf(program, place));
  }
  return costs;
}
