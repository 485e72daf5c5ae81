import { constant, decode, encode, octets, struct, u32, type ValueOf } from '../bytes/codec.ts';

/** Bytes of Checksum. */
export const checksumLength = 8;

/** NTLMSSP_MESSAGE_SIGNATURE for extended session security ([MS-NLMP] 2.2.2.9.2). */
const messageSignature = struct({ version: constant(u32, 1), checksum: octets(checksumLength), seqNum: u32 });

export type MessageSignature = Omit<ValueOf<typeof messageSignature>, 'version'>;

export const signatureLength = 16;

export function decodeMessageSignature(bytes: Uint8Array): MessageSignature {
  return decode('NTLMSSP_MESSAGE_SIGNATURE', messageSignature, bytes);
}

export function encodeMessageSignature(value: MessageSignature): Uint8Array {
  return encode(messageSignature, { ...value, version: 1 });
}
