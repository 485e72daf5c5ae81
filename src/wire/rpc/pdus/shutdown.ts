import { reserved } from '../../bytes/codec.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

/** [C706] 12.6.4.11: the server wants the connection to end. */
export const shutdown: PduKind<null> = { ptype: packetType.shutdown, body: reserved(0) };
