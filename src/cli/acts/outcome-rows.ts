import { csvLine } from '../printable.ts';
import type { GuardedBy } from './guard.ts';
import type { ActOutcome } from './outcomes.ts';

/** An outcome as `--json` prints it. */
export function outcomeJson(
  { session, act, namedBy, outcome, why, hint, provedAt, steps, answer }: ActOutcome,
  guardedBy: GuardedBy,
) {
  const { host, id, name, user, domain, key } = session;
  return {
    host,
    id,
    name,
    user,
    domain,
    key,
    act,
    namedBy,
    guardedBy,
    outcome,
    why,
    hint,
    answer,
    provedAt: provedAt?.toString() ?? null,
    steps: steps.map(({ step, began, ended, result }) => ({
      step,
      began: began.toString(),
      ended: ended.toString(),
      result,
    })),
  };
}

/** The columns of an outcome in CSV. */
export const outcomeFields = [
  'host',
  'id',
  'name',
  'user',
  'domain',
  'act',
  'outcome',
  'answer',
  'why',
  'hint',
  'provedAt',
  'guardedBy',
  'key',
] as const;

export function outcomeCsv(outcome: ActOutcome, guardedBy: GuardedBy): string {
  const row = outcomeJson(outcome, guardedBy);
  return csvLine(outcomeFields.map((field) => row[field]));
}
