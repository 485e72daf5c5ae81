import { Command } from 'commander';
import { watchHosts, type WatchEvent } from '../fleet/watch.ts';
import { accountOf } from '../sessions/account.ts';
import type { SessionChange } from '../sessions/changes.ts';
import { errorRow, labelled, type UsherError } from '../sessions/errors.ts';
import type { Session, SessionClient } from '../sessions/session.ts';
import { type CliCommand, type ServerFlags, withExamples, withServerOption } from './command.ts';
import { count, formatTime } from './measures.ts';
import { csvLine, printable, printableJson } from './printable.ts';
import { complain, exitCodeOf, fleetFor, inventoryFor, noteRow, remark, remarkNote, type Run, select } from './run.ts';
import { sessionJson } from './session-json.ts';

function describe(name: string): Command {
  const command = withServerOption(new Command(name))
    .summary('print what changes, line by line')
    .description(
      'Prints what changes on the hosts as it happens: sessions that appear, end, disconnect, reconnect or get into trouble. ' +
        'A host that is lost is tried again. With --json each line is one JSON object; the sessions that are there at first have the change "present". Ctrl-C ends it.',
    );
  return withExamples(command, [
    ['usher watch', 'the whole inventory'],
    ['usher watch -s ts01 -s @rds', 'one host and a group'],
    ['usher watch --json | jq -c "select(.change == \\"ended\\")"', 'for scripts'],
  ]);
}

export const watch: CliCommand<ServerFlags> = {
  describe,
  async run(run, flags) {
    const { hosts } = select(run, await inventoryFor(run), flags.server ?? []);
    const fleet = await fleetFor(run);
    const lost = new Map<string, UsherError>();
    if (run.globals.format === 'csv') run.around.stdout.write(csvLine(csvFields));
    for await (const event of watchHosts(fleet, hosts, run.around.signal)) {
      if (event.kind === 'lost' && event.retryIn === null) lost.set(event.host.name, event.error);
      report(run, event);
    }
    return run.around.signal.aborted ? 0 : exitCodeOf(hosts.length - lost.size, [...lost.values()]);
  },
};

const csvFields = ['at', 'host', 'id', 'name', 'user', 'domain', 'change', 'detail'] as const;

function report(run: Run, event: WatchEvent): void {
  const { globals, around } = run;
  const json = globals.format === 'json';
  const line = (value: object): void =>
    around.stdout.write(`${printableJson({ host: event.host.name, ...value }, 0)}\n`);
  switch (event.kind) {
    case 'first': {
      const { sessions, readAt } = event.reading;
      if (!json)
        return remark(run, labelled(event.host.name, `watching, ${count(sessions.length, 'session')} there now`));
      const at = readAt.toString();
      return sessions.forEach((session) => line({ at, change: 'present', session: sessionJson(session) }));
    }
    case 'changes':
      return event.changes.forEach((change) =>
        json ? line(changeJson(event.at, change)) : tell(run, event.at, change),
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
function tell({ globals, around }: Run, at: Temporal.Instant, change: SessionChange): void {
  const { host, id, name, user, domain } = change.session;
  const detail = detailOf(change);
  if (globals.format === 'csv') {
    around.stdout.write(csvLine([at.toString(), host, id, name, user, domain, change.kind, detail]));
    return;
  }
  const account = accountOf(change.session) ?? '-';
  const cells = [formatTime(at, around.timeZone), host, String(id), account, detail];
  around.stdout.write(`${cells.map(printable).join('  ')}\n`);
}

function detailOf(change: SessionChange): string {
  const { session } = change;
  switch (change.kind) {
    case 'appeared':
      return `appeared, ${session.state ?? 'state unknown'}${from(session)}`;
    case 'ended':
      return `ended, was ${session.state ?? 'in an unknown state'}`;
    case 'state-changed':
      return `${change.before.state ?? 'unknown'} → ${session.state ?? 'unknown'}`;
    case 'reconnected':
      return `reconnected${from(session)}${wasFrom(change.before, session)}`;
    case 'trouble-began':
      return `in trouble: ${change.trouble.reason}`;
    case 'trouble-ended':
      return `out of trouble: ${change.trouble.code}`;
  }
}

const from = ({ client }: Session): string => (machine(client) === null ? '' : ` from ${machine(client)}`);

function wasFrom(before: Session, session: Session): string {
  if (before.state === 'disconnected') return '';
  const was = machine(before.client);
  return was === null || was === machine(session.client) ? ', taken over' : `, taken over from ${was}`;
}

function machine({ name, address }: SessionClient): string | null {
  return name !== null && address !== null ? `${name} (${address})` : (name ?? address);
}
