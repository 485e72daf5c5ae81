import { parseHostUrl } from '../../sessions/host.ts';
import type { CredentialReference, FleetHost, Inventory } from '../inventory.ts';
import { usualOffice } from '../office.ts';

export function aHost(name: string, facts: Partial<FleetHost> = {}): FleetHost {
  const url = parseHostUrl(`ssh://root@${name}.example`);
  return { name, url, groups: [], tags: new Map(), credential: null, slots: null, simulated: false, ...facts };
}

/** Hosts by name, each with its groups. */
export function anInventory(hosts: Readonly<Record<string, readonly string[]>>): Inventory {
  const entries = Object.entries(hosts).map(([name, groups]) => [name, aHost(name, { groups })] as const);
  return { file: '/etc/usher/inventory.yaml', hosts: new Map(entries), credentials: new Map(), office: usualOffice };
}

export function aCredential(name: string, facts: Partial<CredentialReference> = {}): CredentialReference {
  return {
    name,
    user: null,
    passwordFile: null,
    passwordEnv: null,
    identityFiles: [],
    passphraseFile: null,
    passphraseEnv: null,
    sudoPasswordFile: null,
    sudoPasswordEnv: null,
    sudoTakesLogon: false,
    ...facts,
  };
}
