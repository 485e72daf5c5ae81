import type { FleetHost } from '../fleet/inventory.ts';
import type { Seconds } from '../sessions/duration.ts';
import { seconds } from '../sessions/duration.ts';
import { heldBy, type KnownSum } from '../sessions/waste.ts';
import { count, formatBytes } from './measures.ts';
import type { Listing } from './listing.ts';

/** Who is idle for this long from outside of the office is worth a look. */
const idleOutside: Seconds = seconds(15 * 60);
/** From this part of its slots on a host is told of. */
const nearlyFull = 0.9;
const hostsTold = 2;

/** `90 sessions on 3 hosts · 31 disconnected hold 22 GB · 4 idle from outside · ts03 58 of 60 · 2 troubled · 1 host failed`. */
export function footer({ sessions, all, hosts, office, errors }: Listing): string {
  const shown = sessions.length === all.length ? '' : `${sessions.length} of `;
  const answered = hosts.length - errors.length;
  const on = hosts.length === 1 ? '' : ` on ${count(answered, 'host')}`;
  const disconnected = sessions.filter(({ state }) => state === 'disconnected');
  const outside = sessions.filter(
    ({ state, idleFor, client }) =>
      state === 'active' && idleFor !== null && idleFor >= idleOutside && office(client.address) === 'outside',
  ).length;
  const troubled = sessions.filter(({ troubles }) => troubles.length > 0).length;
  return [
    ...simulatedAmong(hosts),
    `${shown}${all.length === 0 ? 'no sessions' : count(all.length, 'session')}${on}`,
    ...(disconnected.length === 0 ? [] : [`${disconnected.length} disconnected${held(disconnected)}`]),
    ...(outside === 0 ? [] : [`${outside} idle from outside`]),
    ...crowded({ all, hosts }),
    ...(troubled === 0 ? [] : [`${troubled} troubled`]),
    ...(errors.length === 0 ? [] : [`${count(errors.length, 'host')} failed`]),
  ].join(' · ');
}

/** That hosts are made up, so that nobody takes what is done to them for real. */
export function simulatedAmong(hosts: readonly FleetHost[]): readonly string[] {
  const simulated = hosts.filter((host) => host.simulated).length;
  if (simulated === 0) return [];
  return [simulated === hosts.length ? 'simulated estate' : `${count(simulated, 'host')} simulated`];
}

/** The hosts that are nearly full, the fullest first. */
function crowded({ all, hosts }: Pick<Listing, 'all' | 'hosts'>): readonly string[] {
  const used = Map.groupBy(all, ({ host }) => host);
  const full = hosts
    .flatMap(({ name, slots }) => (slots === null ? [] : [{ name, slots, taken: used.get(name)?.length ?? 0 }]))
    .filter(({ slots, taken }) => taken >= slots * nearlyFull)
    .toSorted((one, other) => other.taken / other.slots - one.taken / one.slots);
  const told = full.slice(0, hostsTold).map(({ name, slots, taken }) => `${name} ${taken} of ${slots}`);
  return full.length > hostsTold ? [...told, `${full.length - hostsTold} more nearly full`] : told;
}

/** What they hold in memory, as far as it is known. */
function held(sessions: Listing['sessions']): string {
  const { memoryBytes } = heldBy(sessions);
  if (memoryBytes.sum === null) return '';
  return ` ${sessions.length === 1 ? 'holds' : 'hold'} ${formatKnown(memoryBytes, formatBytes)}`;
}

/** `22 GB`, `at least 22 GB` where some did not tell, nothing where none did. */
export function formatKnown({ sum, untold }: KnownSum, format: (value: number) => string): string {
  return sum === null ? '' : `${untold === 0 ? '' : 'at least '}${format(sum)}`;
}
