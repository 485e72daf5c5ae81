import type { Fleet } from '../fleet/fleet.ts';
import type { Inventory } from '../fleet/inventory.ts';
import { sweep, type SweepWork } from '../fleet/sweep.ts';
import type { HostReading } from '../hosts/driver.ts';
import type { UsherError } from '../sessions/errors.ts';
import type { SessionFilter } from '../sessions/filter.ts';
import type { Session } from '../sessions/session.ts';
import { rememberShown } from './memory.ts';
import { printableJson } from './printable.ts';
import { exitCodeOf, type Run } from './run.ts';
import { collectListing } from './listing.ts';
import { csvHead, csvRows, documentOf, type ListingLook, tellBeside } from './session-listing.ts';

interface Streamed {
  readonly fleet: Fleet;
  readonly work: SweepWork<HostReading>;
  readonly filter: SessionFilter;
  readonly inventory: Inventory;
  readonly look: ListingLook;
}

/**
 * Tells of each host as soon as it has answered or failed, and gives the exit code. Where it is interrupted what was told stays told, and
 * is remembered.
 */
export async function streamListing(run: Run, { fleet, work, filter, inventory, look }: Streamed): Promise<number> {
  const { stdout } = run.around;
  const shown: Session[] = [];
  const errors: UsherError[] = [];
  let answered = 0;
  if (run.globals.format === 'csv') stdout.write(csvHead(look));
  try {
    for await (const outcome of sweep(fleet, work)) {
      const listing = collectListing([outcome], filter, inventory);
      if (run.globals.format === 'csv') {
        stdout.write(csvRows(listing.sessions, look));
        tellBeside(run, listing, look);
      } else {
        stdout.write(`${printableJson({ host: outcome.host.name, ...documentOf(listing) }, 0)}\n`);
      }
      answered += listing.answered;
      errors.push(...listing.errors);
      shown.push(...listing.sessions);
    }
  } finally {
    await rememberShown(run, work.hosts, shown);
  }
  return exitCodeOf(answered, errors);
}
