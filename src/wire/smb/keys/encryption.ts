import { plain, room } from '../../bytes/room.ts';
import { UsherError } from '../../../sessions/errors.ts';
import { aesCcmOpen, aesCcmSeal } from '../../crypto/aes-ccm.ts';
import { aesGcmOpen, aesGcmSeal } from '../../crypto/aes-gcm.ts';
import {
  authenticatedRange,
  beginTransform,
  decodeTransform,
  signatureAt,
  transformSize,
} from '../messages/transform-header.ts';
import { type Cipher, isGcm } from './algorithms.ts';

export interface Encryption {
  readonly cipher: Cipher;
  readonly key: Uint8Array;
  readonly sessionId: bigint;
}

/** Bytes of the nonce that the cipher takes (MS-SMB2 2.2.41). */
const nonceLength = (cipher: Cipher): number => (isGcm(cipher) ? 12 : 11);

/** The message as an encrypted one with its SMB2 TRANSFORM_HEADER (3.1.4.3). The count must not come twice in a session. */
export function encrypted(message: Uint8Array, count: bigint, { cipher, key, sessionId }: Encryption): Uint8Array {
  const result = room(transformSize + message.length);
  const length = nonceLength(cipher);
  beginTransform(result, { count, nonceLength: length, size: message.length, sessionId });
  const nonce = result.subarray(authenticatedRange.from, authenticatedRange.from + length);
  const seal = isGcm(cipher) ? aesGcmSeal : aesCcmSeal;
  const { ciphertext, tag } = seal(key, nonce, message, authenticatedPart(result));
  result.set(tag, signatureAt);
  result.set(ciphertext, transformSize);
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
