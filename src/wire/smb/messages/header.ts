import { type Codec, octets, u16, u32, u64, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout } from '../../bytes/layout.ts';

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

export const header: Codec<Header> = {
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
