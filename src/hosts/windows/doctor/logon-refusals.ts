import type { UsherError } from '../../../sessions/errors.ts';
import { CodedFailure } from '../../../wire/ms-erref/failure.ts';
import type { MeaningName } from '../../../wire/ms-erref/meanings.ts';
import type { Finding } from '../../finding.ts';
import { literal, mend } from './finding.ts';

/** Who logs on, from where. */
export interface Subject {
  readonly user: string;
  /** Empty where the user is a name@domain, or the host's own. */
  readonly domain: string;
  readonly machine: string;
}

/** `CORP\anna`. */
export const nameOf = ({ user, domain }: Pick<Subject, 'user' | 'domain'>): string =>
  domain === '' ? user : `${domain}\\${user}`;

type Refusal = Pick<Finding, 'summary' | 'meaning' | 'mends'>;

/** What a refused logon means, and how it is mended. */
export function refusalOf(subject: Subject, failure: UsherError): Refusal {
  const known = failure instanceof CodedFailure && failure.meaning !== null ? refusals[failure.meaning] : undefined;
  if (known !== undefined) return known(subject);
  if (failure.code === 'unsupported') return withoutNtlm();
  if (failure.code === 'logon_failed') return unproven(failure);
  return {
    summary: 'the logon came to nothing',
    meaning: `Whether the password is right is not known: ${failure.message}.`,
    mends: [mend('host', "Get-WinEvent -FilterHashtable @{LogName='Security';Id=4625} -MaxEvents 5 | Format-List")],
  };
}

const isLocal = ({ domain, user }: Subject): boolean => domain === '' && !user.includes('@');

/** The account's bare name, as its domain or its host knows it. */
const bare = ({ user }: Subject): string => literal(user.split('@')[0] ?? user);

/** Commands for an account of a domain, or of the host where no domain is named. */
function either(subject: Subject, atDomain: string, atHost: string): Refusal['mends'] {
  return isLocal(subject) ? [mend('host', atHost)] : [mend('domain', atDomain), mend('host', atHost)];
}

const refusals: Partial<Record<MeaningName, (subject: Subject) => Refusal>> = {
  wrongPassword: (subject) => ({
    summary: 'the user name or the password is wrong',
    meaning: `The host does not tell which. A host that is in a domain takes a bare name for its own account: name the domain as DOMAIN\\user.`,
    mends: [
      mend('inventory', String.raw`windows://DOMAIN\user@HOST`),
      mend('here', 'unset USHER_PASSWORD   # then Usher asks for the password, where no other source has it'),
      ...either(
        subject,
        `Get-ADUser ${bare(subject)} -Properties LockedOut, BadLogonCount, PasswordLastSet`,
        `Get-LocalUser ${bare(subject)} | Format-List`,
      ),
    ],
  }),
  noUser: (subject) => ({
    summary: 'there is no such user',
    meaning: 'The host, or the domain that was named, does not know the account.',
    mends: either(subject, `Get-ADUser ${bare(subject)}`, `Get-LocalUser ${bare(subject)}`),
  }),
  lockedOut: (subject) => ({
    summary: 'the account is locked out',
    meaning:
      'Somebody tried wrong passwords, often an old session or service with the last one. A locked account takes the right password neither.',
    mends: either(subject, `Unlock-ADAccount ${bare(subject)}`, `net user ${bare(subject)} /active:yes`),
  }),
  accountDisabled: (subject) => ({
    summary: 'the account is disabled',
    meaning: 'The password is not even looked at.',
    mends: either(subject, `Enable-ADAccount ${bare(subject)}`, `Enable-LocalUser ${bare(subject)}`),
  }),
  accountExpired: (subject) => ({
    summary: 'the account has expired',
    meaning: 'The account had an end date, which is over.',
    mends: either(
      subject,
      `Clear-ADAccountExpiration ${bare(subject)}`,
      `Set-LocalUser ${bare(subject)} -AccountNeverExpires`,
    ),
  }),
  passwordExpired: changePassword('the password has expired'),
  mustChange: changePassword('the password must be changed before the account can log on'),
  restricted: (subject) => ({
    summary: 'a restriction of the account forbids this logon',
    meaning:
      'The password is empty, which no network logon may be; or the account is in Protected Users, which NTLM never logs on.',
    mends: [
      mend('domain', `Get-ADPrincipalGroupMembership ${bare(subject)} | Where-Object Name -eq 'Protected Users'`),
      mend('host', 'Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa LimitBlankPasswordUse'),
    ],
  }),
  logonHours: (subject) => ({
    summary: 'the account may not log on at this hour',
    meaning: "The account's logon hours in its domain, or on the host, end before now.",
    mends: [
      mend('domain', `Set-ADUser ${bare(subject)} -Clear logonHours`),
      mend('host', `net user ${bare(subject)} /times:all`),
    ],
  }),
  workstation: (subject) => ({
    summary: 'the account may not log on from this computer',
    meaning: `The account may be used from certain computers alone, and this one, ${subject.machine}, is not among them.`,
    mends: [
      mend('domain', `Get-ADUser ${bare(subject)} -Properties LogonWorkstations | Select-Object LogonWorkstations`),
      mend('domain', `Set-ADUser ${bare(subject)} -LogonWorkstations $null   # from every computer`),
    ],
  }),
  notGranted: (subject) => ({
    summary: 'the account has no right to log on to this host over the network',
    meaning:
      'The password is right. "Access this computer from the network" does not include the account, or "Deny access to this computer from the network" does.',
    mends: [
      mend(
        'host',
        String.raw`secedit /export /areas USER_RIGHTS /cfg $env:TEMP\rights.inf; Select-String NetworkLogonRight $env:TEMP\rights.inf`,
      ),
      mend(
        'host',
        `(Get-Content $env:TEMP\\rights.inf) -replace '^(SeNetworkLogonRight = .*)$', ${literal(`$1,${subject.user}`)} | Set-Content $env:TEMP\\rights.inf; secedit /configure /areas USER_RIGHTS /db $env:TEMP\\rights.sdb /cfg $env:TEMP\\rights.inf`,
      ),
    ],
  }),
  clocks: () => ({
    summary: 'two clocks differ too much for a logon',
    meaning: "The host's clock and its domain controller's differ by more than 5 minutes. The password was not judged.",
    mends: [
      mend('host', 'w32tm /resync; w32tm /query /status'),
      mend('host', 'w32tm /stripchart /computer:DOMAIN /samples:3'),
    ],
  }),
  ntlmBlocked: withoutNtlm,
  notSupported: withoutNtlm,
  noLogonServers: () => ({
    summary: 'the host reaches no domain controller that could check the logon',
    meaning: "The host's secure channel, its network or its name servers are at fault, not the account.",
    mends: [mend('host', 'nltest /sc_query:$env:USERDNSDOMAIN'), mend('host', 'Test-ComputerSecureChannel -Verbose')],
  }),
  trustBroken: () => ({
    summary: 'the trust between the host and its domain is broken',
    meaning:
      'The host and the domain no longer agree on the password of its computer account, so that no domain account logs on.',
    mends: [mend('host', 'Test-ComputerSecureChannel -Repair -Credential (Get-Credential)')],
  }),
  accessDenied: () => ({
    summary: 'the host refuses the account',
    meaning: 'The host took the logon and denies access: to its pipes (IPC$), or to anything that is not encrypted.',
    mends: [mend('host', 'Get-SmbServerConfiguration | Format-List EncryptData, RejectUnencryptedAccess, Restrict*')],
  }),
  tooMany: () => ({
    summary: 'the host takes no more connections',
    meaning: 'Editions for clients take 20 at a time. The password was not judged.',
    mends: [mend('host', 'Get-SmbSession | Sort-Object SecondsIdle -Descending | Select-Object -First 20')],
  }),
  smartcard: (subject) => ({
    summary: 'the account can log on with a smart card only',
    meaning: 'Usher logs on with a password alone.',
    mends: [mend('domain', `Set-ADUser ${bare(subject)} -SmartcardLogonRequired $false`)],
  }),
  selective: () => ({
    summary: 'the account comes from another forest and is not let in to this host',
    meaning:
      'The trust has selective authentication: the host\'s computer account must grant "Allowed to authenticate".',
    mends: [
      mend(
        'domain',
        String.raw`dsacls (Get-ADComputer HOST).DistinguishedName /G "DOMAIN\user:CA;Allowed to Authenticate"`,
      ),
    ],
  }),
};

function changePassword(summary: string): (subject: Subject) => Refusal {
  return (subject) => ({
    summary,
    meaning: 'The password is the right one, and is not taken until it is changed at a desktop.',
    mends: either(
      subject,
      `Set-ADAccountPassword ${bare(subject)} -Reset -NewPassword (Read-Host -AsSecureString)`,
      `Set-LocalUser ${bare(subject)} -Password (Read-Host -AsSecureString)`,
    ),
  });
}

/** NTLM is what Usher has. Blocked, a host answers STATUS_NTLM_BLOCKED or STATUS_NOT_SUPPORTED, or does not offer it. */
function withoutNtlm(): Refusal {
  return {
    summary: 'NTLM is switched off there, and Kerberos is not spoken by Usher yet',
    meaning:
      'A policy "Network security: Restrict NTLM" of the host or its domain forbids the logon. The password was not judged.',
    mends: [
      mend(
        'host',
        String.raw`reg add HKLM\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0 /v RestrictReceivingNTLMTraffic /t REG_DWORD /d 0 /f`,
      ),
      mend(
        'host',
        String.raw`reg query HKLM\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters /v RestrictNTLMInDomain   # on domain controllers`,
      ),
    ],
  };
}

function unproven(failure: UsherError): Refusal {
  return {
    summary: 'the host does not let the account in',
    meaning: `What it says is no ordinary refusal: ${failure.message}.`,
    mends: [mend('host', "Get-WinEvent -FilterHashtable @{LogName='Security';Id=4625} -MaxEvents 5 | Format-List")],
  };
}
