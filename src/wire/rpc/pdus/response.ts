import { u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { layout, unused } from '../../bytes/layout.ts';
import { packetType } from './header.ts';
import type { PduKind } from './pdu.ts';

const body = layout({ allocHint: u32, contextId: u16, cancelCount: u8, reserved: unused(1) });

export type Response = ValueOf<typeof body>;

/** [C706] 12.6.4.10. */
export const response: PduKind<Response> = { ptype: packetType.response, body };
