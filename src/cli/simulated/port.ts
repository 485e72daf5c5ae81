import type { Milliseconds } from '../../sessions/duration.ts';

/** A behaviour that simulated hosts and sessions can have. */
export interface BehaviourLine {
  readonly name: string;
  /** One line without a full stop. */
  readonly summary: string;
}

/** A file's name, for messages, and what is in it. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** The estate that is wanted. */
export interface WantedEstate {
  /** `demo`: the small one that shows what Usher is for. */
  readonly size: 'demo' | { readonly hosts: number; readonly sessions: number; readonly sentinels: boolean };
  /** Same seed, same people and same history. */
  readonly seed: number;
  /** How much faster than real time it lives. 0: its time stands still. */
  readonly speed: number;
  /** `127.64.0.0/16:4450`; other ports are tried where that one is taken. */
  readonly listen: string;
  readonly faults: NamedText | null;
}

/** A host that is spoken to as a Windows host is. */
export interface RunningHost {
  readonly name: string;
  /** `rds`, `citrix`, `tsplus`. */
  readonly kind: string;
  readonly address: string;
  readonly port: number;
  readonly sessions: number;
  /** Some of those who have a session that is not stuck, by their account's name. */
  readonly users: readonly string[];
}

/** An estate that is up until it is disposed of. */
export interface RunningEstate extends AsyncDisposable {
  readonly hosts: readonly RunningHost[];
  /** `DOMAIN\user`, who may do everything, and his password: it was made up for this estate alone. */
  readonly user: string;
  readonly password: string;
  readonly startedIn: Milliseconds;
  /** What the whole process holds in memory. */
  readonly memoryBytes: number;
}

/** Makes up estates of session hosts. */
export interface Simulator {
  readonly behaviours: readonly BehaviourLine[];
  /** Throws `UsherError` `usage`, `bad_file` or `unreachable`. */
  start(wanted: WantedEstate): Promise<RunningEstate>;
}
