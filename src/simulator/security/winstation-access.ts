import { wellKnownSid } from './sid.ts';
import type { WrittenDescriptor } from './security-descriptor.ts';

/** What somebody may do with a session ([MS-TSTS] 6.5, "WinStationOpen access values"). */
export const winStationAccess = {
  query: 0x001,
  set: 0x002,
  reset: 0x004,
  virtual: 0x008,
  shadow: 0x010,
  logon: 0x020,
  logoff: 0x040,
  message: 0x080,
  connect: 0x100,
  disconnect: 0x200,
} as const;

export type WinStationRight = keyof typeof winStationAccess;

/** WINSTATION_ALL_ACCESS as [MS-TSTS] 6.5 has it: it leaves WINSTATION_LOGOFF out. */
export const allAccess = 0xf03bf;
/** WINSTATION_USER_ACCESS. */
export const userAccess = 0x121;
/** WINSTATION_CURRENT_USER_ACCESS: what a user has of the session that is his own. */
export const currentUserAccess = 0x24e;

/** Full control is that of WINSTATION_LOGOFF too: administrators log sessions off, and their mask is {@link allAccess}. */
export function withLogoff(granted: number): number {
  return (granted & allAccess) === allAccess ? granted | winStationAccess.logoff : granted;
}

/** Whom a new host lets do what with its sessions: administrators everything, Remote Desktop Users what a user needs. */
export const defaultSecurity: WrittenDescriptor = {
  owner: wellKnownSid.system,
  group: wellKnownSid.system,
  dacl: [
    { effect: 'allow', sid: wellKnownSid.system, mask: allAccess },
    { effect: 'allow', sid: wellKnownSid.localService, mask: winStationAccess.query | winStationAccess.message },
    { effect: 'allow', sid: wellKnownSid.networkService, mask: winStationAccess.query | winStationAccess.message },
    { effect: 'allow', sid: wellKnownSid.administrators, mask: allAccess },
    { effect: 'allow', sid: wellKnownSid.remoteDesktopUsers, mask: userAccess },
  ],
};

/** The same, but nobody logs on to the console but administrators. */
export const consoleSecurity: WrittenDescriptor = {
  ...defaultSecurity,
  dacl: [
    { effect: 'allow', sid: wellKnownSid.system, mask: allAccess },
    { effect: 'allow', sid: wellKnownSid.localService, mask: winStationAccess.query | winStationAccess.message },
    { effect: 'allow', sid: wellKnownSid.networkService, mask: winStationAccess.query | winStationAccess.message },
    { effect: 'allow', sid: wellKnownSid.administrators, mask: allAccess },
    { effect: 'allow', sid: wellKnownSid.remoteDesktopUsers, mask: winStationAccess.query },
  ],
};
