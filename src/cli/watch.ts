import { Command } from 'commander';
import type { FleetHost, Inventory } from '../fleet/inventory.ts';
import { watchHosts, type WatchEvent } from '../fleet/watch.ts';
import { accountOf } from '../sessions/account.ts';
import type { SessionChange } from '../sessions/changes.ts';
import { errorRow, labelled, type UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { type CliCommand, type ServerFlags, serversOf, withExamples, withServerOption } from './command.ts';
import { count, formatTime } from './measures.ts';
import { csvLine, printable, printableJson } from './printable.ts';
import {
  complain,
  exitCodeOf,
  fleetFor,
  inventoryFor,
  noteRow,
  remark,
  remarkNote,
  type Run,
  select,
  simulatedNotes,
} from './run.ts';
import { sessionJson } from './session-json.ts';
import { detailOf, presentLine } from './watch-lines.ts';

function describe(name: string): Command {
  const command = withServerOption(new Command(name))
    .summary('a live list in the terminal; on a pipe what changes, line by line')
    .description(
      'Shows the sessions of the hosts as they are now, in a terminal: to filter, sort and choose, and to act on after a preview; ? shows the keys. ' +
        'On a pipe, and with --lines, it prints what is there and then what changes, as it happens: sessions that appear, end, disconnect, reconnect, are locked or get into trouble. ' +
        'A host that is lost is tried again. With --json each line is one JSON object. Ctrl-C ends it.',
    )
    .option('--lines', 'print lines in a terminal too');
  return withExamples(command, [
    ['usher watch', 'the whole inventory'],
    ['usher watch -s ts01 -s @rds', 'one host and a group'],
    ['usher watch --json | jq -c "select(.change == \\"ended\\")"', 'for scripts'],
  ]);
}

interface Flags extends ServerFlags {
  readonly lines?: boolean;
}

export const watch: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const inventory = await inventoryFor(run);
    const { hosts } = select(run, inventory, serversOf(flags));
    return watchThese(run, inventory, hosts, { lines: flags.lines === true });
  },
};

interface WatchLook {
  /** Lines in a terminal, too. */
  readonly lines?: boolean;
  /** Lines of what changes alone. */
  readonly changesOnly?: boolean;
  /** What stays on the screen of a live list. */
  readonly pinned?: readonly string[];
}

/** Watches hosts until the user leaves. Answers with the exit code. */
export async function watchThese(
  run: Run,
  inventory: Inventory,
  hosts: readonly FleetHost[],
  { lines = false, changesOnly = false, pinned = [] }: WatchLook,
): Promise<number> {
  const fleet = await fleetFor(run);
  const { openScreen } = run.around;
  if (openScreen !== null && run.globals.format === 'text' && !lines) {
    const { runLive } = await import('./live/run.ts');
    return runLive(run, fleet, inventory, hosts, openScreen, pinned);
  }
  const lost = new Map<string, UsherError>();
  if (run.globals.format === 'csv') run.around.stdout.write(csvLine(csvFields));
  for await (const event of watchHosts(fleet, hosts, run.around.signal)) {
    if (event.kind === 'lost' && event.retryIn === null) lost.set(event.host.name, event.error);
    if (event.kind !== 'first' || !changesOnly) report(run, event);
  }
  return run.around.signal.aborted ? 0 : exitCodeOf(hosts.length - lost.size, [...lost.values()]);
}

const csvFields = ['at', 'host', 'id', 'name', 'user', 'domain', 'change', 'detail'] as const;

function report(run: Run, event: WatchEvent): void {
  const { globals, around } = run;
  const json = globals.format === 'json';
  const line = (value: object): void =>
    around.stdout.write(`${printableJson({ host: event.host.name, ...value }, 0)}\n`);
  switch (event.kind) {
    case 'first': {
      const { sessions, readAt } = event.reading;
      const at = readAt.toString();
      const simulated = simulatedNotes([event.host]);
      if (json && simulated.length > 0) line({ at, change: 'notes', notes: simulated });
      if (!json) remark(run, labelled(event.host.name, `watching, ${count(sessions.length, 'session')} there now`));
      return sessions.forEach((session) =>
        json
          ? line({ at, change: 'present', session: sessionJson(session) })
          : tell(run, readAt, session, 'present', presentLine(session)),
      );
    }
    case 'changes':
      return event.changes.forEach((change) =>
        json ? line(changeJson(event.at, change)) : tell(run, event.at, change.session, change.kind, detailOf(change)),
      );
    case 'notes': {
      const notes = event.notes.map((note) => noteRow(event.host.name, note));
      return json
        ? line({ at: around.now().toString(), change: 'notes', notes })
        : notes.forEach((note) => remarkNote(run, note));
    }
    case 'lost': {
      const { error, retryIn } = event;
      if (json)
        return line({
          at: around.now().toString(),
          change: 'lost',
          error: errorRow(error),
          retryIn: inSeconds(retryIn),
        });
      complain(run, error);
      return remark(
        run,
        labelled(
          event.host.name,
          retryIn === null ? 'not watched any more' : `trying again in ${inSeconds(retryIn)} s`,
        ),
      );
    }
    case 'known':
      return;
    case 'back':
      return json
        ? line({ at: around.now().toString(), change: 'back' })
        : remark(run, labelled(event.host.name, 'watching again'));
  }
}

const inSeconds = (milliseconds: number | null): number | null => (milliseconds === null ? null : milliseconds / 1000);

function changeJson(at: Temporal.Instant, change: SessionChange): object {
  const base = { at: at.toString(), change: change.kind, session: sessionJson(change.session) };
  if ('before' in change) {
    const { state, client } = change.before;
    return {
      ...base,
      before: { state, client: { name: client.name, address: client.address, display: client.display } },
    };
  }
  return 'trouble' in change
    ? { ...base, trouble: { code: change.trouble.code, reason: change.trouble.reason } }
    : base;
}

/** One line: `14:02:11  xh1  10  alice  reconnected from laptop-7 (10.0.0.5)`. */
function tell(run: Run, at: Temporal.Instant, session: Session, change: string, detail: string): void {
  const { globals, around } = run;
  const { host, id, name, user, domain } = session;
  if (globals.format === 'csv') {
    around.stdout.write(csvLine([at.toString(), host, id, name, user, domain, change, detail]));
    return;
  }
  const account = accountOf(session) ?? '-';
  const cells = [formatTime(at, around.timeZone), host, String(id), account, detail];
  around.stdout.write(`${cells.map(printable).join('  ')}\n`);
}
