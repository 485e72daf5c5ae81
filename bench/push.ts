import { setTimeout as pause } from 'node:timers/promises';
import { type WatchEvent, watchHosts } from '../src/fleet/watch.ts';
import type { SessionChange } from '../src/sessions/changes.ts';
import type { BenchOptions } from './bench.ts';
import { benchFleet, cpuHere, type Happened, startSimulatedHosts } from './simulated-estate.ts';
import { quantile } from './statistics.ts';

/**
 * Watches simulated Windows hosts on which people come and go: how long it takes from what a host does, by its own ledger, until the
 * watch tells of it, and whether it tells of everything. The hosts are a process of their own on the same machine, with the same clock.
 */
interface Size {
  readonly hosts: number;
  /** Of every host. */
  readonly sessions: number;
  /** On all hosts together. */
  readonly changesPerSecond: number;
  /** For how long. */
  readonly seconds: number;
}

const full: Size = { hosts: 400, sessions: 50, changesPerSecond: 200, seconds: 60 };
const trial: Size = { hosts: 40, sessions: 50, changesPerSecond: 20, seconds: 10 };

/** What the watch told: when, of which session, and what the host's ledger calls it. */
type Seen = Happened;

/** Until the last change has been read again, in milliseconds. */
const settling = 5000;

export const measure = ({ isTrial }: BenchOptions): Promise<readonly string[]> => watch(isTrial ? trial : full);

async function watch({ hosts, sessions, changesPerSecond, seconds }: Size): Promise<readonly string[]> {
  await using simulated = await startSimulatedHosts(hosts, sessions);
  const end = new AbortController();
  const seen: Seen[] = [];
  const all = Promise.withResolvers<void>();
  let [left, lost] = [hosts, 0];
  const listen = async (): Promise<void> => {
    for await (const event of watchHosts(benchFleet(), simulated.hosts, end.signal)) {
      seen.push(...told(event));
      if (event.kind === 'lost') lost += 1;
      if (event.kind === 'first' && --left === 0) all.resolve();
    }
  };
  const watching = listen();
  watching.catch(all.reject);
  try {
    await all.promise;
    await pause(settling);
    seen.splice(0);
    const [cpu, there] = [cpuHere(), await simulated.cost()];
    const happened = await simulated.change(changesPerSecond, seconds);
    await pause(settling);
    const [spent, spentThere] = [cpuHere() - cpu, (await simulated.cost()).cpu - there.cpu];
    return report({ happened, seen, lost, spent, spentThere, hosts, sessions, changesPerSecond });
  } finally {
    end.abort();
    await watching;
  }
}

function told(event: WatchEvent): readonly Seen[] {
  if (event.kind !== 'changes') return [];
  return event.changes.flatMap((change) => {
    return ledgerNames(change).map((what): Seen => [Date.now(), event.host.name, change.session.id, what]);
  });
}

/** What the ledger of a simulated host calls a change. Who appears disconnected has logged on and left. */
function ledgerNames({ kind, session }: SessionChange): readonly string[] {
  const isDisconnected = session.state === 'disconnected';
  if (kind === 'appeared') return isDisconnected ? ['logged-on', 'disconnected'] : ['logged-on'];
  if (kind === 'reconnected') return ['connected'];
  if (kind === 'state-changed') return isDisconnected ? ['disconnected'] : [];
  return kind === 'ended' ? ['ended'] : [];
}

/** What the watch had told of a session before this happened to it. */
const before: Readonly<Record<string, string>> = {
  'logged-on': 'ended',
  connected: 'disconnected',
  disconnected: 'connected',
};

interface Found extends Omit<Size, 'seconds'> {
  readonly happened: readonly Happened[];
  readonly seen: readonly Seen[];
  readonly lost: number;
  readonly spent: number;
  readonly spentThere: number;
}

const countable: ReadonlySet<string> = new Set(['logged-on', 'connected', 'disconnected', 'ended']);

function report({ happened, seen, lost, spent, spentThere, ...sizes }: Found): readonly string[] {
  const changes = happened.filter(([, , , what]) => countable.has(what));
  const { delays, merged, missed } = compared(changes, seen);
  const at = (share: number): string => `${quantile(delays, share).toFixed(0)} ms`;
  const each = (milliseconds: number): string => `${(milliseconds / changes.length).toFixed(2)} ms`;
  return [
    `| ${sizes.hosts} hosts × ${sizes.sessions} sessions, ${sizes.changesPerSecond} changes a second | p50 | p99 | longest | merged | lost | CPU of the watch for each | of the hosts |`,
    '|---|---|---|---|---|---|---|---|',
    `| ${changes.length} changes | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${merged} | ${missed} | ${each(spent)} | ${each(spentThere)} |`,
    ...(lost === 0 ? [] : ['', `Connections were lost ${lost} times.`]),
  ];
}

/**
 * Each change with the first event that tells of the same, before the session's next change of that kind. What was undone before it was
 * read counts as merged: of every session the last that was told must be the last that happened.
 */
function compared(changes: readonly Happened[], seen: readonly Seen[]) {
  const key = ([, host, id]: Happened): string => `${host} ${id}`;
  const events = Map.groupBy(seen, key);
  const delays: number[] = [];
  let [merged, missed] = [0, 0];
  for (const [session, own] of Map.groupBy(changes, key)) {
    const told = [...(events.get(session) ?? [])];
    // What was done and undone before anything was read is as it was.
    const last = told.at(-1)?.[3] ?? before[own[0]?.[3] ?? ''];
    for (const [place, [when, , , what]] of own.entries()) {
      const next = own.slice(place + 1).find(([, , , later]) => later === what)?.[0] ?? Number.POSITIVE_INFINITY;
      const found = told.findIndex(([at, , , name]) => name === what && at >= when - 1 && at < next);
      const event = found < 0 ? undefined : told.splice(found, 1)[0];
      if (event !== undefined) delays.push(event[0] - when);
      else if (place < own.length - 1 || what === last) merged += 1;
      else missed += 1;
    }
  }
  return { delays, merged, missed };
}
