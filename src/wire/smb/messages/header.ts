import { type Codec, octets, u16, u32, u64, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout } from '../../bytes/layout.ts';
import type { Reader } from '../../bytes/reader.ts';

/** SMB2 Packet Header (MS-SMB2 2.2.1). */
export const headerSize = 64;
export const protocolId = 0x424d53fe;
/** Where the signature stands in a message. */
export const signatureRange = { from: 48, to: 64 } as const;

/** Bits of Flags (2.2.1.1). */
export const flag = {
  serverToRedir: 0x1,
  asyncCommand: 0x2,
  relatedOperations: 0x4,
  signed: 0x8,
} as const;

/** MessageId of a message that answers no request (3.2.5.1.2). */
export const unsolicited = 0xffffffffffffffffn;

const front = layout({
  protocolId: fixed(u32, protocolId),
  structureSize: fixed(u16, headerSize),
  creditCharge: u16,
  /** ChannelSequence in a request of SMB 3.x. */
  status: u32,
  command: u16,
  /** CreditRequest in a request, CreditResponse in a response. */
  credits: u16,
  flags: u32,
  nextCommand: u32,
  messageId: u64,
});

/** Of the SYNC form (2.2.1.2). */
const sync = layout({
  /** Zero; Windows sends 0xfeff. */
  reserved: u32,
  treeId: u32,
});

const back = layout({ sessionId: u64, signature: octets(signatureRange.to - signatureRange.from) });

/** The ASYNC form (2.2.1.1) has an `asyncId` in the place of the SYNC form's `treeId`. */
export type Header = ValueOf<typeof front> &
  ValueOf<typeof back> &
  (({ readonly asyncId: null } & ValueOf<typeof sync>) | { readonly asyncId: bigint });

/** The header as it is declared: what is wrong with one is told by its fields' names. */
export const declaredHeader: Codec<Header> = {
  read(from) {
    const before = front.read(from);
    const isAsync = (before.flags & flag.asyncCommand) !== 0;
    const middle = isAsync
      ? { asyncId: from.within('asyncId', () => from.u64()) }
      : { asyncId: null, ...sync.read(from) };
    return { ...before, ...middle, ...back.read(from) };
  },
  write(to, value) {
    front.write(to, value);
    if (value.asyncId === null) sync.write(to, value);
    else to.u64(value.asyncId);
    back.write(to, value);
  },
};

/** The same by hand, because every message has one. */
export const header: Codec<Header> = {
  read(from) {
    if (!isWhole(from)) return declaredHeader.read(from);
    from.skip(6);
    const before = {
      creditCharge: from.u16(),
      status: from.u32(),
      command: from.u16(),
      credits: from.u16(),
      flags: from.u32(),
      nextCommand: from.u32(),
      messageId: from.u64(),
    };
    if ((before.flags & flag.asyncCommand) !== 0) {
      return { ...before, asyncId: from.u64(), sessionId: from.u64(), signature: from.take(16).slice() };
    }
    const [reserved, treeId] = [from.u32(), from.u32()];
    const after = { sessionId: from.u64(), signature: from.take(16).slice() };
    return { ...before, asyncId: null, reserved, treeId, ...after };
  },
  write(to, value) {
    to.u32(protocolId);
    to.u16(headerSize);
    to.u16(value.creditCharge);
    to.u32(value.status);
    to.u16(value.command);
    to.u16(value.credits);
    to.u32(value.flags);
    to.u32(value.nextCommand);
    to.u64(value.messageId);
    if (value.asyncId === null) {
      to.u32(value.reserved);
      to.u32(value.treeId);
    } else to.u64(value.asyncId);
    to.u64(value.sessionId);
    to.put(value.signature);
  },
};

/** Whether nothing can be wrong with it. */
function isWhole(from: Reader): boolean {
  if (from.left < headerSize) return false;
  const begin = from.at;
  const isHeader = from.u32() === protocolId && from.u16() === headerSize;
  from.seek(begin);
  return isHeader;
}
