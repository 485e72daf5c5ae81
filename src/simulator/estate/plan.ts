import { UsherError } from '../../sessions/errors.ts';
import { behaviourKinds } from '../behaviours/behaviours.ts';
import { type Faults, noFaults } from './faults.ts';

/** What brings sessions to a host: Remote Desktop Services, Citrix (ICA), or what TSplus makes of Windows (single programs). */
export type HostKind = 'rds' | 'citrix' | 'tsplus';

/** A session that nothing good will come of. */
export type Stuck =
  /** Its user logged off, and it has not ended. */
  | 'never-ended'
  /** Its state is down. */
  | 'down';

/** A host as it is wanted. */
export interface PlannedHost {
  /** Of the estate, such as `sim-ts01`. */
  readonly name: string;
  readonly kind: HostKind;
  /** How many sessions are on it when it starts. */
  readonly sessions: number;
  /** Behaviours of the host, of those who are only a session's: of every session. `slow by=2s`. */
  readonly behaviours: readonly string[];
  readonly stuck: readonly Stuck[];
}

export interface EstatePlan {
  readonly seed: number;
  readonly hosts: readonly PlannedHost[];
  readonly faults: Faults;
}

/** What is asked for on a command line. */
export interface EstateSize {
  readonly hosts: number;
  readonly sessions: number;
  readonly seed: number;
  /** One more host for each behaviour, which is called after it. */
  readonly sentinels?: boolean;
  readonly faults?: Faults;
}

/** Fewer hosts are all Remote Desktop Services. */
const leastMixed = 3;

/** As many hosts as the largest estates have, and sessions as a host has ids for. */
const mostHosts = 20_000;
const mostSessions = 5000;

/** Hosts that are called `sim-ts001` and so on; of three or more the last two are `sim-citrix` and `sim-tsplus`. Throws `UsherError` `usage`. */
export function planEstate({ hosts, sessions, seed, sentinels = false, faults = noFaults }: EstateSize): EstatePlan {
  checkSize(hosts, sessions);
  const others: readonly HostKind[] = hosts >= leastMixed ? ['citrix', 'tsplus'] : [];
  const plain = hosts - others.length;
  const digits = Math.max(2, String(plain).length);
  const usual = Array.from({ length: plain }, (_, at) =>
    planned(`sim-ts${String(at + 1).padStart(digits, '0')}`, 'rds', sessions),
  );
  const mixed = others.map((kind) => planned(`sim-${kind}`, kind, sessions));
  const shown = sentinels
    ? behaviourKinds.map(({ name }) => ({ ...planned(`sim-${name}`, 'rds', sessions), behaviours: [name] }))
    : [];
  return { seed, hosts: [...usual, ...mixed, ...shown], faults };
}

/** What `npm start` shows: six hosts with ninety sessions, two of which are in trouble. */
export function planDemo(seed: number): EstatePlan {
  const hosts: readonly PlannedHost[] = [
    planned('sim-ts01', 'rds', 20),
    planned('sim-ts02', 'rds', 18),
    planned('sim-citrix', 'citrix', 14),
    planned('sim-tsplus', 'tsplus', 14),
    { ...planned('sim-hangs-on-logoff', 'rds', 12), behaviours: ['hangs-on-logoff'], stuck: ['never-ended'] },
    { ...planned('sim-hangs-on-reset', 'rds', 12), behaviours: ['hangs-on-reset'], stuck: ['down'] },
  ];
  return { seed, hosts, faults: noFaults };
}

function planned(name: string, kind: HostKind, sessions: number): PlannedHost {
  return { name, kind, sessions, behaviours: [], stuck: [] };
}

function checkSize(hosts: number, sessions: number): void {
  if (hosts <= mostHosts && sessions <= mostSessions) return;
  throw new UsherError({
    code: 'usage',
    message: `an estate has at most ${mostHosts} hosts with ${mostSessions} sessions each`,
  });
}
