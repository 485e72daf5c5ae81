import { ntowfv1 } from '../../wire/ntlm/keys.ts';
import { wellKnownSid } from '../security/sid.ts';

/** Somebody who can log on: to the host's pipes, to a session, or both. */
export interface Account {
  readonly name: string;
  /** Its NetBIOS name; the computer's own for a local account. */
  readonly domain: string;
  readonly sid: string;
  /** SIDs of the groups on the hosts, such as `wellKnownSid.administrators`. */
  readonly groups: readonly string[];
  /** NTOWFv1 of the password; null: nobody logs on to pipes with this account. */
  readonly ntHash: Uint8Array | null;
}

export interface AccountFacts extends Omit<Account, 'ntHash' | 'groups'> {
  readonly password: string | null;
  readonly groups?: readonly string[];
}

export function account({ password, groups = [], ...facts }: AccountFacts): Account {
  return { ...facts, groups, ntHash: password === null ? null : ntowfv1(password) };
}

/** The SIDs of a token of a network logon ([MS-DTYP] 2.5.2). */
export function tokenSids({ sid, groups }: Account): ReadonlySet<string> {
  const { everyone, network, authenticatedUsers } = wellKnownSid;
  return new Set([sid, ...groups, everyone, network, authenticatedUsers]);
}

export function isAdministrator({ groups, sid }: Account): boolean {
  return sid === wellKnownSid.system || groups.includes(wellKnownSid.administrators);
}

/** Names are the same whatever their case ([MS-NLMP] 3.3.2). */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The accounts of an estate, by name and domain. */
export class AccountDirectory {
  readonly #byName = new Map<string, Account[]>();

  constructor(accounts: Iterable<Account>) {
    for (const one of accounts) {
      const name = one.name.toLowerCase();
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [one]);
      else same.push(one);
    }
  }

  /** An empty domain and `.` stand for any; a name of another domain is nobody's. */
  find(name: string, domain: string): Account | null {
    const named = this.#byName.get(name.toLowerCase()) ?? [];
    if (domain === '' || domain === '.') return named[0] ?? null;
    return named.find((one) => isSameName(one.domain, domain)) ?? null;
  }
}
