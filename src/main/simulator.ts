import type { RunningEstate, RunningHost, Simulator, WantedEstate } from '../cli/simulated/port.ts';
import { realTimers } from '../fleet/deadline.ts';
import { type Milliseconds, milliseconds } from '../sessions/duration.ts';
import { behaviourKinds } from '../simulator/behaviours/behaviours.ts';
import { DrivenClock } from '../simulator/clock/driven-clock.ts';
import { fileTimeOf } from '../simulator/clock/simulated-clock.ts';
import { startEstate } from '../simulator/estate/estate.ts';
import { noFaults, parseFaults } from '../simulator/estate/faults.ts';
import { type EstatePlan, planDemo, planEstate } from '../simulator/estate/plan.ts';
import { type ServedHost, serveEstate } from '../simulator/estate/serve.ts';
import { parseRange } from '../simulator/listen/places.ts';
import { LedgerBook } from '../simulator/world/ledger.ts';

/** How much of the ledger a running estate keeps. */
const ledgerEntries = 20_000;
/** Ports that are tried after one that is taken. */
const otherPorts = 200;

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
const after = (delay: Milliseconds, work: () => void): Disposable => realTimers.after(delay, work);

/** An estate in this process, with what it knows of itself. */
export interface OwnEstate extends RunningEstate {
  readonly served: readonly ServedHost[];
  readonly ledger: LedgerBook;
}

/** Brings an estate up, on its own clock and on this machine's loopback. Throws as {@link Simulator.start} does. */
export async function startOwnEstate(
  plan: EstatePlan,
  { speed, listen }: Pick<WantedEstate, 'speed' | 'listen'>,
): Promise<OwnEstate> {
  const began = performance.now();
  const ledger = new LedgerBook(ledgerEntries);
  const drive = { elapsed: () => performance.now(), after };
  const clock = new DrivenClock(fileTimeOf(Temporal.Now.instant()), speed, drive);
  const password = Buffer.from(random(18)).toString('base64url');
  const range = parseRange(listen);
  const estate = startEstate(plan, { clock, ledger }, password);
  const served = await serveEstate(estate, { range, otherPorts, random, after });
  if (speed > 0) clock.run();
  const { administrator } = estate;
  return {
    served: served.hosts,
    ledger,
    hosts: served.hosts.map(hostOf),
    user: `${administrator.domain}\\${administrator.name}`,
    password,
    startedIn: milliseconds(performance.now() - began),
    memoryBytes: process.memoryUsage.rss(),
    async [Symbol.asyncDispose]() {
      clock[Symbol.dispose]();
      await served[Symbol.asyncDispose]();
    },
  };
}

/** Estates in this process, on its clock and its network. */
export const simulator: Simulator = {
  behaviours: behaviourKinds.map(({ name, summary }) => ({ name, summary })),
  start: async (wanted) => startOwnEstate(await planOf(wanted), wanted),
};

async function planOf({ size, seed, faults }: WantedEstate): Promise<EstatePlan> {
  if (size === 'demo') return planDemo(seed);
  return planEstate({
    ...size,
    seed,
    faults: faults === null ? noFaults : await parseFaults(faults.text, faults.file),
  });
}

function hostOf({ planned, people, listener }: ServedHost): RunningHost {
  const { name, kind, sessions } = planned;
  const present = people.filter(({ session }) => session?.state === 'active');
  const users = present.slice(0, 20).map(({ who }) => who.account.name);
  return { name, kind, sessions, users, ...listener.place };
}
