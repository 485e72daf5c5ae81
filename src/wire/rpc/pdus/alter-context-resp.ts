import { type BindAck, bindAckBody } from './bind-ack.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

/** [C706] 12.6.4.2. */
export const alterContextResp: PduKind<BindAck> = { ptype: packetType.alterContextResp, body: bindAckBody };
