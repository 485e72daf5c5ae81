import type { SessionIdentity } from '../../../src/sessions/identity.ts';
import type { SimulatedSession } from '../../../src/simulator/world/session.ts';
import type { Stage } from './stage.ts';

/** One session of one logon, as the ledger tells it from every other. */
export interface Meant {
  readonly id: number;
  readonly serial: number;
  /** By the host's own clock. */
  readonly loggedOnAt: bigint;
  /** Whether it had a client to begin with. */
  readonly wasConnected: boolean;
  /** What ran in it to begin with. */
  readonly pids: ReadonlySet<number>;
}

export const nobody: Meant = { id: -1, serial: -1, loggedOnAt: 0n, wasConnected: false, pids: new Set() };

/** Every session that anybody was ever logged on to. */
export class Roll {
  readonly #stage: Stage;
  readonly #all: Meant[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    for (const session of stage.sessions.values()) this.#enter(session);
    stage.ledger.watch(({ what, session }) => {
      const entered = session === null ? undefined : stage.host.sessions.get(session.id);
      if (what.kind === 'logged-on' && entered !== undefined) this.#enter(entered);
    });
  }

  /** Whose identity it is: its logon, or the start of its logon process, is no other one's of the same number. */
  whoIs(identity: SessionIdentity): Meant {
    if (identity.kind === 'xrdp') throw new TypeError('an xrdp session on a Windows host');
    const moment = BigInt(identity.kind === 'windows-logon' ? identity.logonTime : identity.startTime);
    const { sessionId } = identity;
    return this.#all.find(({ id, loggedOnAt }) => id === sessionId && loggedOnAt === moment) ?? nobody;
  }

  #enter(session: SimulatedSession): void {
    const { id, serial, loggedOnAt, state } = session;
    const pids = new Set(this.#stage.host.processesOf(id).map(({ pid }) => pid));
    this.#all.push({ id, serial, loggedOnAt, wasConnected: state === 'active', pids });
  }
}
