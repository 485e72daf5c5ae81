import type { ActOutcome } from '../../../src/cli/acts/outcomes.ts';
import type { LedgerEntry } from '../../../src/simulator/world/ledger.ts';
import { fileTimeOf } from '../../../src/simulator/clock/simulated-clock.ts';
import type { Played } from './play.ts';
import type { Meant } from './roll.ts';
import { endOf, isSame, type Tried } from './tried.ts';

/** Usher's moments are whole milliseconds, and its idea of the host's clock is as old as an answer was under way. */
const exactness = ({ scenario: { host } }: Played): bigint => BigInt(Math.ceil(2 * host.latency + 1)) * 10_000n;

/** A host whose clock is set in the middle dates what it tells by another one than before. */
const isClockSet = ({ scenario: { events } }: Played): boolean =>
  events.some((event) => event.what === 'behaves' && event.like.startsWith('clock-skew'));

/** Whether what Usher said came of it is true. */
export function judgePromise(played: Played, said: ActOutcome, tried: readonly Tried[]): readonly string[] {
  const { meant } = played;
  const dated = isClockSet(played) ? null : said.provedAt;
  const proved = dated === null ? played.ended : fileTimeOf(dated) + exactness(played);
  switch (said.outcome) {
    case 'ended':
      return endedBy(played, proved) ? [] : ['ended was said of a session that had not ended'];
    case 'disconnected':
      return wasEver(false, played, { meant, proved }) ? [] : ['disconnected was said of a session with a client'];
    case 'not_back':
    case 'reconnected':
      return judgeReturn(played, said.outcome);
    case 'connected':
      return wasEver(true, played, { meant, proved }) ? [] : ['connected was said of a session without a client'];
    case 'killed':
      return wasKilled(played, proved) ? [] : ['killed was said of a process that runs'];
    case 'came_back':
      return [...(hasComeBack(played) ? [] : ['came back was said of somebody who did not']), ...untouched(tried)];
    case 'session_changed':
      return said.why.endsWith(notSeen) && isBlinded(played) ? [] : untouched(tried);
    case 'not_allowed':
      return untouched(tried);
    case 'refused':
      return said.act === 'end' ? [] : untouched(tried);
    case 'failed':
      return judgeFailure(played, said);
    case 'unknown':
      return isBlinded(played) ? [] : ['unknown was said although the host could be read'];
    case 'answered':
    case 'shown':
    case 'unseen':
      return judgeMessage(played, said);
    default:
      return [];
  }
}

const endedBy = (played: Played, proved: bigint): boolean => {
  const end = endOf(played.ledger, played.meant);
  return end !== null && end <= proved;
};

/** Whether the session had a client, or had none, at any moment of the last reading until then. */
function wasEver(connected: boolean, played: Played, { meant, proved }: { meant: Meant; proved: bigint }): boolean {
  const lists = played.answered.filter(({ name, at }) => name === listing && at <= proved);
  const from = lists.at(-2)?.at ?? 0n;
  let state = meant.wasConnected;
  for (const { at, what, session } of played.ledger) {
    if (!isSame(meant, session) || at > proved) continue;
    const became =
      what.kind === 'connected' ? true : what.kind === 'disconnected' || what.kind === 'ended' ? false : null;
    if (became === null) continue;
    if (at > from && state === connected) return true;
    state = became;
  }
  return state === connected;
}

/** The call that a reading begins with. */
const listing = 'RpcGetAllSessionsEx';

function judgeReturn(played: Played, outcome: string): readonly string[] {
  const of = (kind: LedgerEntry['what']['kind']): number =>
    played.ledger.findLastIndex(({ what, session }) => what.kind === kind && isSame(played.meant, session));
  const isBack = of('connected') > of('disconnected') && of('disconnected') >= 0;
  const isSaid = outcome === 'reconnected';
  return isBack === isSaid ? [] : [`${outcome} was said, and the user is ${isBack ? '' : 'not '}back`];
}

function wasKilled(played: Played, proved: bigint): boolean {
  const { ledger, program, meant } = played;
  return ledger.some(({ at, what, session }) => {
    if (at > proved) return false;
    if (what.kind === 'process-ended') return what.pid === program && isSame(meant, session);
    return what.kind === 'ended' && isSame(meant, session);
  });
}

/** Usher does not claim that nothing was done where it did not hear of it. */
const notSeen = 'whether what was tried before did anything was not seen';

/** Input, or a connection of its user; a session that ends in the middle of a reading lends its number to the input of another. */
function hasComeBack({ inputs, meant, ledger, answered }: Played): boolean {
  const end = endOf(ledger, meant);
  const read = answered.findLast(({ name }) => name === listing);
  return inputs.some(({ serial }) => serial === meant.serial) || (end !== null && read !== undefined && end >= read.at);
}

/** Nothing was done to anybody; what was only said to a user is no such thing. */
function untouched(tried: readonly Tried[]): readonly string[] {
  return tried
    .filter(({ act, fate }) => act !== 'message' && fate !== 'refused')
    .map(({ act, fate }) => `nothing was to be done, and ${act} was ${fate}`);
}

/** Steps after which the session is said to be there still. */
const ends: ReadonlySet<string> = new Set(['logoff', 'reset', 'kill-logon', 'kill-all', 'end']);
/** The last reading, and what it waits for. */
const slack = 2n * 10_000_000n;

function judgeFailure(played: Played, { act }: ActOutcome): readonly string[] {
  const end = endOf(played.ledger, played.meant);
  return ends.has(act) && end !== null && end + slack < played.ended && !isBlinded(played)
    ? ['failed was said of a session that had ended']
    : [];
}

/** Behaviours and happenings that keep Usher from seeing. */
const blinding =
  /^(slow|never-answers|access-denied|loses-rights|pipe-missing|rdp-off|drops|half-open|garbage|stalls|reboots|refuses-concurrent|few-credits|wrong-filetimes)/;

export function isBlinded({ scenario: { host, sessions, events }, ledger }: Played): boolean {
  const words = [
    ...host.behaves,
    ...sessions.flatMap(({ behaves }) => behaves),
    ...events.flatMap((event) => (event.what === 'behaves' ? [event.like] : [])),
  ];
  const happens = events.some(({ what }) => what === 'connections are cut' || what === 'host crashes');
  return happens || words.some((one) => blinding.test(one)) || ledger.some(({ what }) => what.kind === 'went-down');
}

function judgeMessage({ ledger, meant }: Played, { outcome, answer }: ActOutcome): readonly string[] {
  const shown = ledger.filter(({ what, session }) => what.kind === 'message-shown' && isSame(meant, session));
  if (shown.length === 0) return [`${outcome} was said of a message that was not shown`];
  const answers = ledger.flatMap(({ what, session }) =>
    what.kind === 'message-ended' && isSame(meant, session) && what.end.startsWith('answered')
      ? [what.end.slice('answered '.length)]
      : [],
  );
  if (outcome !== 'answered') return [];
  return answer !== null && answers.includes(answer)
    ? []
    : [`'${answer}' was said to be the answer: ${answers.join()}`];
}
