import { Command } from 'commander';
import type { FoundSession, FoundSessions } from '../fleet/find-sessions.ts';
import { accountOf } from '../sessions/account.ts';
import { actEffects } from '../sessions/act-effects.ts';
import { whyNotAllowed } from '../sessions/allowed-actions.ts';
import type { Seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import type { ActTarget, Presence } from '../hosts/act.ts';
import { blank, pause, report } from './acts/act.ts';
import { type ActOutcome, exitCodeOfOutcomes, failureOf } from './acts/outcomes.ts';
import { guardedByOf, unchanged } from './acts/guard.ts';
import { preview, printPreview } from './acts/preview.ts';
import { progressOn } from './acts/progress.ts';
import { type PatienceFlags, patienceOf, withPatienceOptions } from './acts/simple.ts';
import { findTargets } from './acts/targets.ts';
import { type CliCommand, type ServerFlags, withExamples, withServerOption } from './command.ts';
import { formatTime } from './measures.ts';
import { printable } from './printable.ts';
import { complain, fleetFor, type Run } from './run.ts';
import { sessionForms } from './sessions-named.ts';

interface Flags extends ServerFlags, PatienceFlags {}

function describe(name: string): Command {
  const command = new Command(name)
    .summary("give a session's desktop to the client of another session")
    .description(
      [
        `${actEffects.connect.inShort} The client that TO has shows SESSION from now on; TO stays as a disconnected session, and so does whoever was connected to SESSION lose it.`,
        'Both are of one Windows host, as with tscon. Both are compared before it is done, and read again afterwards.',
      ].join('\n'),
    )
    .argument('<session>', sessionForms)
    .argument('<to>', 'the session whose client shall show it');
  return withExamples(withPatienceOptions(withServerOption(command)), [
    ['usher connect bob@ts01 anna@ts01', "bob's desktop appears in front of anna"],
    ['usher connect 5 2 -s ts01 --dry-run', 'whose they are, and what would be done'],
  ]);
}

export const connect: CliCommand<Flags> = {
  describe,
  run: (run, flags) => connectSessions(run, run.words, flags),
};

/** Gives the desktop of the first session to the client of the second. Answers with the exit code. */
export async function connectSessions(run: Run, words: readonly string[], flags: Flags): Promise<number> {
  const { patience } = patienceOf(flags);
  const fleet = await fleetFor(run);
  await using targets = await findTargets(run, fleet, words, flags);
  const { session, to } = bothOf(targets);
  const guards = await unchanged(run, targets.sessions, {});
  for (const error of targets.unsearched) if (run.globals.format !== 'json') complain(run, error);
  const refusal = whyNotConnected(session.session, to.session);
  if (refusal !== null) {
    throw new UsherError({ code: 'not_allowed', host: session.session.host, message: refusal });
  }
  if (run.globals.dryRun) {
    await show(run, [session, to], 'stdout');
    const why = `${whatOf(session.session, to.session)}, then read both again`;
    if (run.globals.format === 'text') run.around.stdout.write(`Nothing was done. It would ${printable(why)}.\n`);
    const planned = { ...blank(session, 'connect'), outcome: 'planned', why };
    report(run, [planned], () => guardedByOf(guards, session, false), targets);
    return 0;
  }
  if (run.globals.format === 'text' && !run.globals.quiet) await show(run, [session, to], 'stderr');
  await confirmBoth(run, session.session, to.session);
  const outcome = await connectSession(run, session, to, patience);
  report(run, [outcome], () => guardedByOf(guards, session, !run.globals.yes), targets);
  return exitCodeOfOutcomes([outcome]);
}

interface Both {
  readonly session: FoundSession;
  readonly to: FoundSession;
}

function bothOf({ sessions }: FoundSessions): Both {
  const [session, to] = sessions;
  if (session === undefined || to === undefined) {
    throw new UsherError({
      code: 'usage',
      message: 'both names mean the same session: it cannot be given to its own client',
    });
  }
  if (session.session.host === to.session.host) return { session, to };
  throw new UsherError({
    code: 'usage',
    message: `${session.session.host} has the one session and ${to.session.host} the other: a desktop stays on its host`,
  });
}

/** Why one cannot be given to the client of the other, as they were read; null where it can. */
export function whyNotConnected(session: Session, to: Session): string | null {
  const why = whyNotAllowed('connect', session);
  if (why !== null) return why;
  const other = whyNotAllowed('connect', to);
  if (other !== null) return `session ${to.id}: ${other}`;
  return to.state === 'disconnected' ? `session ${to.id} is disconnected: it has no client to show anything` : null;
}

const nameOf = (session: Session): string => `${accountOf(session) ?? 'nobody'} (session ${session.id})`;

const whatOf = (session: Session, to: Session): string =>
  `show the desktop of ${nameOf(session)} on the client of ${nameOf(to)}, on ${session.host}`;

async function show(run: Run, both: readonly FoundSession[], to: 'stdout' | 'stderr'): Promise<void> {
  if (run.globals.format === 'text') await printPreview(run, await preview(run, both), to);
}

/** Somebody else will see the desktop: it is always confirmed. */
async function confirmBoth({ around: { terminal }, globals }: Run, session: Session, to: Session): Promise<void> {
  if (globals.yes) return;
  const what = whatOf(session, to);
  if (terminal === null) {
    throw new UsherError({
      code: 'usage',
      message: `this would ${what}, and nobody can be asked: nothing was done`,
      hint: 'say --yes, or look first with --dry-run',
    });
  }
  const wanted = session.user ?? String(session.id);
  const kind = session.user === null ? 'its id' : "the first one's user";
  if ((await terminal.ask(printable(`To ${what}, type ${kind}: `)))?.trim() === wanted) return;
  throw new UsherError({ code: 'not_allowed', message: 'it was not confirmed: nothing was done' });
}

const targetOf = ({ session: { identity, id, state } }: FoundSession): ActTarget => ({
  identity,
  id,
  reason: { state, lastInputAt: null },
  traces: [],
});

const never = new AbortController().signal;

/** Gives the desktop of one session to the client of the other, and reads both again. */
export async function connectSession(
  run: Run,
  session: FoundSession,
  to: FoundSession,
  patience: Seconds,
): Promise<ActOutcome> {
  using progress = progressOn(run, 1);
  const base = blank(session, 'connect');
  const began = run.around.now();
  const end = (told: Pick<ActOutcome, 'outcome' | 'why' | 'hint' | 'provedAt'>): ActOutcome => {
    const steps = [{ step: 'connect', began, ended: run.around.now(), result: told.why }];
    const outcome: ActOutcome = { ...base, steps, ...told };
    progress.over(outcome);
    return outcome;
  };
  try {
    // What was begun is not left in the middle.
    const report = await session.host.use(
      async (connection, signal) =>
        run.around.signal.aborted
          ? null
          : connection.act(targetOf(session), { act: 'connect', to: targetOf(to) }, signal),
      never,
    );
    if (report === null) return end({ outcome: 'cancelled', why: 'nothing was done', hint: null, provedAt: null });
    for (const one of report.did) progress.say(session.session, one);
  } catch (error) {
    return end({ provedAt: null, ...failureOf(error) });
  }
  return end(await verify(run, session, to, patience));
}

/** Reads both again, until the one has a client and the other none. */
async function verify(
  run: Run,
  session: FoundSession,
  to: FoundSession,
  patience: Seconds,
): Promise<Pick<ActOutcome, 'outcome' | 'why' | 'hint' | 'provedAt'>> {
  const { around } = run;
  const until = around.now().add({ milliseconds: patience * 1000 });
  for (;;) {
    const [shown, left] = [await look(session), await look(to)];
    const why = whyNotYet(shown, left);
    const provedAt = around.now();
    if (why === null) {
      const proof = `it has the client of session ${to.session.id}, re-read ${formatTime(provedAt, around.timeZone)}`;
      return { outcome: 'connected', why: proof, hint: null, provedAt };
    }
    if (around.signal.aborted || Temporal.Instant.compare(provedAt, until) >= 0) {
      const isUnknown = shown.kind === 'unknown' || left.kind === 'unknown';
      return { outcome: isUnknown ? 'unknown' : 'failed', why, hint: null, provedAt: null };
    }
    await pause(run, 1000);
  }
}

type Look = Presence | { readonly kind: 'unknown'; readonly why: string };

async function look(found: FoundSession): Promise<Look> {
  try {
    const target = { ...targetOf(found), reason: null };
    return await found.host.use((connection, signal) => connection.presence(target, signal), never);
  } catch (error) {
    if (error instanceof UsherError) return { kind: 'unknown', why: error.message };
    throw error;
  }
}

function whyNotYet(shown: Look, left: Look): string | null {
  if (shown.kind === 'unknown') return `whether it has a client cannot be seen: ${shown.why}`;
  if (shown.kind !== 'there') return 'it is not there any more';
  if (shown.session.state !== 'active')
    return `it is ${shown.session.state ?? 'in an unknown state'}: no client shows it`;
  if (left.kind === 'unknown') return `whether the other one lost its client cannot be seen: ${left.why}`;
  return left.kind === 'there' && left.session.state === 'active' ? 'the other one still has its client' : null;
}
