import type { ActOutcome } from '../../../src/cli/acts/outcomes.ts';
import type { ActName } from '../../../src/simulator/world/act.ts';
import type { LedgerEntry } from '../../../src/simulator/world/ledger.ts';
import { isSame, pidOf, type Tried } from './tried.ts';
import type { Played } from './play.ts';

/** A step of Usher → the act of the host that it is. */
const actOfStep: Readonly<Record<string, ActName>> = {
  disconnect: 'disconnect',
  logoff: 'logoff',
  reset: 'reset',
  'kill-logon': 'terminate',
  'kill-all': 'terminate',
  'kill-process': 'terminate',
  connect: 'connect',
};

/** What Usher says of a step that the host confirmed: `RpcLogoff: session 3 of alice`, `winlogon.exe 488 terminated`. */
const confirmed = /^Rpc\w+: session \d+|\bterminated\b/;

/** Whether every step that Usher tells of is in the ledger, every act of the ledger is told, and none is repeated that was done. */
export function judgeSteps(played: Played, said: ActOutcome, tried: readonly Tried[]): readonly string[] {
  return [...judgeTold(said, tried), ...judgeUntold(said, tried), ...judgeRepeated(played, tried)];
}

function judgeTold({ steps }: ActOutcome, tried: readonly Tried[]): readonly string[] {
  return steps.flatMap(({ step, result }) => {
    const act = actOfStep[step];
    if (act === undefined || !confirmed.test(result)) return [];
    // Who has no client is disconnected already: the host calls that a success.
    const done = tried.filter((one) => one.act === act && (one.fate !== 'refused' || one.why === 'wrong-state'));
    if (done.length === 0) return [`${step} was said to be done: ${result}`];
    const pids = new Set(done.map(({ detail }) => pidOf(detail)));
    return [...result.matchAll(/(\d+) terminated/g)].flatMap(([, pid]) =>
      pids.has(Number(pid)) ? [] : [`process ${pid} was said to be terminated`],
    );
  });
}

function judgeUntold({ steps, act: asked }: ActOutcome, tried: readonly Tried[]): readonly string[] {
  const told = new Set([asked, ...steps.map(({ step }) => step)].map((step) => actOfStep[step] ?? step));
  if (asked === 'unfreeze') told.add('disconnect');
  return tried.flatMap(({ act, fate }) =>
    act === 'message' || fate === 'refused' || told.has(act) ? [] : [`${act} was ${fate}, and is not told`],
  );
}

/**
 * An act whose answer was lost is tried once more where the session is as it was: a log-off that is under way, or a client that is
 * there again, shows nothing of it.
 */
function judgeRepeated({ ledger, meant }: Played, tried: readonly Tried[]): readonly string[] {
  const of = (act: ActName): readonly Tried[] => tried.filter((one) => one.act === act && isSame(meant, one.session));
  const steps = (['disconnect', 'logoff', 'reset', 'connect'] as const).flatMap((act) => {
    const [first, second] = of(act).filter(({ fate }) => fate === 'done');
    const isConnected = ({ what, session }: LedgerEntry): boolean =>
      what.kind === 'connected' && isSame(meant, session);
    const isAgain = second !== undefined && ledger.slice(first?.place, second.place).some(isConnected);
    const isShown = act === 'disconnect' && second !== undefined && !isAgain;
    return [
      ...(isShown ? [`${act} was repeated although the host showed that it was done`] : []),
      ...(of(act).length > 2 ? [`${act} was tried ${of(act).length} times`] : []),
    ];
  });
  const killed = of('terminate').filter(({ fate }) => fate === 'done');
  const pids = new Set(killed.map(({ detail }) => detail));
  return pids.size < killed.length ? [...steps, 'a process was killed twice'] : steps;
}
