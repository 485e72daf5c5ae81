import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab, LabHost } from '../../test/lab/lab.ts';
import { median, quantile } from '../statistics.ts';
import type { Contender } from './ways.ts';

/** Milliseconds after which what a listing leaves to be tidied up at the host is done. */
const settling = 60;
/** Milliseconds over which it is seen what the host does on its own. */
const watched = 1000;

/** Milliseconds of processor time that a host of the lab has used, with all that ran there and ended. */
export type Meter = () => number;

/** Of its cgroup: `usage_usec` of cpu.stat, in the kernel's cgroup-v2.rst. */
export const meterOf =
  (lab: Lab, { name }: LabHost): Meter =>
  () => {
    const stat = readFileSync(`${lab.directory}/cgroup/${lab.name}-${name}/cpu.stat`, 'utf8');
    return Number(/^usage_usec (\d+)$/m.exec(stat)?.[1]) / 1000;
  };

/** Milliseconds of processor time a millisecond that the host uses with nobody asking. */
export async function idleLoad(meter: Meter): Promise<number> {
  const [used, began] = [meter(), performance.now()];
  await sleep(watched);
  return (meter() - used) / (performance.now() - began);
}

/** What a contender took, a round each, in milliseconds. */
export interface Taken {
  readonly name: string;
  readonly time: readonly number[];
  /** Of the host's processors, but for what it uses with nobody asking. */
  readonly cpu: readonly number[];
}

/** All in turn, round after round. */
export async function race(field: readonly Contender[], meter: Meter, rounds: number): Promise<readonly Taken[]> {
  const load = await idleLoad(meter);
  const taken = field.map(({ name, ask }) => ({ name, ask, time: new Array<number>(), cpu: new Array<number>() }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { ask, time, cpu } of taken) {
      const [used, began] = [meter(), performance.now()];
      await ask();
      time.push(performance.now() - began);
      await sleep(settling);
      cpu.push(meter() - used - load * (performance.now() - began));
    }
  }
  return taken;
}

const ms = (value: number): string => value.toFixed(value < 9.95 ? 1 : 0);
const spread = (times: readonly number[]): string =>
  `${[quantile(times, 0), median(times), quantile(times, 1)].map(ms).join(' / ')} ms`;

/** A table of Markdown; within a field ratios are those of medians to its first one's. */
export function table(what: string, fields: readonly (readonly Taken[])[]): readonly string[] {
  const ratio = (own: readonly number[], to: readonly number[]): string => `${(median(own) / median(to)).toFixed(1)}×`;
  const rows = fields.flatMap((field) =>
    field.map(({ name, time, cpu }) => {
      const first = field[0] ?? { time, cpu };
      const cells = [name, spread(time), ratio(time, first.time), `${ms(median(cpu))} ms`, ratio(cpu, first.cpu)];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  const rounds = fields[0]?.[0]?.time.length;
  return [
    `| ${what} | least / median / most of ${rounds} | to Usher's | CPU on the host | to Usher's |`,
    '|---|---|---|---|---|',
    ...rows,
  ];
}
