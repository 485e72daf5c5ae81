import { reserved, struct, u16, u8, type ValueOf } from '../bytes/codec.ts';

/** VERSION ([MS-NLMP] 2.2.2.10): of use only to somebody who reads a trace. */
export const version = struct({
  productMajorVersion: u8,
  productMinorVersion: u8,
  productBuild: u16,
  reserved: reserved(3),
  ntlmRevisionCurrent: u8,
});

export type Version = ValueOf<typeof version>;

/** NTLMSSP_REVISION_W2K3. */
export const ourVersion: Version = {
  productMajorVersion: 10,
  productMinorVersion: 0,
  productBuild: 0,
  reserved: null,
  ntlmRevisionCurrent: 15,
};
