import type { Membership } from '../../../wire/ms-dtyp/access-check.ts';

const administrators = 'S-1-5-32-544';

/** What everybody's token has who logs on over the network by NTLM ([MS-DTYP] 2.4.2.4). */
const ofEverybody: ReadonlySet<string> = new Set(['S-1-1-0', 'S-1-5-2', 'S-1-5-11', 'S-1-5-64-10']);

/** What a user's token of such a logon never has: other kinds of logons, accounts of services, placeholders. */
const ofNobody: readonly RegExp[] = [
  /^S-1-0-0$/,
  /^S-1-2-1$/,
  /^S-1-3-\d+$/,
  /^S-1-5-(1|3|4|6|7|8|9|10|12|13|14|17|18|19|20|33)$/,
  /^S-1-5-(5|80|82|83|84|90|96)-/,
  /^S-1-15-/,
];

/**
 * Whether a token of a logon over the network has a SID, as far as can be told without asking the host who is in its groups.
 * `isAdministrator`: what the host's registry lets the account do; null where that is not known.
 */
export function membershipOf(sid: string, isAdministrator: boolean | null): Membership {
  if (ofEverybody.has(sid)) return 'yes';
  if (sid === administrators && isAdministrator !== null) return isAdministrator ? 'yes' : 'no';
  return ofNobody.some((pattern) => pattern.test(sid)) ? 'no' : 'unknown';
}

/** SIDs that are the same on every host ([MS-DTYP] 2.4.2.4). */
const wellKnown: ReadonlyMap<string, string> = new Map([
  ['S-1-1-0', 'Everyone'],
  ['S-1-2-0', 'LOCAL'],
  ['S-1-2-1', 'CONSOLE LOGON'],
  ['S-1-3-0', 'CREATOR OWNER'],
  ['S-1-5-2', 'NETWORK'],
  ['S-1-5-3', 'BATCH'],
  ['S-1-5-4', 'INTERACTIVE'],
  ['S-1-5-6', 'SERVICE'],
  ['S-1-5-7', 'ANONYMOUS LOGON'],
  ['S-1-5-11', 'Authenticated Users'],
  ['S-1-5-13', 'TERMINAL SERVER USER'],
  ['S-1-5-14', 'REMOTE INTERACTIVE LOGON'],
  ['S-1-5-15', 'This Organization'],
  ['S-1-5-18', 'SYSTEM'],
  ['S-1-5-19', 'LOCAL SERVICE'],
  ['S-1-5-20', 'NETWORK SERVICE'],
  [administrators, 'Administrators'],
  ['S-1-5-32-545', 'Users'],
  ['S-1-5-32-546', 'Guests'],
  ['S-1-5-32-547', 'Power Users'],
  ['S-1-5-32-551', 'Backup Operators'],
  ['S-1-5-32-555', 'Remote Desktop Users'],
  ['S-1-5-32-575', 'RDS Remote Access Servers'],
  ['S-1-5-32-576', 'RDS Endpoint Servers'],
  ['S-1-5-32-577', 'RDS Management Servers'],
  ['S-1-5-32-580', 'Remote Management Users'],
  ['S-1-5-64-10', 'NTLM Authentication'],
  ['S-1-5-113', 'Local account'],
  ['S-1-5-114', 'Local account and member of Administrators group'],
]);

/** The last part of SIDs that every domain, or every host, has. */
const ofDomains: ReadonlyMap<string, string> = new Map([
  ['500', 'Administrator'],
  ['501', 'Guest'],
  ['512', 'Domain Admins'],
  ['513', 'Domain Users'],
  ['514', 'Domain Guests'],
  ['519', 'Enterprise Admins'],
]);

/** `Administrators`, `Domain Admins (S-1-5-21-…-512)`, or the SID where its name is the host's to know. */
export function groupName(sid: string): string {
  const name = wellKnown.get(sid);
  if (name !== undefined) return name;
  const [, relative] = /^S-1-5-21-\d+-\d+-\d+-(\d+)$/.exec(sid) ?? [];
  const ofDomain = relative === undefined ? undefined : ofDomains.get(relative);
  return ofDomain === undefined ? sid : `${ofDomain} (${sid})`;
}
