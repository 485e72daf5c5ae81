import type { SessionIdentity, WindowsLogonIdentity, WindowsWinlogonIdentity } from '../../sessions/identity.ts';
import type { ProcessFacts } from './facts.ts';
import { isMoment } from './filetime.ts';
import { isAccount } from './cut-names.ts';
import { isTraced, tracedWinlogon } from './traces.ts';
import { winlogonOf } from './processes.ts';

/** Who is logged on to a session, as its host tells. */
export interface Seen {
  readonly user: string;
  readonly domain: string;
  /** A FILETIME; no moment where nobody is logged on. */
  readonly loggedOn: bigint;
}

/** What is known beside it. */
export interface Around {
  /** The host's clock. */
  readonly now: bigint;
  /** Every process of the host; null where they are hidden. */
  readonly processes: readonly ProcessFacts[] | null;
  readonly traces: readonly string[];
}

/** What a session that has the target's id is to the target. */
export type Likeness =
  | { readonly kind: 'same' }
  /** Nobody is logged on any more, and what runs in it is the target's: what is left of it. */
  | { readonly kind: 'remnant'; readonly why: string }
  | { readonly kind: 'other'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

export type WindowsIdentity = WindowsLogonIdentity | WindowsWinlogonIdentity;

export const isWindows = (identity: SessionIdentity): identity is WindowsIdentity => identity.kind !== 'xrdp';

/** Whether the host runs another boot than the identity's, as far as both are known: 0 is what an account may not see. */
export const isOtherBoot = ({ boot }: WindowsIdentity, now: bigint | null): boolean =>
  boot !== '0' && now !== null && now !== 0n && boot !== String(now);

/** Compares all but the boot. */
export function likenessOf(identity: WindowsIdentity, seen: Seen, around: Around): Likeness {
  return identity.kind === 'windows-logon' ? likeLogon(identity, seen, around) : likeWinlogon(identity, seen, around);
}

function likeLogon(identity: WindowsLogonIdentity, seen: Seen, around: Around): Likeness {
  const { account, logonTime, sessionId } = identity;
  if (seen.user === '') {
    const why = `${account} is not logged on to session ${sessionId} any more`;
    return { kind: isRemnant(sessionId, around) ? 'remnant' : 'other', why };
  }
  if (!isAccount(account, seen)) {
    return { kind: 'other', why: `session ${sessionId} was ${account}, it is ${seen.domain}\\${seen.user} now` };
  }
  if (String(seen.loggedOn) !== logonTime) {
    return { kind: 'other', why: `${account} has logged on to session ${sessionId} anew` };
  }
  return hasOtherWinlogon(sessionId, around)
    ? { kind: 'other', why: `session ${sessionId} has another logon process by now` }
    : { kind: 'same' };
}

function likeWinlogon(
  { sessionId, pid, startTime, boot }: WindowsWinlogonIdentity,
  seen: Seen,
  around: Around,
): Likeness {
  const { processes, now } = around;
  if (seen.user !== '' && isMoment(seen.loggedOn, now)) {
    return { kind: 'other', why: `${seen.domain}\\${seen.user} has logged on to session ${sessionId} since` };
  }
  if (processes === null) {
    return { kind: 'unknown', why: `nobody is logged on to session ${sessionId}, and its processes cannot be seen` };
  }
  const winlogon = winlogonOf(processes.filter((process) => process.sessionId === sessionId));
  if (winlogon !== null) {
    const isIt = winlogon.pid === pid && String(winlogon.createTime) === startTime;
    return isIt ? { kind: 'same' } : { kind: 'other', why: `session ${sessionId} has another logon process by now` };
  }
  // It had none before: on the same boot it is nobody's session still.
  if (pid === 0) {
    if (boot !== '0') return { kind: 'same' };
    return { kind: 'unknown', why: `nothing tells session ${sessionId} from another one of its number` };
  }
  const why = `the logon process of session ${sessionId} has ended`;
  return { kind: isRemnant(sessionId, around) ? 'remnant' : 'other', why };
}

/** Whether something of the target runs in a session that nobody is logged on to, and no other logon process. */
const isRemnant = (sessionId: number, around: Around): boolean =>
  (around.processes ?? []).some((process) => process.sessionId === sessionId && isTraced(around.traces, process)) &&
  !hasOtherWinlogon(sessionId, around);

/** Whether a logon process runs in the session that is not the one that was seen there before. */
function hasOtherWinlogon(sessionId: number, { processes, traces }: Around): boolean {
  const before = tracedWinlogon(traces);
  if (before === null || processes === null) return false;
  const winlogon = winlogonOf(processes.filter((process) => process.sessionId === sessionId));
  return winlogon !== null && (winlogon.pid !== before.pid || String(winlogon.createTime) !== before.start);
}
