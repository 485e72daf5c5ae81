import type { ActOutcome } from '../../../src/cli/acts/outcomes.ts';
import { judgePromise } from './judge-promises.ts';
import { judgeSteps } from './judge-steps.ts';
import { judgeWarning } from './judge-warning.ts';
import type { Played } from './play.ts';
import { endOf, isSame, pidOf, type Tried, triedIn } from './tried.ts';

/** Everything that is wrong with a run, by the estate's own ledger; nothing where all is well. */
export function judge(played: Played): readonly string[] {
  const { said } = played;
  const tried = triedIn(played.ledger);
  const always = [...judgeWhom(played, tried), ...judgeProcesses(played, tried)];
  if (said.outcome === 'unlisted')
    return tried.length === 0 ? always : [...always, 'an act although nothing was listed'];
  const outcome = said as ActOutcome;
  return [
    ...always,
    ...judgePromise(played, outcome, tried),
    ...judgeSteps(played, outcome, tried),
    ...judgeWarning(played, outcome, tried),
  ];
}

/** The calls by which Usher looks at a session right before it acts on it. */
const looks: ReadonlySet<string> = new Set(['RpcGetState', 'RpcGetUserName', 'RpcGetTimes']);

/**
 * No act on another session than the one that was meant. RpcWinStationReset and the target of RpcConnect are bare ids: where the
 * session ended after the host had answered for it and before the call that follows on that came, no client could know.
 */
function judgeWhom(played: Played, tried: readonly Tried[]): readonly string[] {
  const { meant, other } = played;
  return tried.flatMap(({ act, session, detail, at }) => {
    if (isSame(meant, session)) return [];
    if (act === 'connect' && isSame(other, session)) return [`a connect of the session whose client was meant`];
    if (act === 'terminate' && session === null && meant.pids.has(pidOf(detail))) return [];
    if (act === 'reset' && wasThereWhenLookedAt(played, at)) return [];
    return [`${act} of another session: ${session?.user ?? 'nobody'} ${session?.id} ${detail ?? ''}`];
  });
}

function wasThereWhenLookedAt(played: Played, before: bigint): boolean {
  const looked = played.answered.findLast(({ name, at }) => looks.has(name) && at <= before);
  const end = endOf(played.ledger, played.meant);
  return looked !== undefined && end !== null && end >= looked.at;
}

const untouchable = /^(system|registry|smss\.exe|csrss\.exe|wininit\.exe|services\.exe|lsass\.exe)\b/i;

/** Nothing of session 0 and nothing that takes the host down, not even tried; and no host goes down by what was done. */
function judgeProcesses({ ledger }: Played, tried: readonly Tried[]): readonly string[] {
  const wrong = tried.filter(
    ({ act, session, detail }) => act === 'terminate' && (session?.id === 0 || untouchable.test(detail ?? '')),
  );
  const down = ledger.some(({ what, by }) => what.kind === 'went-down' && by.kind === 'remote');
  return [
    ...wrong.map(({ detail, session }) => `a protected process was to be killed: ${detail} of session ${session?.id}`),
    ...(down ? ['the host went down by it'] : []),
  ];
}
