import { UsherError } from '../../../sessions/errors.ts';
import { checkAccess, holdersOf, type Verdict as AccessVerdict } from '../../../wire/ms-dtyp/access-check.ts';
import type { SecurityDescriptor } from '../../../wire/ms-dtyp/security-descriptor.ts';
import type { Finding, Mend, Verdict } from '../../finding.ts';
import { finding, literal, mend } from './finding.ts';
import { nameOf, type Subject } from './logon-refusals.ts';
import { groupName, membershipOf } from './membership.ts';

/** Sessions that are made with one descriptor. */
export interface Place {
  /** A listener, or the console. */
  readonly name: string;
  /** The value of the registry that the descriptor is from. */
  readonly source: 'Security' | 'DefaultSecurity' | 'ConsoleSecurity';
  /** Null where there is none. */
  readonly descriptor: SecurityDescriptor | UsherError | null;
}

interface Right {
  readonly name: string;
  /** WinStationOpen access values ([MS-TSTS] 6.5). */
  readonly bits: number;
  /** What Usher does with it; null where it does without. */
  readonly serves: string | null;
  /** What it is to be without. */
  readonly lack: Verdict;
}

/**
 * `log off` has two bits: 0x40 by [MS-TSTS], whose own WINSTATION_ALL_ACCESS lacks it, while administrators do log others off; and
 * 0x4, which Windows' administration calls so (Win32_TSAccount). One of them is taken to be enough.
 */
export const rights: readonly Right[] = [
  { name: 'query information', bits: 0x1, serves: 'lists sessions and what they do', lack: 'problem' },
  { name: 'set information', bits: 0x2, serves: null, lack: 'ok' },
  { name: 'reset', bits: 0x4, serves: 'resets sessions and starts and stops listeners', lack: 'problem' },
  { name: 'virtual channels', bits: 0x8, serves: null, lack: 'ok' },
  { name: 'remote control', bits: 0x10, serves: 'invites to watch a session (shadow)', lack: 'warning' },
  { name: 'logon', bits: 0x20, serves: null, lack: 'ok' },
  { name: 'log off', bits: 0x44, serves: 'logs users off', lack: 'problem' },
  { name: 'message', bits: 0x80, serves: 'warns users and asks them', lack: 'problem' },
  { name: 'connect', bits: 0x100, serves: 'connects a session to another client', lack: 'warning' },
  { name: 'disconnect', bits: 0x200, serves: 'disconnects sessions', lack: 'problem' },
];

const onlyInSpecification = 0x40;

/** A finding for each right, and for each kind of sessions where they differ; one for all rights where no descriptor tells them. */
export function rightFindings(
  subject: Subject,
  places: readonly Place[],
  isAdministrator: boolean | null,
): readonly Finding[] {
  const groups = Map.groupBy(places, ({ descriptor, source }) => JSON.stringify([source, descriptor]));
  const several = groups.size > 1;
  return [...groups.values()].flatMap((group) => {
    const at = group.map(({ name }) => name).join(', ');
    const descriptor = group[0]?.descriptor ?? null;
    if (descriptor === null) return [{ ...byDefault(subject, at, isAdministrator), of: several ? at : null }];
    if (descriptor instanceof UsherError) return [{ ...unreadable(subject, at, descriptor), of: several ? at : null }];
    return rights.map((right) => {
      const of = several ? `${right.name} (${at})` : right.name;
      return { ...ofRight(right, descriptor, group, { subject, isAdministrator }), of };
    });
  });
}

const windowsDefault =
  "By Windows' own default Administrators may do everything to sessions, Remote Desktop Users may use their own, and nobody else may do anything.";

/** The registry has no descriptor: then the default is in force that Windows has built in, and tells nobody. */
function byDefault(subject: Subject, at: string, isAdministrator: boolean | null): Finding {
  const who = nameOf(subject);
  const details = [
    `sessions of ${at}: the registry has no Security, DefaultSecurity or ConsoleSecurity for them`,
    ...evidence(isAdministrator),
  ];
  if (isAdministrator === true) {
    const summary = `${who} has every right to sessions, as Administrators by Windows' own default`;
    return finding({ check: 'right', verdict: 'ok', summary, details });
  }
  const unknown = unknownOf(who, windowsDefault, details);
  if (isAdministrator === null) return unknown;
  const summary = `${unknown.summary}: Administrators alone act on others' by Windows' own default, and it seems to be none`;
  return { ...unknown, summary, mends: mendsOf(who, at) };
}

const unreadable = (subject: Subject, at: string, { message }: UsherError): Finding =>
  unknownOf(nameOf(subject), `The host says nobody's rights: ${message}.`, [`sessions of ${at}`]);

const unknownOf = (who: string, meaning: string, details: readonly string[]): Finding =>
  finding({
    check: 'right',
    verdict: 'unknown',
    summary: `what ${who} may do to sessions is not known`,
    meaning,
    details,
  });

interface Account {
  readonly subject: Subject;
  readonly isAdministrator: boolean | null;
}

function ofRight(
  right: Right,
  descriptor: SecurityDescriptor,
  group: readonly Place[],
  { subject, isAdministrator }: Account,
): Finding {
  const source = group[0]?.source ?? 'DefaultSecurity';
  const details = [`sessions of ${group.map(({ name }) => name).join(', ')}: by the value ${source} of the registry`];
  const checks = bitsOf(right.bits).map((bit) => {
    const check = checkAccess(descriptor, bit, (sid) => membershipOf(sid, isAdministrator));
    return { ...check, bit };
  });
  const best =
    checks.find(({ access }) => access === 'granted') ?? checks.find(({ access }) => access === 'unknown') ?? checks[0];
  const told = { right, subject, best: best ?? { access: 'denied', by: [] }, listener: group[0]?.name ?? '' } as const;
  return { ...judged(told), details: [...details, ...holders(descriptor, right), ...evidence(isAdministrator)] };
}

const bitsOf = (bits: number): readonly number[] =>
  Array.from({ length: 10 }, (_, at) => 2 ** at).filter((bit) => (bits & bit) !== 0);

interface Told {
  readonly right: Right;
  readonly subject: Subject;
  readonly best: AccessVerdict;
  readonly listener: string;
}

function judged({ right: { name, serves, lack }, subject, best: { access, by }, listener }: Told): Finding {
  const who = nameOf(subject);
  const whom = by.map(groupName).join(', ');
  const use = serves === null ? 'Usher does without it.' : `By it Usher ${serves}.`;
  if (access === 'granted') {
    const summary =
      by.length === 0 ? `everybody has the right "${name}"` : `${who} has the right "${name}", as ${whom}`;
    return finding({ check: 'right', verdict: 'ok', summary, meaning: serves === null ? use : null });
  }
  if (access === 'unknown') {
    return finding({
      check: 'right',
      verdict: 'unknown',
      summary: `whether ${who} has the right "${name}" hangs on ${whom}`,
      meaning: `Who is in a group the host alone knows, and trying "${name}" would be an act. ${use}`,
      mends: by.map(membersOf).slice(0, mostGroups),
    });
  }
  return finding({
    check: 'right',
    verdict: lack,
    summary: `${who} lacks the right "${name}"${serves === null ? ', which Usher does without' : ''}`,
    meaning: `${use} Sessions that run already keep their old rights when this is mended.`,
    mends: lack === 'ok' ? [] : mendsOf(who, listener),
  });
}

/** So many groups are worth a command. */
const mostGroups = 4;

/** Who is in a group: of the host, or of a domain. */
const membersOf = (sid: string): Mend =>
  sid.startsWith('S-1-5-21-')
    ? mend('domain', `Get-ADGroupMember -Recursive ${literal(sid)}   # nothing, where it is an account`)
    : mend('host', `Get-LocalGroupMember -SID ${sid}   # ${groupName(sid)}`);

/** Names of listeners that may stand in a command. */
const harmless = /^[\w .#()-]{1,32}$/;

function mendsOf(who: string, listener: string): readonly Mend[] {
  const name = harmless.test(listener) ? listener : 'LISTENER';
  const setting = `Get-CimInstance -Namespace root/cimv2/TerminalServices -ClassName Win32_TSPermissionsSetting -Filter "TerminalName='${name}'"`;
  return [
    mend(
      'host',
      `${setting} | Invoke-CimMethod -MethodName AddAccount -Arguments @{AccountName=${literal(who)}; PermissionPreSet=[uint32]2}   # full access to sessions`,
    ),
    mend('host', `Add-LocalGroupMember -SID S-1-5-32-544 -Member ${literal(who)}   # or an administrator of the host`),
  ];
}

function holders(descriptor: SecurityDescriptor, { bits }: Right): readonly string[] {
  const { allowed, denied } = holdersOf(descriptor, bits);
  const list = (sids: readonly string[]): string => (sids.length === 0 ? 'nobody' : sids.map(groupName).join(', '));
  const lines = [`granted to: ${descriptor.dacl === null ? 'everybody' : list(allowed)}`];
  if (denied.length > 0) lines.push(`denied to: ${list(denied)}`);
  if ((bits & onlyInSpecification) !== 0)
    lines.push('sources disagree which bit it is: 0x4 or 0x40; either is taken for it');
  return lines;
}

function evidence(isAdministrator: boolean | null): readonly string[] {
  if (isAdministrator === null) return ['whether the account is an administrator of the host is not known'];
  return isAdministrator
    ? [
        'taken for an administrator: the host would open its Terminal Server settings to the account for writing, which was not done',
      ]
    : ['taken for no administrator: the host does not open its Terminal Server settings to the account for writing'];
}
