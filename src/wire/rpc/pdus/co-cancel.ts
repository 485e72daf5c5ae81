import { reserved } from '../../bytes/codec.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

/** [C706] 12.6.4.6: asks for a call to be given up; it is answered all the same. */
export const coCancel: PduKind<null> = { ptype: packetType.coCancel, body: reserved(0) };
