import { type Codec, u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { counted } from '../../bytes/counted.ts';
import { layout, unused } from '../../bytes/layout.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';
import { presentationResult } from './presentation-result.ts';

/** port_any_t, and the padding to a multiple of 4 behind it: the endpoint's other address, which nobody needs. */
const secondaryAddress: Codec<string> = {
  read(from) {
    const text = Buffer.from(from.take(from.u16())).toString('latin1').replace(/\0$/, '');
    from.align(4);
    return text;
  },
  write(to, value) {
    const text = Buffer.from(value === '' ? '' : `${value}\0`, 'latin1');
    to.u16(text.length);
    to.put(text);
    to.align(4);
  },
};

/** What bind_ack and alter_context_resp have in common. */
export const bindAckBody = layout({
  maxXmitFrag: u16,
  maxRecvFrag: u16,
  assocGroupId: u32,
  secondaryAddress,
  /** One for each presentation context that was proposed. */
  results: counted(u8, presentationResult),
  reserved: unused(3),
});

export type BindAck = ValueOf<typeof bindAckBody>;

/** [C706] 12.6.4.4. */
export const bindAck: PduKind<BindAck> = { ptype: packetType.bindAck, body: bindAckBody };
