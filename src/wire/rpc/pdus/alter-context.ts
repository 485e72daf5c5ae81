import { type Bind, bindBody } from './bind.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

/** [C706] 12.6.4.1. */
export const alterContext: PduKind<Bind> = { ptype: packetType.alterContext, body: bindBody };
