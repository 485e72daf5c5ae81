import type { HostReading } from '../../../src/hosts/driver.ts';
import { type HostOutcome, listSessions, sweep } from '../../../src/fleet/sweep.ts';
import type { Client } from './client.ts';
import type { FaultyHost } from './estate.ts';
import { turn } from './left.ts';

export interface SweptHost {
  readonly of: FaultyHost;
  readonly outcome: HostOutcome<HostReading>;
  /** Whether it came before any time had passed. */
  readonly isPrompt: boolean;
}

/** Only where what must come never does, so that a test can say what it was. In real milliseconds, and more of them for each host. */
const [longest, longestForEach] = [15_000, 1000];

/**
 * Sweeps the hosts, in the order in which they answer. Time stands still until all have answered but those that stall; then it
 * passes, and these are given up.
 */
export async function swept(
  { fleet, pass }: Client,
  hosts: readonly FaultyHost[],
  signal: AbortSignal,
): Promise<readonly SweptHost[]> {
  const byName = new Map(hosts.map((one) => [one.host.name, one]));
  let awaited = hosts.filter(({ fault }) => fault?.kind !== 'stalls').length;
  let [isPrompt, isOver] = [true, false];
  const letTimePass = async (): Promise<void> => {
    isPrompt = false;
    for (await turn(); !isOver; await turn()) pass(1000);
  };
  const stuck = setTimeout(() => void letTimePass(), longest + longestForEach * hosts.length);
  const outcomes: SweptHost[] = [];
  const work = { hosts: hosts.map(({ host }) => host), signal, read: listSessions, repeatable: true };
  try {
    for await (const outcome of sweep(fleet, work)) {
      const of = byName.get(outcome.host.name);
      if (of === undefined) throw new TypeError('an outcome of no host');
      outcomes.push({ of, outcome, isPrompt });
      if (of.fault?.kind !== 'stalls') awaited -= 1;
      if (awaited === 0 && isPrompt) void letTimePass();
    }
  } finally {
    isOver = true;
    clearTimeout(stuck);
  }
  return outcomes;
}
