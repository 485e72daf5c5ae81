import type { UsherError } from '../../../sessions/errors.ts';
import { CodedFailure } from '../../../wire/ms-erref/failure.ts';
import type { Finding, Mend } from '../../finding.ts';
import { failureAt, finding, mend } from './finding.ts';
import type { Subject } from './logon-refusals.ts';

export type PipeName =
  | 'LSM_API_service'
  | 'TermSrv_API_service'
  | 'Ctx_WinStation_API_service'
  | 'SessEnvPublicRpc'
  | 'winreg';

interface Purpose {
  /** What goes through it. */
  readonly serves: string;
  /** What cannot be done without it. */
  readonly costs: string;
  /** Whether Usher is of little use without it. */
  readonly isNeeded: boolean;
  readonly missing: { readonly why: string; readonly mends: readonly Mend[] };
}

const start = (service: string): Mend =>
  mend('host', `Set-Service ${service} -StartupType Automatic; Start-Service ${service}`);

const remoteDesktopOn: readonly Mend[] = [
  mend(
    'host',
    String.raw`Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server' fDenyTSConnections 0; Start-Service TermService`,
  ),
  mend('host', "Enable-NetFirewallRule -Group '@FirewallAPI.dll,-28752'   # Remote Desktop, in every language"),
];

const purposes: Readonly<Record<PipeName, Purpose>> = {
  LSM_API_service: {
    serves: 'lists sessions, shows messages, disconnects, logs off and tells of changes',
    costs: 'Sessions cannot be listed, and so nothing can be done to them.',
    isNeeded: true,
    missing: {
      why: 'The Local Session Manager does not run: every Windows has it, so this is no Windows host.',
      mends: [mend('host', 'Get-Service LSM')],
    },
  },
  TermSrv_API_service: {
    serves: 'tells of clients, last input and listeners',
    costs: 'Sessions are listed without their clients and idle times.',
    isNeeded: true,
    missing: { why: 'Remote Desktop is switched off, or its service does not run.', mends: remoteDesktopOn },
  },
  Ctx_WinStation_API_service: {
    serves: 'tells of processes and traffic, resets sessions and ends processes',
    costs: 'Sessions cannot be reset, nor processes listed or ended.',
    isNeeded: true,
    missing: { why: 'Remote Desktop Services do not run.', mends: [start('TermService')] },
  },
  SessEnvPublicRpc: {
    serves: 'invites to watch a session',
    costs: 'Sessions cannot be watched (shadowed); all else works.',
    isNeeded: false,
    missing: {
      why: 'Remote Desktop Configuration does not run, or the host is older than Windows Server 2012 R2.',
      mends: [start('SessionEnv')],
    },
  },
  winreg: {
    serves: 'tells of rights, policies and the drain mode',
    costs: 'Rights and limits are not known, and the host cannot be drained; sessions can be listed and ended.',
    isNeeded: false,
    missing: {
      why: 'The service Remote Registry does not run.',
      mends: [
        start('RemoteRegistry'),
        mend(
          'otherWindows',
          String.raw`sc.exe \\HOST config RemoteRegistry start= auto & sc.exe \\HOST start RemoteRegistry`,
        ),
      ],
    },
  },
};

const allowRemoteRpc = mend(
  'hostPrompt',
  String.raw`reg add "HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server" /v AllowRemoteRPC /t REG_DWORD /d 1 /f`,
);
const unfilteredToken = mend(
  'hostPrompt',
  String.raw`reg add HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System /v LocalAccountTokenFilterPolicy /t REG_DWORD /d 1 /f`,
);
const registryRights = mend(
  'host',
  String.raw`(Get-Acl HKLM:\SYSTEM\CurrentControlSet\Control\SecurePipeServers\winreg).Access   # who may read the registry from afar`,
);

/** What is said of a pipe that is there and answers, or of why it is not to be had. */
export function pipeFinding(host: string, subject: Subject, name: PipeName, failure: UsherError | null): Finding {
  const { serves, costs, isNeeded } = purposes[name];
  const told = { check: 'pipe', of: name } as const;
  if (failure === null) {
    return finding({
      ...told,
      verdict: 'ok',
      summary: `the pipe ${name} is there: it ${serves}`,
      details: ['what is called through it is sealed (RPC packet privacy), by a logon of its own'],
    });
  }
  const { summary, why, mends } = troubleOf(name, subject, failure);
  return finding({
    ...told,
    verdict: isNeeded ? 'problem' : 'warning',
    summary,
    meaning: `${why} ${costs}`,
    mends,
    details: [failure.message],
    error: failureAt(host, failure),
  });
}

interface Trouble {
  readonly summary: string;
  readonly why: string;
  readonly mends: readonly Mend[];
}

function troubleOf(name: PipeName, subject: Subject, failure: UsherError): Trouble {
  if (failure instanceof CodedFailure && failure.meaning === 'notFound') {
    return { summary: `the pipe ${name} is not there`, ...purposes[name].missing };
  }
  if (failure.code === 'access_denied') return denied(name, subject);
  if (failure.code === 'unsupported') {
    return {
      summary: `the pipe ${name} does not offer what Usher calls`,
      why: 'The host is older or another one than Usher knows, or refuses this kind of RPC.',
      mends: [mend('host', '[Environment]::OSVersion.Version')],
    };
  }
  if (failure.code === 'timeout') {
    return {
      summary: `the pipe ${name} does not answer`,
      why: 'The service behind it hangs, or the host is too busy.',
      mends: [mend('host', 'Get-Service LSM, TermService, SessionEnv, RemoteRegistry')],
    };
  }
  return {
    summary: `the pipe ${name} cannot be used now`,
    why: 'The host broke off, or is too busy.',
    mends: [mend('host', 'Get-Service LSM, TermService, SessionEnv, RemoteRegistry')],
  };
}

/** An account of the host's own loses its administrator's rights over the network; one without a domain may be such. */
function denied(name: PipeName, { domain, user }: Subject): Trouble {
  const mayBeLocal = domain === '' && !user.includes('@');
  if (name === 'winreg') {
    return {
      summary: 'the account may not read the registry from afar',
      why: 'Administrators may, where the key SecurePipeServers\\winreg says nothing else; an administrator of the host alone is filtered by UAC.',
      mends: [...(mayBeLocal ? [unfilteredToken] : []), registryRights],
    };
  }
  return {
    summary: `the host refuses the account on the pipe ${name}`,
    why: 'On editions for clients AllowRemoteRPC must be 1; the account of an administrator of the host alone is filtered by UAC.',
    mends: [allowRemoteRpc, unfilteredToken],
  };
}

/** How the service behind a pipe is started. */
export const missingMends = (name: PipeName): readonly Mend[] => purposes[name].missing.mends;
