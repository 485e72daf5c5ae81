import { wellKnownSid } from '../security/sid.ts';

/** What Windows itself runs: a program, whose it is, and the place of its parent in the same list. */
export interface WindowsProgram {
  readonly image: string;
  /** `user`: the session's own; `window-manager` and `font-driver`: accounts that belong to the session's number. */
  readonly as: string | null;
  /** Null: a parent that is long gone. */
  readonly parent: number | null;
  /** In bytes. */
  readonly workingSet: number;
  /** A pid that is always the same. */
  readonly pid?: number;
}

const mebibyte = 1_048_576;
const { system, localService, networkService } = wellKnownSid;
const row = (image: string, as: string | null, parent: number | null, mebibytes: number): WindowsProgram => ({
  image,
  as,
  parent,
  workingSet: Math.round(mebibytes * mebibyte),
});

/** Session 0. */
export const services: readonly WindowsProgram[] = [
  { ...row('System Idle Process', null, null, 0.01), pid: 0 },
  { ...row('System', null, null, 0.14), pid: 4 },
  { ...row('Registry', system, 1, 68), pid: 100 },
  row('smss.exe', system, 1, 1.2),
  row('csrss.exe', system, null, 5.4),
  row('wininit.exe', system, null, 6.9),
  row('services.exe', system, 5, 9.2),
  row('lsass.exe', system, 5, 21),
  row('fontdrvhost.exe', 'font-driver', 5, 3.5),
  row('svchost.exe', system, 6, 31),
  row('svchost.exe', networkService, 6, 15),
  row('svchost.exe', localService, 6, 22),
  row('svchost.exe', networkService, 6, 34),
  row('svchost.exe', system, 6, 72),
  row('svchost.exe', localService, 6, 12),
  row('spoolsv.exe', system, 6, 18),
  row('MsMpEng.exe', system, 6, 190),
  row('svchost.exe', system, 6, 9),
];

/** A session before anybody has logged on to it. */
export const logonScreen: readonly WindowsProgram[] = [
  row('csrss.exe', system, null, 5.6),
  row('winlogon.exe', system, null, 11),
  row('LogonUI.exe', system, 1, 48),
  row('dwm.exe', 'window-manager', 1, 55),
  row('fontdrvhost.exe', 'font-driver', 1, 3.6),
];

/** What starts when somebody logs on, beside the programs of his own. */
export const desktop: readonly WindowsProgram[] = [
  row('rdpclip.exe', 'user', null, 12),
  row('sihost.exe', 'user', null, 26),
  row('taskhostw.exe', 'user', null, 15),
  row('explorer.exe', 'user', null, 118),
];

/** The parent of what a user starts. */
export const shell = 'explorer.exe';

/** The SID of whom a program runs as. */
export function sidOf(as: string | null, sessionId: number, userSid: string | null): string | null {
  if (as === 'user') return userSid;
  if (as === 'window-manager') return `S-1-5-90-0-${sessionId}`;
  if (as === 'font-driver') return `S-1-5-96-0-${sessionId}`;
  return as;
}
