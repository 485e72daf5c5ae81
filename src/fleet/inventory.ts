import type { Host } from '../sessions/host.ts';
import { usualOffice } from './office.ts';

/** Where a host's secrets and account come from. References only: no secret is ever in the inventory. */
export interface CredentialReference {
  readonly name: string;
  readonly user: string | null;
  readonly passwordFile: string | null;
  /** The name of an environment variable. */
  readonly passwordEnv: string | null;
  readonly identityFiles: readonly string[];
  readonly passphraseFile: string | null;
  readonly passphraseEnv: string | null;
  readonly sudoPasswordFile: string | null;
  readonly sudoPasswordEnv: string | null;
  /** Whether the password that logged the account on may be offered to sudo too, where none is set apart for it. */
  readonly sudoTakesLogon: boolean;
}

/** A host that can be named: one of the inventory, or one that stands for itself as a URL. */
export interface FleetHost extends Host {
  readonly groups: readonly string[];
  /** Tag → value; an empty value where the tag has none. */
  readonly tags: ReadonlyMap<string, string>;
  readonly credential: CredentialReference | null;
  /** How many sessions it is meant to carry; null where nobody says. */
  readonly slots: number | null;
  /** Whether it is made up: nobody works there, whatever is done to it. */
  readonly simulated: boolean;
}

export interface Inventory {
  /** Where it was read from, or would be. */
  readonly file: string;
  readonly hosts: ReadonlyMap<string, FleetHost>;
  readonly credentials: ReadonlyMap<string, CredentialReference>;
  /** The networks that the office's own clients are in. */
  readonly office: readonly string[];
}

export const emptyInventory = (file: string): Inventory => ({
  file,
  hosts: new Map(),
  credentials: new Map(),
  office: usualOffice,
});

/** Every group that a host is in, sorted. */
export function groupsOf(inventory: Inventory): readonly string[] {
  return [...new Set([...inventory.hosts.values()].flatMap(({ groups }) => groups))].sort();
}

/** More than the largest estates reported; a file beyond it is a mistake. */
export const mostHosts = 20_000;
