import { milliseconds, seconds } from '../../../sessions/duration.ts';
import { ticksOf, ticksPerMillisecond } from '../../clock/simulated-clock.ts';
import { disconnect } from '../acts/disconnect.ts';
import { input } from '../acts/lock.ts';
import { logOff } from '../acts/log-off.ts';
import { showMessage } from '../acts/message.ts';
import { theHost } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import type { LedgerEntry } from '../ledger.ts';
import type { SimulatedSession } from '../session.ts';
import { type TimeLimits, timeLimits } from './in-force.ts';

/** The warning that Windows gives before it disconnects. No setting changes it. */
const warning = seconds(120);
const warningTicks = ticksOf(milliseconds(1000 * warning));

/** A limit that a session runs into. Times are FILETIMEs. */
interface Due {
  readonly limit: 'idle' | 'connection' | 'disconnected';
  /** Since when that counts which is limited. */
  readonly since: bigint;
  /** When the limit is reached. */
  readonly at: bigint;
}

/** How far a session has come with a limit that it reached. */
interface Reached extends Pick<Due, 'limit' | 'since'> {
  /** When something is done about it; null: it has been done. */
  readonly actsAt: bigint | null;
}

const texts = {
  idle: {
    title: 'Idle timer expired',
    text: 'Nothing has been typed here for longer than is allowed. This session is left in 2 minutes, unless a key is pressed.',
  },
  connection: {
    title: 'Logon time limit',
    text: 'This session has lasted for longer than is allowed. It is left in 2 minutes.',
  },
} as const;

/** From now on a host does what MaxIdleTime, MaxConnectionTime and MaxDisconnectionTime demand. */
export function obeyTimeLimits(host: SimulatedHost): void {
  const enforcement = new Enforcement(host);
  host.watch({
    happened: (entry) => enforcement.happened(entry),
    registryChanged: () => enforcement.settingsChanged(),
  });
}

/** One timer for a host, set to whatever is due next. What moves a limit away, such as input, is seen when it goes off. */
class Enforcement {
  readonly #host: SimulatedHost;
  /** By the listener's name; listeners without a limit are left out. */
  #limits: ReadonlyMap<string, TimeLimits> = new Map();
  /** By serial. */
  readonly #reached = new Map<number, Reached>();
  #timer: Disposable | null = null;

  constructor(host: SimulatedHost) {
    this.#host = host;
  }

  settingsChanged(): void {
    const limits = this.#host.listeners.map(({ name }) => [name, timeLimits(this.#host, name)] as const);
    this.#limits = new Map(
      limits.filter(([, { idle, connection, disconnected }]) => (idle ?? connection ?? disconnected) !== null),
    );
    this.#lookSoon();
  }

  happened({ session, what }: LedgerEntry): void {
    if (what.kind === 'ended' && session !== null) this.#reached.delete(session.serial);
    if (this.#limits.size === 0) return;
    const { kind } = what;
    if (kind === 'booted' || kind === 'logged-on' || kind === 'connected' || kind === 'disconnected') this.#lookSoon();
  }

  /** Once what happens has happened. */
  #lookSoon(): void {
    if (this.#limits.size > 0) this.#wake(0n);
    else this.#timer?.[Symbol.dispose]();
  }

  #wake(ticks: bigint): void {
    this.#timer?.[Symbol.dispose]();
    const delay = milliseconds(Number(ticks) / Number(ticksPerMillisecond));
    this.#timer = this.#host.after(delay, () => this.#look());
  }

  #look(): void {
    const host = this.#host;
    const now = host.now();
    let next: bigint | null = null;
    for (const session of host.allSessions()) {
      const at = this.#judge(session, now);
      if (at !== null && (next === null || at < next)) next = at;
    }
    // What was done here may have set the timer anew: it is due no later than this.
    if (next !== null) this.#wake(next > now ? next - now : 0n);
  }

  /** Does what is due. When to look again; null where nothing is to come. */
  #judge(session: SimulatedSession, now: bigint): bigint | null {
    const due = this.#dueOf(session);
    if (due === null) {
      this.#reached.delete(session.serial);
      return null;
    }
    const { limit, since, at } = due;
    if (now < at) {
      this.#reached.delete(session.serial);
      return at;
    }
    const before = this.#reached.get(session.serial);
    const isKnown = before !== undefined && before.limit === limit && before.since === since;
    const actsAt = isKnown ? before.actsAt : now + (limit === 'disconnected' ? 0n : warningTicks);
    if (actsAt === null) return null;
    if (now < actsAt) {
      this.#reached.set(session.serial, { limit, since, actsAt });
      if (!isKnown && limit !== 'disconnected') this.#warn(session, limit);
      return actsAt;
    }
    this.#reached.set(session.serial, { limit, since, actsAt: null });
    this.#act(session, limit);
    // It may be disconnected by now, and have the next limit before it.
    return now;
  }

  #warn(session: SimulatedSession, limit: keyof typeof texts): void {
    const host = this.#host;
    const { box } = showMessage(host, session, { ...texts[limit], style: 0, seconds: warning }, theHost);
    box?.whenEnded((end) => {
      if (end.kind === 'answered') input(host, session);
    });
  }

  #act(session: SimulatedSession, limit: Due['limit']): void {
    const ends = this.#limitsOf(session)?.ends === true || limit === 'disconnected';
    if (ends) logOff(this.#host, session, theHost);
    else disconnect(this.#host, session, theHost);
  }

  /** The limit that it reaches first. The console has none. */
  #dueOf(session: SimulatedSession): Due | null {
    const limits = this.#limitsOf(session);
    const { state, account, lastInputAt, connectedAt, disconnectedAt } = session;
    if (limits === null || account === null || session.ending !== null) return null;
    const dues = [
      state === 'active' ? due('idle', lastInputAt > connectedAt ? lastInputAt : connectedAt, limits.idle) : null,
      state === 'active' ? due('connection', connectedAt, limits.connection) : null,
      state === 'disconnected' ? due('disconnected', disconnectedAt, limits.disconnected) : null,
    ].filter((one) => one !== null);
    return dues.toSorted((one, other) => (one.at < other.at ? -1 : 1))[0] ?? null;
  }

  #limitsOf({ listener, protocol, kind }: SimulatedSession): TimeLimits | null {
    if (listener === null || protocol === 'console' || kind === 'services') return null;
    return this.#limits.get(listener) ?? null;
  }
}

function due(limit: Due['limit'], since: bigint, after: TimeLimits['idle']): Due | null {
  return after === null ? null : { limit, since, at: since + ticksOf(after) };
}
