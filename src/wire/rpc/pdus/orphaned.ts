import { reserved } from '../../bytes/codec.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

/** [C706] 12.6.4.8: nobody waits for a call any more. */
export const orphaned: PduKind<null> = { ptype: packetType.orphaned, body: reserved(0) };
