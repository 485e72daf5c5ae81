import type { Command } from 'commander';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Because } from '../../ending/ladder/plan.ts';
import { findEverySession, type FoundSession, findSessions, type FoundSessions } from '../../fleet/find-sessions.ts';
import { meaningsOf, type Search } from '../../fleet/session-reference.ts';
import { labelled, UsherError } from '../../sessions/errors.ts';
import { passes } from '../../sessions/filter.ts';
import { accountOf, isUser } from '../../sessions/account.ts';
import { type ServerFlags, serversOf, withServerOption } from '../command.ts';
import { filterOf, type FilterFlags, isFiltering, withFilterOptions } from '../filter-options.ts';
import { inventoryFor, remark, type Run, select } from '../run.ts';
import { searchOf, sessionForms } from '../sessions-named.ts';
import type { ActOutcome } from './outcomes.ts';

/** How the sessions of an act are chosen. */
export interface TargetFlags extends ServerFlags, FilterFlags {
  readonly expectUser?: string;
  readonly atMost?: string;
}

/** How many sessions one command acts on where nobody said more. */
const usualCeiling = 25;
const highestCeiling = 10_000;

/** The arguments and options by which an act chooses its sessions. */
export function withTargetOptions(command: Command, all?: '--all-hosts'): Command {
  const without = 'default: the whole inventory where sessions are named; a filter needs it, or --all-hosts';
  withServerOption(command.argument('[session...]', sessionForms), { without, ...(all === undefined ? {} : { all }) });
  withFilterOptions(command, 'instead of naming sessions: those');
  return command
    .option(
      '--expect-user <user>',
      'refuse unless every session chosen is this user’s: an id may mean someone else by now',
    )
    .option('--at-most <number>', `refuse to act on more sessions than this (default: ${usualCeiling})`);
}

/** The sessions that were chosen, as just read. Throws `UsherError`, and then nothing was done. */
export async function findTargets(
  run: Run,
  fleet: Fleet,
  words: readonly string[],
  flags: TargetFlags,
): Promise<FoundSessions> {
  const filter = filterOf(flags);
  const mostKept = ceilingOf(flags.atMost);
  const inventory = await inventoryFor(run);
  const servers = serversOf(flags);
  if (words.length > 0 && isFiltering(filter)) {
    throw new UsherError({ code: 'usage', message: 'sessions are chosen by name or by a filter, not by both' });
  }
  if (words.length === 0 && !isFiltering(filter)) {
    throw new UsherError({
      code: 'usage',
      message: 'no session is named, and there is no current one',
      hint: 'name one, such as alice@ts01, or choose them: --state disconnected --idle-over 2h',
    });
  }
  const { signal } = run.around;
  if (words.length > 0) {
    const search = searchOf(run, inventory, servers);
    const found = await findSessions(fleet, words, search, signal);
    if (run.globals.format === 'text') tellWhereFound(run, words, search, found);
    return found;
  }
  if (servers.length === 0 && inventory.hosts.size > 0) {
    throw new UsherError({
      code: 'usage',
      message: 'a filter acts on the hosts that are named, and none is',
      hint: 'name them with -s HOST, -s @GROUP or a glob; --all-hosts is the whole inventory',
    });
  }
  return await findEverySession(
    fleet,
    select(run, inventory, servers).hosts,
    { passes: (session) => passes(filter, session), mostKept },
    signal,
  );
}

/** The order in which sessions are shown and told. */
export const byHostAndId = ({ session: one }: FoundSession, { session: other }: FoundSession): number =>
  one.host.localeCompare(other.host, 'en', { numeric: true }) || one.id - other.id;

/** Where a user was found that was looked for on several hosts: it is shown before anything is done. */
function tellWhereFound(run: Run, words: readonly string[], search: Search, { sessions }: FoundSessions): void {
  const [word, ...others] = words;
  const [only] = sessions;
  if (word === undefined || others.length > 0 || only?.namedBy !== 'user') return;
  if (meaningsOf(word, search).every(({ hosts }) => hosts.length < 2)) return;
  const { session } = only;
  remark(run, labelled(session.host, `${accountOf(session) ?? 'nobody'} has session ${session.id} there`));
}

/** Why a session is acted on: what a filter chose it for must still hold when the act is done. */
export function becauseChosen({ namedBy, session }: FoundSession, { state, idleOver }: FilterFlags): Because {
  if (namedBy !== 'filter') return 'asked';
  if (session.state === 'disconnected' && (state !== undefined || idleOver !== undefined)) return 'disconnected';
  return idleOver === undefined ? 'asked' : 'idle';
}

/** Why so many sessions are not acted on at once; null where they are. */
export function overCeiling(chosen: number, { atMost }: TargetFlags): UsherError | null {
  const ceiling = ceilingOf(atMost);
  if (chosen <= ceiling) return null;
  return new UsherError({
    code: 'not_allowed',
    message: `${chosen} sessions were chosen, and at most ${ceiling} are acted on at once: nothing was done`,
    hint: `choose fewer, or say --at-most ${chosen}`,
  });
}

/** Why a session is left alone because of --expect-user, which holds for all that were chosen; null where it is not. */
export function unexpected(
  found: FoundSession,
  all: readonly FoundSession[],
  { expectUser }: TargetFlags,
): Pick<ActOutcome, 'outcome' | 'why' | 'hint'> | null {
  if (expectUser === undefined || all.every(({ session }) => isUser(session, expectUser))) return null;
  const { session } = found;
  if (isUser(session, expectUser)) {
    return {
      outcome: 'not_allowed',
      why: `others that were chosen are not ${expectUser}'s: nothing was done`,
      hint: null,
    };
  }
  return {
    outcome: 'session_changed',
    why: `session ${session.id} is ${accountOf(session) ?? 'nobody'}'s and not ${expectUser}'s: nothing was done`,
    hint: 'list the sessions again',
  };
}

function ceilingOf(text: string | undefined): number {
  if (text === undefined) return usualCeiling;
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= highestCeiling) return number;
  throw new UsherError({ code: 'usage', message: `--at-most takes a number from 1 to ${highestCeiling}` });
}
