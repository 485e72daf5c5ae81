import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Place, place } from './peers/protocol.ts';

const program = fileURLToPath(new URL('../src/main/usher.ts', import.meta.url));
const announced = z.object({ hosts: z.array(place), startedInSeconds: z.number() });

/** How many hosts, how many sessions on each, and where they listen. */
export interface EstateSize {
  readonly hosts: number;
  readonly sessions: number;
  readonly listen: string;
}

/** `usher simulate` in a process of its own, whose time stands still: every reading of it is the same. */
export interface Estate extends AsyncDisposable {
  readonly places: readonly Place[];
  /** `DOMAIN\user`, who may do everything. */
  readonly user: string;
  readonly password: string;
  readonly inventory: string;
  /** Milliseconds of processor time that it has used so far. */
  cpu(): Promise<number>;
}

/** Brings it up, with its inventory in the folder. */
export async function startEstate({ hosts, sessions, listen }: EstateSize, folder: string): Promise<Estate> {
  const inventory = `${folder}/estate-${hosts}.yaml`;
  const size = ['--hosts', `${hosts}`, '--sessions', `${sessions}`];
  const how = ['--speed', '0', '--listen', listen, '--inventory', inventory, '--json'];
  const child = spawn(process.execPath, [program, 'simulate', ...size, ...how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const { value, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (done === true) throw new Error('the simulated estate ended');
  const { hosts: places } = announced.parse(JSON.parse(value));
  return {
    places,
    user: 'SIM\\usher',
    password: (await readFile(`${inventory}.password`, 'utf8')).trim(),
    inventory,
    cpu: () => cpuOf(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** USER_HZ of Linux: /proc/PID/stat counts in hundredths of a second (proc(5)). */
const milliSecondsATick = 10;

async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program is in brackets and may hold spaces; utime and stime are the 12th and 13th after it.
  const after = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(after[11]) + Number(after[12])) * milliSecondsATick;
}
