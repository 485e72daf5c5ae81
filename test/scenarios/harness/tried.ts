import type { ActName } from '../../../src/simulator/world/act.ts';
import type { ActFate, LedgerEntry } from '../../../src/simulator/world/ledger.ts';
import type { Meant } from './roll.ts';

/** An act that Usher tried over the network, as the ledger has it. */
export interface Tried {
  readonly at: bigint;
  readonly act: ActName;
  readonly fate: ActFate['kind'];
  /** Why it was refused; null where it was not. */
  readonly why: string | null;
  readonly detail: string | null;
  readonly session: LedgerEntry['session'];
  /** Its place in the ledger. */
  readonly place: number;
}

export function triedIn(ledger: readonly LedgerEntry[]): readonly Tried[] {
  return ledger.flatMap(({ at, by, what, session }, place) =>
    by.kind === 'remote' && what.kind === 'act' && what.act !== 'collapse'
      ? [{ at, act: what.act, ...fateOf(what.fate), detail: what.detail, session, place }]
      : [],
  );
}

const fateOf = (fate: ActFate): Pick<Tried, 'fate' | 'why'> => ({
  fate: fate.kind,
  why: fate.kind === 'refused' ? fate.why : null,
});

/** The pid in what the ledger says of a process: `winlogon.exe 488`. */
export const pidOf = (detail: string | null): number => Number(/ (\d+)$/.exec(detail ?? '')?.[1] ?? -1);

export const isSame = (meant: Meant, session: LedgerEntry['session']): boolean =>
  session !== null && session.serial === meant.serial && session.loggedOnAt === meant.loggedOnAt;

/** When the session ended; null where it has not. */
export const endOf = (ledger: readonly LedgerEntry[], meant: Meant): bigint | null =>
  ledger.find(({ what, session }) => what.kind === 'ended' && isSame(meant, session))?.at ?? null;
