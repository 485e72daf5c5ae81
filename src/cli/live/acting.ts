import { findSessions, type FoundSession } from '../../fleet/find-sessions.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { actEffects } from '../../sessions/act-effects.ts';
import { whyNotAllowed } from '../../sessions/allowed-actions.ts';
import { UsherError, UsherErrors } from '../../sessions/errors.ts';
import type { Session } from '../../sessions/session.ts';
import { describePlan, endSession, usualEnding } from '../end.ts';
import { count } from '../measures.ts';
import { showMessage, usualMessage } from '../message.ts';
import type { Run } from '../run.ts';
import type { Search } from '../../fleet/session-reference.ts';
import { unfreezeSession, usualReturn } from '../unfreeze.ts';
import { climb } from '../acts/act.ts';
import { type ActOutcome, nameOf } from '../acts/outcomes.ts';
import { preview, previewTable } from '../acts/preview.ts';
import { lineOf, type Progress, watcherOf } from '../acts/progress.ts';
import { noWarning, patienceOf, planOf } from '../acts/simple.ts';
import { byHostAndId, overCeiling } from '../acts/targets.ts';
import { actKeys, type LiveAct } from './keys.ts';

/** An act that was asked for: its sessions as they were just read, and what it means to them. */
export interface Prepared extends AsyncDisposable {
  readonly title: string;
  readonly lines: readonly string[];
  /** How many sessions it is meant for. */
  readonly meant: number;
  /** Does it to every session that it makes sense for. Throws nothing that a host brings about. */
  perform(run: Run, progress: Progress): Promise<readonly ActOutcome[]>;
}

/** An act that a key asked for: on the sessions of these keys, with this text. */
export interface Asked {
  readonly act: LiveAct;
  readonly keys: readonly string[];
  readonly text: string;
}

/**
 * Reads the sessions again, and tells what would be done, in lines for a screen of so many cells. Throws `UsherError` where one
 * is not what it was.
 */
export async function prepare(
  run: Run,
  fleet: Fleet,
  search: Search,
  { act: { act, force }, keys, text }: Asked,
  width: number,
): Promise<Prepared> {
  await using stack = new AsyncDisposableStack();
  const found = stack.use(await findSessions(fleet, keys, search, run.around.signal));
  const refused = found.sessions.flatMap((one) => {
    const why = whyNotAllowed(act, one.session);
    return why === null ? [] : [{ session: one.session, why }];
  });
  const left = new Set(refused.map(({ session }) => session));
  const meant = found.sessions.filter(({ session }) => !left.has(session)).toSorted(byHostAndId);
  const tooMany = overCeiling(meant.length, {});
  if (tooMany !== null) {
    const hint = 'choose fewer; commands take more with --at-most';
    throw new UsherError({ code: tooMany.code, message: `${meant.length} sessions are too many at once`, hint });
  }
  const table = await previewTable(run, await preview(run, meant), { width, paint: (_, cell) => cell });
  const opened = stack.move();
  const verb = Object.values(actKeys).find((one) => one.act === act && one.force === force)?.title ?? act;
  return {
    title: meant.length === 0 ? `${verb}: nobody to do it to` : `${verb}: ${count(meant.length, 'session')}`,
    meant: meant.length,
    lines: [
      ...(meant.length === 0 ? [] : table.trimEnd().split('\n')),
      ...refused.map(({ session, why }) => `  ${nameOf(session)}: left alone, ${why}`),
      '',
      ...(text === '' ? [] : [`"${text}"`]),
      ...(act === 'end' ? endingLines(meant, force) : [actEffects[act].inShort]),
    ],
    perform: (acting, progress) =>
      Promise.all(meant.map((one) => performOn(acting, one, { act, force }, text, progress))),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What an ending would do, told once where it does the same to all. */
function endingLines(meant: readonly FoundSession[], force: boolean): readonly string[] {
  const plans = Map.groupBy(meant, ({ session }) => describePlan(session, usualEnding(force)));
  const lines = [...plans].map(([what, those]) =>
    plans.size === 1 ? `It would ${what}.` : `${those.map(({ session }) => nameOf(session)).join(', ')}: ${what}.`,
  );
  return [...lines, force ? forced : `${actEffects.logoff.inShort} E goes on where it is not enough.`];
}

const forced = 'Programs are asked to close; where that is not enough, what they have not saved is lost.';

async function performOn(
  run: Run,
  found: FoundSession,
  { act, force }: LiveAct,
  text: string,
  progress: Progress,
): Promise<ActOutcome> {
  const outcome = await outcomeFor(run, found, { act, force }, text, progress);
  progress.over(outcome);
  return outcome;
}

function outcomeFor(
  run: Run,
  found: FoundSession,
  { act, force }: LiveAct,
  text: string,
  progress: Progress,
): Promise<ActOutcome> {
  const { patience, settle } = patienceOf({});
  switch (act) {
    case 'message':
      return showMessage(run, found, progress, usualMessage(text));
    case 'end':
      return endSession(run, found, progress, usualEnding(force));
    case 'unfreeze':
      return unfreezeSession(run, found, progress, usualReturn());
    case 'disconnect':
    case 'logoff':
    case 'reset':
    case 'kill-logon':
    case 'kill-all':
      return climb(run, found, progress, { act, plan: planOf(act, patience), warning: noWarning, settle });
    case 'connect':
    case 'kill-process':
      throw new TypeError(`${act} needs more than a session`);
  }
}

/** Acts' lines go into a log, and what is waited for stands in `waiting`. */
export function progressInto(
  say: (line: string) => void,
  waiting: Map<Session, () => string>,
  now: () => Temporal.Instant,
): Progress {
  const watching = { now, callsOff: 'x' };
  const tell: Progress['say'] = (session, text) => say(`${nameOf(session)}  ${text}`);
  return {
    say: tell,
    over(outcome) {
      waiting.delete(outcome.session);
      say(lineOf(outcome));
    },
    watcherOf: (session) => watcherOf(session, tell, waiting, watching),
    [Symbol.dispose]: () => waiting.clear(),
  };
}

/** What went wrong on the way, one line each. Throws what is a defect. */
export function troubleLines(error: unknown): readonly string[] {
  if (error instanceof UsherErrors) return error.errors.flatMap(troubleLines);
  if (!(error instanceof UsherError)) throw error;
  return [
    `${error.host === null ? '' : `${error.host}: `}${error.message}${error.hint === null ? '' : `; ${error.hint}`}`,
  ];
}
