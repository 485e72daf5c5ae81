import { actorText } from '../../../src/simulator/world/actor.ts';
import type { LedgerEntry } from '../../../src/simulator/world/ledger.ts';
import type { Played } from './play.ts';

/** A run for people: the scenario, what the ledger has of it, and what Usher said. */
export function storyOf(played: Played): string {
  const { scenario, ledger, said, began, ended } = played;
  const steps = 'steps' in said ? said.steps.map(({ step, result }) => `  ${step}: ${result}`) : [];
  return [
    JSON.stringify(scenario),
    ...ledger.map((entry) => `${time(entry.at - began)} ${lineOf(entry)}`),
    `${time(ended - began)} Usher: ${said.outcome}: ${said.why}`,
    ...steps,
  ].join('\n');
}

const time = (ticks: bigint): string => (Number(ticks) / 10_000_000).toFixed(4).padStart(9);

function lineOf({ by, session, what }: LedgerEntry): string {
  const whose =
    session === null
      ? ''
      : ` ${session.user ?? 'nobody'} ${session.id} (the ${session.serial}th session, ${session.state})`;
  const { kind, ...more } = what;
  const told = JSON.stringify(more, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return `${actorText(by)}:${whose} ${kind} ${told}`;
}
