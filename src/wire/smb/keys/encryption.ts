import { encode } from '../../bytes/codec.ts';
import { plain, room } from '../../bytes/room.ts';
import { UsherError } from '../../../sessions/errors.ts';
import { aesCcmOpen, aesCcmSeal } from '../../crypto/aes-ccm.ts';
import { aesGcmOpen, aesGcmSeal } from '../../crypto/aes-gcm.ts';
import {
  authenticatedRange,
  decodeTransform,
  originalMessageSizeAt,
  signatureAt,
  transform,
} from '../messages/transform-header.ts';
import { type Cipher, isGcm } from './algorithms.ts';

export interface Encryption {
  readonly cipher: Cipher;
  readonly key: Uint8Array;
  readonly sessionId: bigint;
}

const nonceFieldLength = 16;
const [noSignature, nothing] = [new Uint8Array(16), new Uint8Array()];

/** Bytes of the nonce that the cipher takes (MS-SMB2 2.2.41). */
const nonceLength = (cipher: Cipher): number => (isGcm(cipher) ? 12 : 11);

/** The message as an encrypted one with its SMB2 TRANSFORM_HEADER (3.1.4.3). The count must not come twice in a session. */
export function encrypted(message: Uint8Array, count: bigint, { cipher, key, sessionId }: Encryption): Uint8Array {
  const nonce = nonceOf(cipher, count);
  const header = encode(transform, { signature: noSignature, nonce, encrypted: nothing, sessionId });
  new DataView(header.buffer, header.byteOffset).setUint32(originalMessageSizeAt, message.length, true);
  const seal = isGcm(cipher) ? aesGcmSeal : aesCcmSeal;
  const { ciphertext, tag } = seal(key, nonce.subarray(0, nonceLength(cipher)), message, authenticatedPart(header));
  const result = room(header.length + ciphertext.length);
  result.set(header);
  result.set(tag, signatureAt);
  result.set(ciphertext, header.length);
  return result;
}

/** The message within an encrypted one (3.2.5.1.1.1). Throws `UsherError` where it is of another session or was changed. */
export function decrypted(message: Uint8Array, { cipher, key, sessionId }: Encryption): Uint8Array {
  const { signature, nonce, encrypted: ciphertext, ...header } = decodeTransform(message);
  if (header.sessionId !== sessionId) {
    throw new UsherError({ code: 'bad_answer', message: 'the host sent an encrypted SMB message of another session' });
  }
  const open = isGcm(cipher) ? aesGcmOpen : aesCcmOpen;
  const used = nonce.subarray(0, nonceLength(cipher));
  const plaintext = open(key, used, { ciphertext, tag: signature }, authenticatedPart(message));
  if (plaintext === null) {
    throw new UsherError({ code: 'bad_answer', message: 'an encrypted SMB message was changed on its way' });
  }
  return plain(plaintext);
}

const authenticatedPart = (message: Uint8Array): Uint8Array =>
  message.subarray(authenticatedRange.from, authenticatedRange.to);

/** The count, little-endian, in as many bytes as the cipher's nonce has. */
function nonceOf(cipher: Cipher, count: bigint): Uint8Array {
  const nonce = new Uint8Array(nonceFieldLength);
  const view = new DataView(nonce.buffer);
  const within = BigInt.asUintN(8 * nonceLength(cipher), count);
  view.setBigUint64(0, BigInt.asUintN(64, within), true);
  view.setBigUint64(8, within >> 64n, true);
  return nonce;
}
