import type { Because } from '../../../src/ending/ladder/plan.ts';
import type { Milliseconds, Seconds } from '../../../src/sessions/duration.ts';

/** Those who work on the host. `anna` is the administrator as whom Usher logs on; `dave` comes when a session's number is free. */
export const people = ['alice', 'bob', 'carol'] as const;
export type Person = (typeof people)[number];

/** What is done to a session, as the commands of Usher do it. */
export const verbs = [
  'message',
  'disconnect',
  'connect',
  'unfreeze',
  'logoff',
  'reset',
  'kill-process',
  'kill-logon',
  'kill-all',
  'end',
  'end --force',
] as const;
export type Verb = (typeof verbs)[number];

export interface PlacedPerson {
  readonly who: Person;
  readonly state: 'active' | 'disconnected';
  /** Since the last input when Usher lists. */
  readonly idle: Seconds;
  /** Behaviours of the session in words. */
  readonly behaves: readonly string[];
}

/** When something happens: so long after the list was asked for, or as the host is about to answer its so-and-so-many-th call. */
export type When = { readonly at: Milliseconds } | { readonly call: number };

/** What happens by itself, to one of the sessions or to the host. */
export type Happening =
  | { readonly what: 'input' | 'leaves' | 'comes back' | 'logs off' | 'logs on anew'; readonly who: Person }
  /** The session ends, and `dave` has its number in the same moment. */
  | { readonly what: 'is replaced'; readonly who: Person }
  /** A program of the session ends by itself. */
  | { readonly what: 'closes a program'; readonly who: Person }
  | { readonly what: 'host crashes' | 'connections are cut' | 'usher is called off' }
  /** From now on the host behaves like this too, or the session of somebody. */
  | { readonly what: 'behaves'; readonly like: string; readonly who: Person | null };

export type Event = Happening & { readonly when: When };

/** One run, as data: the same scenario gives the same ledger. */
export interface Scenario {
  /** Of keys and challenges. */
  readonly seed: number;
  readonly host: {
    readonly behaves: readonly string[];
    /** One way to it. */
    readonly latency: Milliseconds;
    /** How far its clock is ahead. */
    readonly skew: Milliseconds;
    /** How long a log-off, a reset and a start take. */
    readonly pace: Milliseconds;
  };
  readonly sessions: readonly PlacedPerson[];
  readonly verb: Verb;
  readonly target: Person;
  /** Whose client shows the desktop of a `connect`. */
  readonly other: Person;
  readonly because: Because;
  /** Null: nobody is warned. */
  readonly warn: Seconds | null;
  readonly extension: { readonly by: Seconds; readonly times: number } | null;
  readonly patience: Seconds;
  /** How long a host that was lost is looked for. */
  readonly settle: Seconds;
  /** How old the list is when the act begins. */
  readonly stale: Milliseconds;
  readonly events: readonly Event[];
}
