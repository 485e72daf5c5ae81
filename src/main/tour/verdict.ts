import type { LedgerEntry } from '../../simulator/world/ledger.ts';

/** The one session that the tour ends: by what no other session has. */
export interface Meant {
  /** The host's own name, as the ledger has it. */
  readonly host: string;
  readonly serial: number;
}

/** Something that must have happened in an estate, or must not, and whether its ledger agrees. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
}

/** What the estate itself says of the tour. Only the ledger is asked, never what Usher printed. */
export function checksOf(entries: readonly LedgerEntry[], { host, serial }: Meant): readonly Check[] {
  const isMeant = (entry: LedgerEntry): boolean => entry.host === host && entry.session?.serial === serial;
  const own = entries.filter(isMeant);
  const fromOutside = entries.filter(({ by }) => by.kind === 'remote');
  const done = (act: string): boolean =>
    own.some(
      ({ by, what }) => by.kind === 'remote' && what.kind === 'act' && what.act === act && what.fate.kind === 'done',
    );
  const endings = own.flatMap(({ what }) => (what.kind === 'ended' ? [what.cause] : []));
  return [
    { what: 'its user saw the warning', holds: own.some(({ what }) => what.kind === 'message-shown') },
    { what: 'log-off was tried and came to nothing', holds: cameToNothing(own, 'logoff') },
    { what: 'reset was tried and came to nothing', holds: cameToNothing(own, 'reset') },
    { what: 'a process of it was ended', holds: done('terminate') },
    { what: 'it ended because its logon process did', holds: endings.join() === 'logon-process-killed' },
    {
      what: 'nothing was done to any other session',
      holds: fromOutside.every((entry) => entry.session === null || isMeant(entry) || isTalk(entry)),
    },
  ];
}

const cameToNothing = (entries: readonly LedgerEntry[], act: string): boolean =>
  entries.some(({ what }) => what.kind === 'act' && what.act === act && what.fate.kind === 'without-effect');

/** A message and its end take nothing from anybody. */
const isTalk = ({ what }: LedgerEntry): boolean =>
  what.kind === 'message-shown' || what.kind === 'message-ended' || (what.kind === 'act' && what.act === 'message');
