import type { ActOutcome } from '../../../src/cli/acts/outcomes.ts';
import { isSame, type Tried } from './tried.ts';
import type { Played } from './play.ts';

/** Windows' box has Yes and No: Yes is "more time", or "read" where there is none left; No is "now". */
const saysNow = 'answered no';
const saysLater = 'answered yes';
const second = 10_000_000n;
/** Usher's moments are whole milliseconds, the host's clock as exact as a reading takes. */
const slack = second / 10n;

/** Whether a warned user had his time, and his answer counted. */
export function judgeWarning(played: Played, { act }: ActOutcome, tried: readonly Tried[]): readonly string[] {
  const { scenario, ledger, meant, listed } = played;
  if (act !== 'end' || scenario.warn === null || !isConnectedUntil(played, listed)) return [];
  const first = tried.find((one) => one.act !== 'message' && one.fate !== 'refused');
  if (first === undefined) return [];
  const answers = ledger
    .slice(0, first.place)
    .filter(({ what, session }) => what.kind === 'message-ended' && isSame(meant, session));
  const of = (end: string): readonly bigint[] =>
    answers.flatMap(({ at, what }) => (what.kind === 'message-ended' && what.end === end ? [at] : []));
  if (of(saysNow).length > 0) return [];
  const granted = Math.min(of(saysLater).length, scenario.extension?.times ?? 0);
  const more = BigInt((scenario.extension?.by ?? 0) * granted) * second;
  const from = listed + BigInt(scenario.stale) * 10_000n;
  const earliest = from + BigInt(scenario.warn) * second + more;
  return first.at + slack >= earliest
    ? []
    : [`${first.act} came ${(earliest - first.at) / 10_000n} ms before the warning was over`];
}

/** Whether a client was there all the time until then: one that came or went meanwhile may have been listed or not. */
const isConnectedUntil = ({ ledger, meant }: Played, moment: bigint): boolean =>
  meant.wasConnected &&
  !ledger.some(({ at, what, session }) => at <= moment && what.kind === 'disconnected' && isSame(meant, session));
