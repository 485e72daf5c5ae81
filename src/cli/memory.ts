import type { FoundSession } from '../fleet/find-sessions.ts';
import type { FleetHost } from '../fleet/inventory.ts';
import { memoryPlace, readMemory, remember } from '../fleet/memory/memory-file.ts';
import { listedAs, type Recollection, recollect } from '../fleet/memory/recollect.ts';
import type { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { remark, type Run } from './run.ts';

/** Remembers the sessions that were shown, so that their ids and names cannot come to mean others unnoticed. */
export async function rememberShown(
  run: Run,
  hosts: readonly FleetHost[],
  sessions: readonly Session[],
): Promise<void> {
  const place = memoryPlace(run.around.places);
  if (place === null || sessions.length === 0) return;
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const now = (): Temporal.Instant => run.around.now();
  const shown = sessions.flatMap((session) => {
    const host = byName.get(session.host);
    return host === undefined ? [] : [listedAs(host, session, now())];
  });
  tell(run, await remember(place, shown, now, run.around.timers));
}

/** What was last listed by the ids and names that chose these sessions. */
export async function recollectAll(
  run: Run,
  found: readonly FoundSession[],
): Promise<ReadonlyMap<Session, Recollection>> {
  const place = memoryPlace(run.around.places);
  if (place === null || found.length === 0) return new Map();
  const { listed, trouble } = await readMemory(place, run.around.now());
  tell(run, trouble);
  return new Map(found.map((one) => [one.session, recollect(one, listed)]));
}

function tell(run: Run, trouble: UsherError | null): void {
  if (trouble === null || run.globals.format !== 'text') return;
  remark(run, trouble.hint === null ? trouble.message : `${trouble.message}; ${trouble.hint}`);
}
