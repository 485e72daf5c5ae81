import type { SessionState } from '../../sessions/state.ts';
import type { ActName } from './act.ts';
import type { Actor } from './actor.ts';
import type { SimulatedSession } from './session.ts';

/** Which session something happened to, as it was right before. */
export interface SessionStamp {
  readonly id: number;
  /** Tells it from every other session of the host, whatever its id. */
  readonly serial: number;
  readonly user: string | null;
  readonly domain: string | null;
  readonly state: SessionState;
  /** A FILETIME; 0 where nobody was logged on. */
  readonly loggedOnAt: bigint;
}

/** What came of an act that somebody tried. */
export type ActFate =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly why: string }
  /** Taken on; it is done later, if the session is still there. */
  | { readonly kind: 'taken-on' }
  /** Taken on, and nothing comes of it. */
  | { readonly kind: 'without-effect' };

/** What really happened, as the world itself knows it. Times are FILETIMEs of the simulated clock, without any skew of the host. */
export interface LedgerEntry {
  readonly at: bigint;
  readonly host: string;
  readonly by: Actor;
  readonly session: SessionStamp | null;
  readonly what:
    | { readonly kind: 'act'; readonly act: ActName; readonly fate: ActFate; readonly detail: string | null }
    | { readonly kind: 'created' }
    | { readonly kind: 'logged-on' }
    | { readonly kind: 'logged-off' }
    /** Its desktop is shown by another client, or again by one. */
    | { readonly kind: 'connected'; readonly client: string | null }
    | { readonly kind: 'disconnected' }
    /** The session is gone, and its id with it. */
    | { readonly kind: 'ended'; readonly cause: EndCause }
    | { readonly kind: 'process-ended'; readonly pid: number; readonly image: string; readonly start: bigint }
    | { readonly kind: 'message-shown'; readonly box: number; readonly title: string; readonly text: string }
    | { readonly kind: 'message-ended'; readonly box: number; readonly end: string }
    | { readonly kind: 'went-down'; readonly why: 'shutdown' | 'restart' | 'power-off' | 'crash' }
    | { readonly kind: 'booted' };
}

/** Why a session ended. */
export type EndCause =
  | 'logoff'
  | 'reset'
  | 'disconnect'
  | 'logon-process-killed'
  | 'all-processes-killed'
  | 'host-down';

export function stampOf(session: SimulatedSession): SessionStamp {
  const { id, serial, account, state, loggedOnAt } = session;
  return { id, serial, user: account?.name ?? null, domain: account?.domain ?? null, state, loggedOnAt };
}

/** What happened on all hosts of an estate, in its order. */
export interface Ledger {
  append(entry: LedgerEntry): void;
}

/** A ledger that keeps its latest entries. */
export class LedgerBook implements Ledger {
  readonly #most: number;
  readonly #listeners = new Set<(entry: LedgerEntry) => void>();
  #entries: LedgerEntry[] = [];

  constructor(most = 100_000) {
    this.#most = most;
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  append(entry: LedgerEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > 2 * this.#most) this.#entries = this.#entries.slice(-this.#most);
    for (const listener of this.#listeners) listener(entry);
  }

  /** Until it is disposed of, every new entry is told. */
  watch(listener: (entry: LedgerEntry) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}
