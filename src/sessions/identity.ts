import { UsherError } from './errors.ts';

/**
 * What an xrdp session hangs on. Its X server while that lives; when the X server is gone and something is left
 * behind, the session leader (xrdp-sesman's child) or, without one, the oldest process that was left.
 */
export type XrdpAnchor = 'x-server' | 'leader' | 'leftover';

/** A session on a Linux xrdp host. */
export interface XrdpIdentity {
  readonly kind: 'xrdp';
  /** The host's name in this estate. */
  readonly host: string;
  /** `/proc/sys/kernel/random/boot_id`. */
  readonly bootId: string;
  readonly anchor: XrdpAnchor;
  /** The anchor's process id. */
  readonly pid: number;
  /** The anchor's start in clock ticks since boot: field 22 of `/proc/PID/stat`, proc(5). */
  readonly startTicks: number;
  readonly uid: number;
}

/** A session on a Windows host where somebody has logged on. */
export interface WindowsLogonIdentity {
  readonly kind: 'windows-logon';
  readonly host: string;
  /** The host's boot time, a FILETIME (100 ns since 1601-01-01Z) in decimal. */
  readonly boot: string;
  readonly sessionId: number;
  /** The logon time, a FILETIME in decimal. */
  readonly logonTime: string;
  /** `DOMAIN\user`. */
  readonly account: string;
}

/** A session on a Windows host where nobody has logged on: it hangs on its winlogon.exe. */
export interface WindowsWinlogonIdentity {
  readonly kind: 'windows-winlogon';
  readonly host: string;
  /** The host's boot time, a FILETIME in decimal. */
  readonly boot: string;
  readonly sessionId: number;
  readonly pid: number;
  /** winlogon.exe's creation time, a FILETIME in decimal. */
  readonly startTime: string;
}

/** What a session is: the host, its boot, and something that host cannot repeat. Never an id alone. */
export type SessionIdentity = XrdpIdentity | WindowsLogonIdentity | WindowsWinlogonIdentity;

const prefixes = { xrdp: 'x1', 'windows-logon': 'w1', 'windows-winlogon': 'p1' } as const;
const keyPattern = /^(x1|w1|p1)-([A-Za-z0-9_-]{8,2048})$/;
const anchors: readonly string[] = ['x-server', 'leader', 'leftover'] satisfies XrdpAnchor[];

function fieldsOf(identity: SessionIdentity): readonly (string | number)[] {
  switch (identity.kind) {
    case 'xrdp': {
      const { host, bootId, anchor, pid, startTicks, uid } = identity;
      return [host, bootId, anchor, pid, startTicks, uid];
    }
    case 'windows-logon': {
      const { host, boot, sessionId, logonTime, account } = identity;
      return [host, boot, sessionId, logonTime, account];
    }
    case 'windows-winlogon': {
      const { host, boot, sessionId, pid, startTime } = identity;
      return [host, boot, sessionId, pid, startTime];
    }
  }
}

/** The identity as opaque text: it can be pasted back wherever a SESSION is taken. */
export function keyOf(identity: SessionIdentity): string {
  const body = Buffer.from(JSON.stringify(fieldsOf(identity)), 'utf8').toString('base64url');
  return `${prefixes[identity.kind]}-${body}`;
}

/** Whether this text has the form of a key. It may still be a key that {@link identityOf} refuses. */
export function looksLikeKey(text: string): boolean {
  return keyPattern.test(text);
}

/** The identity that a key stands for. Throws {@link UsherError} `bad_key`. */
export function identityOf(key: string): SessionIdentity {
  const [, prefix, body] = keyPattern.exec(key) ?? [];
  const identity = body === undefined ? null : fromFields(prefix, parseFields(body));
  if (identity === null || keyOf(identity) !== key) {
    throw new UsherError({
      code: 'bad_key',
      message: 'this is not the key of a session',
      hint: "copy a session's key whole, from `usher sessions --json`",
    });
  }
  return identity;
}

function parseFields(body: string): readonly unknown[] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    return Array.isArray(fields) ? fields : [];
  } catch {
    return [];
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isDecimal = (value: unknown): value is string => isText(value) && /^\d{1,20}$/.test(value);
const isNatural = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function fromFields(prefix: string | undefined, fields: readonly unknown[]): SessionIdentity | null {
  const [host, boot, third, fourth, fifth, sixth] = fields;
  if (!isText(host) || !isText(boot)) return null;
  if (prefix === 'x1' && fields.length === 6) {
    if (!isText(third) || !anchors.includes(third)) return null;
    if (!isNatural(fourth) || !isNatural(fifth) || !isNatural(sixth)) return null;
    const anchor = third as XrdpAnchor;
    return { kind: 'xrdp', host, bootId: boot, anchor, pid: fourth, startTicks: fifth, uid: sixth };
  }
  if (fields.length !== 5 || !isNatural(third) || !isDecimal(boot)) return null;
  if (prefix === 'w1' && isDecimal(fourth) && isText(fifth)) {
    return { kind: 'windows-logon', host, boot, sessionId: third, logonTime: fourth, account: fifth };
  }
  if (prefix === 'p1' && isNatural(fourth) && isDecimal(fifth)) {
    return { kind: 'windows-winlogon', host, boot, sessionId: third, pid: fourth, startTime: fifth };
  }
  return null;
}

export function sameIdentity(one: SessionIdentity, other: SessionIdentity): boolean {
  return keyOf(one) === keyOf(other);
}

/**
 * Whether two readings mean one session: as {@link sameIdentity}, but that the boot of a Windows host which one of them could not see
 * (`0`) does not count. Where nothing else tells a session from others of its number, it does.
 */
export function isSameSession(one: SessionIdentity, other: SessionIdentity): boolean {
  if (sameIdentity(one, other)) return true;
  if (one.kind === 'xrdp' || other.kind === 'xrdp' || (one.boot !== '0' && other.boot !== '0')) return false;
  if (one.kind === 'windows-winlogon' && one.pid === 0) return false;
  return sameIdentity({ ...one, boot: '0' }, { ...other, boot: '0' });
}
