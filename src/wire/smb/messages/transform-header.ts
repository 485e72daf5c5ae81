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

const headerSize = 52;

/** Takes an encrypted message apart without copying it, as each one is. Throws `UsherError` `bad_answer`. */
export function decodeTransform(message: Uint8Array): Transform {
  if (message.length >= headerSize) {
    const view = new DataView(message.buffer, message.byteOffset, headerSize);
    const size = view.getUint32(originalMessageSizeAt, true);
    const isWhole = size === message.length - headerSize;
    if (isWhole && view.getUint32(0, true) === transformProtocolId && view.getUint16(flagsAt, true) === isEncrypted) {
      return {
        signature: message.subarray(signatureAt, authenticatedRange.from),
        nonce: message.subarray(authenticatedRange.from, originalMessageSizeAt),
        encrypted: message.subarray(headerSize),
        sessionId: view.getBigUint64(sessionIdAt, true),
      };
    }
  }
  return decode('SMB2 TRANSFORM_HEADER', transform, message);
}
