import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { atHome } from '../fleet/paths.ts';
import { UsherError } from '../sessions/errors.ts';
import { type CliCommand, withExamples } from './command.ts';
import { count, formatBytes } from './measures.ts';
import { printable } from './printable.ts';
import { printJson, type Run } from './run.ts';
import type { BehaviourLine, NamedText, WantedEstate } from './simulated/port.ts';
import { bringUp, type EstateUp } from './simulated/up.ts';

interface Flags {
  readonly hosts?: string;
  readonly sessions?: string;
  readonly seed?: string;
  readonly speed?: string;
  readonly faults?: string;
  readonly listen?: string;
  readonly sentinels?: boolean;
}

export const usualListen = '127.64.0.0/16:4450';

function describe(name: string, behaviours: readonly BehaviourLine[]): Command {
  const command = new Command(name)
    .summary('bring up an estate of simulated Windows hosts')
    .description(
      'Brings up Windows session hosts that nobody works at, in this process: each speaks the protocols of a real one on a loopback address of its own, ' +
        'and has people who log on, work, pause, leave and come back. ' +
        'With --inventory FILE it writes an inventory of them there, which `usher --inventory FILE` takes, and a password that it made up beside it; ' +
        'without it usher finds the estate by itself where your own inventory holds no host. Ctrl-C ends it, and nothing of it stays.',
    )
    .option('--hosts <number>', 'how many hosts (default: 6)')
    .option('--sessions <number>', 'how many sessions on each when it starts (default: 15)')
    .option('--seed <number>', 'the same seed makes the same people, who do the same (default: 1)')
    .option(
      '--speed <factor>',
      'how much faster than real time they live; 0: time stands still, and nobody does anything (default: 1)',
    )
    .option('--faults <file>', 'which hosts and sessions have which behaviours, in YAML or JSON')
    .option('--listen <range>', `the loopback addresses and the port of the hosts (default: ${usualListen})`)
    .option('--sentinels', 'one more host for each behaviour, called after it');
  const width = Math.max(0, ...behaviours.map((one) => one.name.length));
  const lines = behaviours.map((one) => `  ${one.name.padEnd(width)}  ${one.summary}`);
  command.addHelpText('after', `\nBehaviours, for --faults and --sentinels:\n${lines.join('\n')}`);
  return withExamples(command, [
    ['usher simulate --inventory sim.yaml', 'a small estate'],
    ['usher --inventory sim.yaml sessions', 'its sessions, from another terminal'],
    ['usher simulate --hosts 400 --sessions 50 --seed 7 --speed 60', 'a large one, a minute a second'],
  ]);
}

/** `usher simulate`, with the behaviours that its help lists. */
export const simulate = (behaviours: readonly BehaviourLine[]): CliCommand<Flags> => ({
  describe: (name) => describe(name, behaviours),
  async run(run, flags) {
    const wanted = await parse(run, flags);
    await using up = await bringUp(run, wanted, run.globals.inventoryFile ?? null);
    say(run, wanted, up);
    await left(run.around.signal);
    return 0;
  },
});

async function parse(run: Run, flags: Flags): Promise<WantedEstate> {
  const hosts = numberOf('--hosts', flags.hosts ?? '6', 1, 20_000);
  const sessions = numberOf('--sessions', flags.sessions ?? '15', 0, 5000);
  return {
    size: { hosts, sessions, sentinels: flags.sentinels ?? false },
    seed: numberOf('--seed', flags.seed ?? '1', 0, 0xffff_ffff),
    speed: numberOf('--speed', flags.speed ?? '1', 0, 100_000),
    listen: flags.listen ?? usualListen,
    faults: flags.faults === undefined ? null : await read(atHome(flags.faults, run.around.places)),
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsherError({ code: 'usage', message: `${option} takes a whole number from ${least} to ${most}` });
}

async function read(file: string): Promise<NamedText> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isAbsent) throw new UsherError({ code: 'bad_file', message: `${file} is not there` });
    throw new UsherError({ code: 'bad_file', message: `${file} cannot be read`, cause: error });
  }
}

/** What it is, how long it took, what it holds, and how to get at it. */
function say(run: Run, { seed, speed }: WantedEstate, { estate, inventory, usher }: EstateUp): void {
  const { hosts, memoryBytes, startedIn } = estate;
  const sessions = hosts.reduce((sum, host) => sum + host.sessions, 0);
  const [first, last] = [hosts[0], hosts.at(-1)];
  if (run.globals.format === 'json') {
    const places = hosts.map(({ name, address, port }) => ({ name, address, port }));
    const facts = { seed, speed, inventory, startedInSeconds: startedIn / 1000, memoryBytes };
    printJson(run, { simulated: true, sessions, ...facts, hosts: places });
    return;
  }
  if (run.globals.quiet || first === undefined || last === undefined) return;
  const time = paceOf(speed);
  const lines = [
    `simulated estate: ${count(hosts.length, 'host')}, ${count(sessions, 'session')}, seed ${seed}, ${time}`,
    `${first.name} ${first.address}:${first.port} to ${last.name} ${last.address}:${last.port}`,
    `up within ${(startedIn / 1000).toFixed(1)} s, ${formatBytes(memoryBytes)} of memory`,
    `${usher} sessions`,
    `Ctrl-C ends it and removes ${inventory}`,
  ];
  run.around.stdout.write(lines.map((line) => `${printable(line)}\n`).join(''));
}

function paceOf(speed: number): string {
  if (speed === 0) return 'time stands still';
  return speed === 1 ? 'real time' : `${speed} times as fast as real time`;
}

/** The user wants to leave. */
export function left(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
