import { u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { counted } from '../../bytes/counted.ts';
import { layout, unused } from '../../bytes/layout.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';
import { presentationContext } from './presentation-context.ts';

/** What bind and alter_context have in common. */
export const bindBody = layout({
  maxXmitFrag: u16,
  maxRecvFrag: u16,
  /** Zero for a new association group. */
  assocGroupId: u32,
  contexts: counted(u8, presentationContext),
  reserved: unused(3),
});

export type Bind = ValueOf<typeof bindBody>;

/** [C706] 12.6.4.3. */
export const bind: PduKind<Bind> = { ptype: packetType.bind, body: bindBody };
