import { u16, u32, type ValueOf } from '../../bytes/codec.ts';
import { layout, unused } from '../../bytes/layout.ts';
import { packetType, pfcFlag } from './header.ts';
import type { PduKind } from './pdu.ts';

const fields = { allocHint: u32, contextId: u16, opnum: u16 };
const body = layout(fields);

export type Request = ValueOf<typeof body>;

/** [C706] 12.6.4.9. */
export const request: PduKind<Request> = { ptype: packetType.request, body };

const requestOfObject: PduKind<Request> = {
  ptype: packetType.request,
  body: layout({ ...fields, object: unused(16) }),
};

/** The request that these flags announce: with an object's UUID, which nobody here looks at, or without. */
export function requestWith(pfcFlags: number): PduKind<Request> {
  return (pfcFlags & pfcFlag.objectUuid) === 0 ? request : requestOfObject;
}
