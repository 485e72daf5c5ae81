import { SteppedClock } from '../../clock/stepped-clock.ts';
import { start } from '../../testing/world.ts';
import { actorText } from '../../world/actor.ts';
import { LedgerBook, type LedgerEntry } from '../../world/ledger.ts';
import { type SimulatedEstate, startEstate } from '../estate.ts';
import { type EstatePlan, planEstate } from '../plan.ts';

export interface SteppedEstate {
  readonly clock: SteppedClock;
  readonly ledger: LedgerBook;
  readonly estate: SimulatedEstate;
}

/** An estate whose time is the test's. */
export function aSteppedEstate(
  plan: Partial<EstatePlan> & { readonly size?: readonly [hosts: number, sessions: number] },
): SteppedEstate {
  const [hosts, sessions] = plan.size ?? [2, 12];
  const clock = new SteppedClock(start);
  const ledger = new LedgerBook();
  const wanted = { ...planEstate({ hosts, sessions, seed: plan.seed ?? 1 }), ...plan };
  return { clock, ledger, estate: startEstate(wanted, { clock, ledger }, 'geheim') };
}

/** What happened, in one line: two histories are the same where their lines are. */
export function lineOf({ at, host, by, session, what }: LedgerEntry): string {
  return JSON.stringify([at, host, actorText(by), session, what], (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
