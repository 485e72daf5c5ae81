import { decode, octets, u16, u32, u64, type ValueOf } from '../../bytes/codec.ts';
import { sized } from '../../bytes/counted.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';

export const transformProtocolId = 0x424d53fd;

/** Where the bytes lie that are authenticated and not encrypted: the header without ProtocolId and Signature. */
export const authenticatedRange = { from: 20, to: 52 } as const;

/** Where Signature and OriginalMessageSize stand. */
export const signatureAt = 4;
export const originalMessageSizeAt = 36;
const [flagsAt, sessionIdAt] = [42, 44];
const isEncrypted = 1;

/** SMB2 TRANSFORM_HEADER (MS-SMB2 2.2.41) and the encrypted message behind it. */
export const transform = layout({
  protocolId: fixed(u32, transformProtocolId),
  signature: octets(16),
  nonce: octets(16),
  encrypted: sized(u32),
  reserved: unused(2),
  /** Flags in SMB 3.1.1, EncryptionAlgorithm before. */
  flags: fixed(u16, isEncrypted),
  sessionId: u64,
});

export type Transform = ValueOf<typeof transform>;

export const transformSize = 52;

/** Whether a message is an encrypted one. */
export function isTransformed(message: Uint8Array): boolean {
  return message[0] === 0xfd && message[1] === 0x53 && message[2] === 0x4d && message[3] === 0x42;
}

/** Writes the header of an encrypted message of `size` bytes, as each one has it; Signature is zero, Nonce the count in `nonceLength` bytes. */
export function beginTransform(
  into: Uint8Array,
  {
    count,
    nonceLength,
    size,
    sessionId,
  }: Readonly<Record<'nonceLength' | 'size', number> & Record<'count' | 'sessionId', bigint>>,
): void {
  const view = new DataView(into.buffer, into.byteOffset, transformSize);
  into.fill(0, 0, transformSize);
  view.setUint32(0, transformProtocolId, true);
  view.setBigUint64(authenticatedRange.from, BigInt.asUintN(64, count), true);
  view.setBigUint64(authenticatedRange.from + 8, BigInt.asUintN(8 * nonceLength - 64, count >> 64n), true);
  view.setUint32(originalMessageSizeAt, size, true);
  view.setUint16(flagsAt, isEncrypted, true);
  view.setBigUint64(sessionIdAt, sessionId, true);
}

/** Takes an encrypted message apart without copying it, as each one is. Throws `UsherError` `bad_answer`. */
export function decodeTransform(message: Uint8Array): Transform {
  if (message.length >= transformSize) {
    const view = new DataView(message.buffer, message.byteOffset, transformSize);
    const size = view.getUint32(originalMessageSizeAt, true);
    const isWhole = size === message.length - transformSize;
    if (isWhole && view.getUint32(0, true) === transformProtocolId && view.getUint16(flagsAt, true) === isEncrypted) {
      return {
        signature: message.subarray(signatureAt, authenticatedRange.from),
        nonce: message.subarray(authenticatedRange.from, originalMessageSizeAt),
        encrypted: message.subarray(transformSize),
        sessionId: view.getBigUint64(sessionIdAt, true),
      };
    }
  }
  return decode('SMB2 TRANSFORM_HEADER', transform, message);
}
