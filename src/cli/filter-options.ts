import { type Command, Option } from 'commander';
import { parseDuration } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { SessionFilter } from '../sessions/filter.ts';
import { isSessionState, type SessionState, sessionStates } from '../sessions/state.ts';
import { collect } from './globals.ts';
import { stateName } from './microsoft/columns.ts';

export interface FilterFlags {
  readonly user?: readonly string[];
  readonly state?: readonly string[];
  readonly idleOver?: string;
  readonly client?: readonly string[];
  readonly troubled?: boolean;
  readonly allKinds?: boolean;
}

/** The options by which sessions are filtered; `only` begins what each says. */
export function withFilterOptions(command: Command, only: string): Command {
  return command
    .option('--user <pattern>', `${only} of this user: bob, "CORP\\*"; may be given several times`, collect)
    .addOption(
      new Option(
        '--state <state>',
        `${only} in this state: ${sessionStates.join(', ')}; may be given several times`,
      ).argParser(collect),
    )
    .option('--idle-over <duration>', `${only} without input for longer than this: 90s, 5m, 2h, 1d`)
    .option(
      '--client <pattern>',
      `${only} whose client's name or address matches; may be given several times`,
      collect,
    );
}

/** Throws {@link UsherError} `usage`. */
export function filterOf(flags: FilterFlags): SessionFilter {
  return {
    users: flags.user ?? [],
    states: (flags.state ?? []).flatMap((text) => text.split(',')).map(stateNamed),
    idleOver: flags.idleOver === undefined ? null : parseDuration(flags.idleOver),
    clients: flags.client ?? [],
    troubled: flags.troubled ?? false,
    allKinds: flags.allKinds ?? false,
  };
}

export const isFiltering = ({ users, states, idleOver, clients, troubled }: SessionFilter): boolean =>
  users.length > 0 || states.length > 0 || idleOver !== null || clients.length > 0 || troubled;

/** By its name, or as quser abbreviates it: `disc`. */
function stateNamed(text: string): SessionState {
  const state = text.trim().toLowerCase();
  if (isSessionState(state)) return state;
  const abbreviated = sessionStates.find((one) => stateName(one).toLowerCase() === state);
  if (abbreviated !== undefined) return abbreviated;
  throw new UsherError({
    code: 'usage',
    message: `there is no state '${text.slice(0, 40)}'`,
    hint: `states: ${sessionStates.join(', ')}`,
  });
}
