import { aesCmac } from '../../crypto/aes-cmac.ts';
import { aesGmac } from '../../crypto/aes-gmac.ts';
import { equalInConstantTime } from '../../crypto/equal.ts';
import { hmacSha256 } from '../../crypto/hash.ts';
import { cancel } from '../messages/cancel.ts';
import { decodeHeader } from '../messages/command.ts';
import { flag, type Header, signatureRange } from '../messages/header.ts';
import type { SigningAlgorithm } from './algorithms.ts';

export interface Signing {
  readonly algorithm: SigningAlgorithm;
  readonly key: Uint8Array;
}

const flagsAt = 16;
const fromServer = 1;
const ofCancel = 2;

/** The message with SMB2_FLAGS_SIGNED and its signature (MS-SMB2 3.1.4.1). */
export function signed(message: Uint8Array, signing: Signing): Uint8Array {
  const result = new Uint8Array(message);
  const view = new DataView(result.buffer);
  view.setUint32(flagsAt, view.getUint32(flagsAt, true) | flag.signed, true);
  result.fill(0, signatureRange.from, signatureRange.to);
  result.set(signatureOf(result, signing), signatureRange.from);
  return result;
}

/** Whether the signature that the message bears belongs to it (3.1.5.1). */
export function isSignatureValid(message: Uint8Array, signing: Signing): boolean {
  const borne = message.subarray(signatureRange.from, signatureRange.to);
  const unsigned = new Uint8Array(message);
  unsigned.fill(0, signatureRange.from, signatureRange.to);
  return equalInConstantTime(borne, signatureOf(unsigned, signing));
}

/** Of a message whose signature is zero. */
function signatureOf(unsigned: Uint8Array, { algorithm, key }: Signing): Uint8Array {
  switch (algorithm) {
    case 'hmacSha256':
      return hmacSha256(key, unsigned).subarray(0, signatureRange.to - signatureRange.from);
    case 'aesCmac':
      return aesCmac(key, unsigned);
    case 'aesGmac':
      return aesGmac(key, gmacNonce(decodeHeader(unsigned)), unsigned);
  }
}

/** MessageId, who sends it, and whether it is a CANCEL, which bears the MessageId of another request. */
function gmacNonce({ messageId, flags, command }: Header): Uint8Array {
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  view.setBigUint64(0, messageId, true);
  const sender = (flags & flag.serverToRedir) === 0 ? 0 : fromServer;
  view.setUint32(8, sender | (command === cancel.code ? ofCancel : 0), true);
  return nonce;
}
