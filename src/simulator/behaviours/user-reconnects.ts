import { reconnect } from '../world/acts/connect.ts';
import { user } from '../world/actor.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { LedgerEntry } from '../world/ledger.ts';
import type { SimulatedClient } from '../world/session.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, durationOf, numberOf, wordOf } from './settings.ts';

const elsewhere: SimulatedClient = {
  name: 'LAPTOP-HOME',
  address: '198.51.100.23',
  width: 1440,
  height: 900,
  colorDepth: 32,
  build: 22_631,
  timeZone: 'Romance Standard Time',
};

/** The user comes back while somebody is about to end his session. */
export const userReconnects: BehaviourKind = {
  name: 'user-reconnects',
  summary:
    'the user connects again from elsewhere: on=disconnect|warning (disconnect), after=DURATION (5s), times=N (1)',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['on', 'after', 'times']);
    const on = wordOf(settings, 'on', ['disconnect', 'warning'], 'disconnect');
    const after = durationOf(settings, 'after', '5s');
    const times = numberOf(settings, 'times', 1, 1);
    const done = new Map<number, number>();
    return {
      name: this.name,
      happened(entry, host) {
        const { session } = entry;
        if (session === null) return;
        if (entry.what.kind === 'ended') done.delete(session.serial);
        const before = done.get(session.serial) ?? 0;
        if (!isReason(entry, on) || before >= times) return;
        done.set(session.serial, before + 1);
        host.after(after, () => comeBack(host, session.id, session.serial));
      },
    };
  },
};

/** Who leaves by himself, or is taken over, does not come back. */
function isReason({ what, by }: LedgerEntry, on: 'disconnect' | 'warning'): boolean {
  if (on === 'warning') return what.kind === 'message-shown';
  return what.kind === 'disconnected' && by.kind !== 'user';
}

function comeBack(host: SimulatedHost, id: number, serial: number): void {
  const session = host.sessions.get(id);
  const listener = host.listeners.find(({ name }) => name === session?.listener);
  if (session === undefined || session.serial !== serial || session.account === null || listener === undefined) return;
  reconnect(host, session, { client: elsewhere, listener }, user(session.account));
}
