import { Command } from 'commander';
import { type FoundSession, findSessions } from '../fleet/find-sessions.ts';
import { accountOf } from '../sessions/account.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { administered } from './administration/administered.ts';
import { confirm } from './acts/confirm.ts';
import { unchanged, unguardedAmong } from './acts/guard.ts';
import { type CliCommand, type ServerFlags, serversOf, withExamples, withServerOption } from './command.ts';
import { csvLine, printable } from './printable.ts';
import { complain, fleetFor, inventoryFor, printJson, remark, type Run } from './run.ts';
import { errorRows } from './session-json.ts';
import { searchOf, sessionForms } from './sessions-named.ts';

interface Flags extends ServerFlags {
  readonly viewOnly?: boolean;
  /** False where --no-ask is said. */
  readonly ask: boolean;
}

function describe(name: string): Command {
  const command = new Command(name)
    .summary("get an invitation to a Windows session's screen")
    .description(
      [
        'Prints an invitation by which a viewer of Windows Desktop Sharing shows the screen of the session. Its user is asked first, and Usher waits for the answer; with --no-ask the user is not, where the policy of the host allows that.',
        'Whoever holds the invitation can use it as long as the host offers it: treat it like a password. On Windows `mstsc /shadow:ID /v:HOST` gets one by itself.',
      ].join('\n'),
    )
    .argument('<session>', sessionForms)
    .option('--view-only', 'look, without control of keyboard and mouse')
    .option('--no-ask', 'do not ask the user');
  return withExamples(withServerOption(command), [
    ['usher shadow alice@ts01', 'once she says yes'],
    ['usher shadow alice@ts01 --view-only --json', 'for a program that shows it'],
  ]);
}

export const shadow: CliCommand<Flags> = {
  describe,
  async run(run, { viewOnly = false, ask, ...named }) {
    const inventory = await inventoryFor(run);
    const fleet = await fleetFor(run);
    await using found = await findSessions(
      fleet,
      run.words,
      searchOf(run, inventory, serversOf(named)),
      run.around.signal,
    );
    const [one] = found.sessions;
    if (one === undefined) throw new TypeError('a session that is not found is an error');
    if (run.globals.format !== 'json') for (const error of found.unsearched) complain(run, error);
    const why = whyNot(one.session);
    if (why !== null) throw new UsherError({ code: 'not_allowed', host: one.session.host, message: why });
    const request = { control: !viewOnly, ask };
    const guards = await unchanged(run, found.sessions, {});
    if (run.globals.dryRun) return plan(run, one, request);
    await confirm(run, 'shadow', found, unguardedAmong(found.sessions, guards));
    if (!ask) await confirmUnasked(run, one.session);
    return await invite(run, one, request, found.unsearched);
  },
};

interface Request {
  readonly control: boolean;
  readonly ask: boolean;
}

/** A session that nobody sees has no screen to show ([MS-TSTS] 3.10.4.1.1). A Linux host says itself that it has no invitations. */
function whyNot({ kind, user, state, identity }: Session): string | null {
  if (identity.kind === 'xrdp') return null;
  if (kind !== 'user' || user === null) return 'nobody is logged on to this session';
  return state === null || state === 'active'
    ? null
    : `the session is ${state}: only an active one has a screen to show`;
}

const screenOf = (session: Session): string =>
  `${accountOf(session) ?? 'nobody'}'s screen (session ${session.id} of ${session.host})`;

/** To look at somebody unasked is confirmed, however the session was named. */
async function confirmUnasked({ around: { terminal }, globals }: Run, session: Session): Promise<void> {
  if (globals.yes) return;
  if (terminal === null) {
    throw new UsherError({
      code: 'usage',
      message: `this would show ${screenOf(session)} unasked, and nobody can confirm it: nothing was done`,
      hint: 'say --yes, or leave --no-ask out',
    });
  }
  const user = accountOf(session) ?? '';
  const question = `To see ${screenOf(session)} without asking, type the user's name: `;
  const answer = (await terminal.ask(printable(question)))?.trim() ?? '';
  if (answer !== '' && (answer === user || answer === session.user)) return;
  throw new UsherError({ code: 'not_allowed', message: 'it was not confirmed: nothing was done' });
}

async function invite(
  run: Run,
  { host, session }: FoundSession,
  request: Request,
  unsearched: readonly UsherError[],
): Promise<number> {
  const { stdout, signal } = run.around;
  const { identity, id, state } = session;
  const target = { identity, id, reason: { state, lastInputAt: null }, traces: [] };
  if (request.ask && run.globals.format === 'text') remark(run, `waiting until ${screenOf(session)} may be seen`);
  const invitation = await host.hold(
    async (connection) => administered(connection, 'shadow').invitation(target, request, signal),
    signal,
  );
  const { name, user, domain, key } = session;
  if (run.globals.format === 'json') {
    const row = { host: session.host, id, name, user, domain, key, ...request, invitation };
    printJson(run, { invitations: [row], errors: errorRows(unsearched) });
  } else if (run.globals.format === 'csv') {
    stdout.write(csvLine(['host', 'id', 'user', 'key', 'control', 'ask', 'invitation']));
    stdout.write(csvLine([session.host, id, user, key, request.control, request.ask, invitation]));
  } else {
    stdout.write(`${printable(invitation)}\n`);
    remark(
      run,
      'give it to a viewer of Windows Desktop Sharing (IRDPSRAPIViewer::Connect); who holds it sees the screen',
    );
  }
  return 0;
}

function plan(run: Run, { session }: FoundSession, { control, ask }: Request): number {
  const { stdout } = run.around;
  const what = `${ask ? 'ask the user for' : 'get, without asking the user,'} an invitation to ${control ? 'see and control' : 'see'} ${screenOf(session)}`;
  if (run.globals.format === 'json') {
    const { host, id, name, user, domain, key } = session;
    printJson(run, {
      invitations: [{ host, id, name, user, domain, key, control, ask, invitation: null, plan: what }],
      errors: [],
    });
  } else {
    stdout.write(`Nothing was done. It would ${printable(what)}.\n`);
  }
  return 0;
}
