import { type Codec, u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout } from '../../bytes/layout.ts';
import type { Reader } from '../../bytes/reader.ts';

/** The header that all PDUs have in common ([C706] 12.6.3.1). */
export const headerSize = 16;

/** PTYPE ([C706] 12.6.4; rpc_auth_3 is of [MS-RPCE] 2.2.2.10). */
export const packetType = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  bindNak: 13,
  alterContext: 14,
  alterContextResp: 15,
  auth3: 16,
  shutdown: 17,
  coCancel: 18,
  orphaned: 19,
} as const;

/** Bits of pfc_flags ([C706] 12.6.3.1, [MS-RPCE] 2.2.2.3). */
export const pfcFlag = {
  firstFrag: 0x01,
  lastFrag: 0x02,
  /** Of bind, alter_context, their answers and rpc_auth_3; PFC_PENDING_CANCEL of all others. */
  supportHeaderSign: 0x04,
  concMpx: 0x10,
  didNotExecute: 0x20,
  maybe: 0x40,
  objectUuid: 0x80,
} as const;

/** The flags of a PDU that is not a fragment of something longer. */
export const whole = pfcFlag.firstFrag | pfcFlag.lastFrag;

/** packed_drep: little-endian integers, ASCII, IEEE floating point. Whoever speaks otherwise is refused. */
export const littleEndian = 0x10;

/** Where frag_length and auth_length stand. */
export const lengthsAt = { fragLength: 8, authLength: 10 } as const;

/** The header as it is declared: what is wrong with one is told by its fields' names. */
export const declaredHeader = layout({
  rpcVers: fixed(u8, 5),
  rpcVersMinor: fixed(u8, 0),
  ptype: u8,
  pfcFlags: u8,
  packedDrep: fixed(u32, littleEndian),
  fragLength: u16,
  authLength: u16,
  callId: u32,
});

export type Header = ValueOf<typeof declaredHeader>;

const [rpcVers, rpcVersMinor] = [5, 0];

/** The same by hand, because every PDU has one. */
export const header: Codec<Header> = {
  read(from) {
    if (!isWhole(from)) return declaredHeader.read(from);
    from.skip(2);
    const [ptype, pfcFlags] = [from.u8(), from.u8()];
    from.skip(4);
    return { ptype, pfcFlags, fragLength: from.u16(), authLength: from.u16(), callId: from.u32() };
  },
  write(to, { ptype, pfcFlags, fragLength, authLength, callId }) {
    to.u8(rpcVers);
    to.u8(rpcVersMinor);
    to.u8(ptype);
    to.u8(pfcFlags);
    to.u32(littleEndian);
    to.u16(fragLength);
    to.u16(authLength);
    to.u32(callId);
  },
};

/** Whether nothing can be wrong with it. */
function isWhole(from: Reader): boolean {
  if (from.left < headerSize) return false;
  const begin = from.at;
  const isVersion = from.u8() === rpcVers && from.u8() === rpcVersMinor;
  from.skip(2);
  const isHeader = isVersion && from.u32() === littleEndian;
  from.seek(begin);
  return isHeader;
}

const names: ReadonlyMap<number, string> = new Map([
  [packetType.request, 'request'],
  [packetType.response, 'response'],
  [packetType.fault, 'fault'],
  [packetType.bind, 'bind'],
  [packetType.bindAck, 'bind_ack'],
  [packetType.bindNak, 'bind_nak'],
  [packetType.alterContext, 'alter_context'],
  [packetType.alterContextResp, 'alter_context_resp'],
  [packetType.auth3, 'rpc_auth_3'],
  [packetType.shutdown, 'shutdown'],
  [packetType.coCancel, 'co_cancel'],
  [packetType.orphaned, 'orphaned'],
]);

/** `bind_ack`, or `PTYPE 1` for one that connections do not have. */
export function packetName(ptype: number): string {
  return names.get(ptype) ?? `PTYPE ${ptype}`;
}
