import type { Inventory } from '../fleet/inventory.ts';
import type { Search } from '../fleet/session-reference.ts';
import { type Run, select } from './run.ts';

/** What a SESSION argument may be. */
export const sessionForms =
  'HOST:ID, HOST:NAME or USER@HOST for a host of the inventory; ID, NAME, USER or user:NAME with -s HOST; USER alone searches the inventory; or a key';

/** Where a SESSION is looked for: on the hosts of -s, else in the inventory, else on this machine. */
export function searchOf(run: Run, inventory: Inventory, servers: readonly string[]): Search {
  const alone = servers.length === 0 && inventory.hosts.size > 0;
  return { inventory, hosts: alone ? null : select(run, inventory, servers).hosts };
}
