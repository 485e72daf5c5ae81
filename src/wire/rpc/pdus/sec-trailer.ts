import { rest, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { layout, unused } from '../../bytes/layout.ts';

/** sec_trailer ([MS-RPCE] 2.2.2.11), which precedes the authentication token. */
export const secTrailerSize = 8;

/** Security providers ([MS-RPCE] 2.2.1.1.7). */
export const authType = { negotiate: 9, ntlm: 10, kerberos: 16 } as const;

export type AuthType = keyof typeof authType;

/** Authentication levels ([MS-RPCE] 2.2.1.1.8) that are spoken here. */
export const authLevel = { integrity: 5, privacy: 6 } as const;

export type AuthLevel = keyof typeof authLevel;

/** auth_verifier_co_t ([C706] 13.2.6.1): a sec_trailer and the token behind it, to the end of the PDU. */
export const authVerifier = layout({
  authType: u8,
  authLevel: u8,
  authPadLength: u8,
  authReserved: unused(1),
  authContextId: u32,
  token: rest,
});

export type AuthVerifier = ValueOf<typeof authVerifier>;
