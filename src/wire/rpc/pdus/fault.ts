import { u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { layout, unused } from '../../bytes/layout.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

const body = layout({
  allocHint: u32,
  contextId: u16,
  cancelCount: u8,
  /** Bit 0: extended error information takes the stub data's place ([MS-RPCE] 2.2.2.8). It is left alone. */
  flags: u8,
  status: u32,
  reserved: unused(4),
});

export type Fault = ValueOf<typeof body>;

/** [C706] 12.6.4.7. */
export const fault: PduKind<Fault> = { ptype: packetType.fault, body };
