import { gather, listSessionsOnce } from '../../fleet/sweep.ts';
import { isUser } from '../../sessions/account.ts';
import { errorCodes, UsherError } from '../../sessions/errors.ts';
import type { Session } from '../../sessions/session.ts';
import type { ServerFlags } from '../command.ts';
import { filterOf } from '../filter-options.ts';
import { rememberShown } from '../memory.ts';
import { complain, exitCodeOf, fleetFor, inventoryFor, remark, remarkNote, type Run, select } from '../run.ts';
import { collectListing, type Listing } from '../listing.ts';
import { printListing } from '../session-listing.ts';

/** A listing as Microsoft prints it. */
export interface MicrosoftListing {
  readonly header: string;
  readonly row: (session: Session, timeZone: string) => string;
  /** Which sessions it shows at all. */
  readonly shows: (session: Session) => boolean;
  /** What Microsoft calls what it lists, as in "No User exists for *". */
  readonly noun: string;
}

/** Whether the operand of a listing, an id, a session's name or a user's, means this session. */
export function isMeant(session: Session, operand: string): boolean {
  if (/^\d{1,10}$/.test(operand)) return session.id === Number(operand);
  return session.name.toLowerCase() === operand.toLowerCase() || isUser(session, operand);
}

/** Lists the sessions of hosts in Microsoft's columns; with --json and --csv as `usher sessions` does. */
export async function listAsMicrosoft(
  run: Run,
  operand: string | undefined,
  { server = [] }: ServerFlags,
  { header, row, shows, noun }: MicrosoftListing,
): Promise<number> {
  const inventory = await inventoryFor(run);
  const { hosts } = select(run, inventory, server);
  const fleet = await fleetFor(run);
  const outcomes = await gather(fleet, { hosts, signal: run.around.signal, read: listSessionsOnce, repeatable: true });
  const whole = collectListing(outcomes, filterOf({ allKinds: true }), inventory);
  const sessions = whole.all.filter(
    (session) => shows(session) && (operand === undefined || operand === '*' || isMeant(session, operand)),
  );
  const nothing = `No ${noun} exists for ${operand ?? '*'}`;
  const isEmpty = sessions.length === 0 && whole.answered > 0;
  const isMissing = isEmpty && whole.errors.length === 0 && operand !== undefined && operand !== '*';
  const missing = isMissing ? [new UsherError({ code: 'not_found', message: nothing })] : [];
  const listing: Listing = { ...whole, sessions, errors: [...whole.errors, ...missing] };
  if (run.globals.format === 'text') {
    printPerHost(run, listing, header, (session) => row(session, run.around.timeZone));
    if (isEmpty && !isMissing) remark(run, nothing);
  } else {
    await printListing(run, listing, { columns: null, kinds: true, reasons: false, idle: false });
  }
  await rememberShown(run, hosts, sessions);
  return isMissing ? errorCodes.not_found : exitCodeOf(listing.answered, listing.errors);
}

function printPerHost(run: Run, listing: Listing, header: string, row: (session: Session) => string): void {
  const { sessions, hosts, errors, notes } = listing;
  printTables(
    run,
    Map.groupBy(sessions, ({ host }) => host),
    hosts.length,
    header,
    row,
  );
  for (const error of errors) complain(run, error);
  for (const note of notes) remarkNote(run, note);
}

/** A table for each host; where several were asked, with the host's name above it. */
export function printTables<Row>(
  { around: { stdout } }: Run,
  byHost: ReadonlyMap<string, readonly Row[]>,
  hostCount: number,
  header: string,
  row: (row: Row) => string,
): void {
  const tables = [...byHost].map(([host, rows]) => {
    const heading = hostCount === 1 ? '' : `${host}${host.endsWith(':') ? '' : ':'}\n`;
    return `${heading}${header}\n${rows.map((one) => `${row(one)}\n`).join('')}`;
  });
  stdout.write(tables.join('\n'));
}
