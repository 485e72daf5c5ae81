import { reserved } from '../../bytes/codec.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

/** rpc_auth_3 ([MS-RPCE] 2.2.2.10): the last token of a logon, which is not answered. */
export const auth3: PduKind<null> = { ptype: packetType.auth3, body: reserved(4) };
