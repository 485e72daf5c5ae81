import { UsherError } from '../../sessions/errors.ts';
import { equalInConstantTime } from '../crypto/equal.ts';
import { HmacMd5 } from '../crypto/hmac-md5.ts';
import { Rc4 } from '../crypto/rc4.ts';
import type { SealedMessage, SecurityContext, Surroundings } from '../security/context.ts';
import { type Direction, sealKey, signKey } from './keys.ts';
import {
  checksumLength,
  decodeMessageSignature,
  encodeMessageSignature,
  signatureLength,
} from './message-signature.ts';

const nothingAround: Surroundings = { before: new Uint8Array(), after: new Uint8Array() };

/** Session security of NTLM with extended session security, 128-bit keys and key exchange ([MS-NLMP] 3.4). */
export class NtlmSessionSecurity implements SecurityContext {
  readonly sessionKey: Uint8Array;
  readonly signatureLength = { sign: signatureLength, seal: signatureLength };
  readonly #outgoing: OneWay;
  readonly #incoming: OneWay;

  constructor(role: 'client' | 'server', exportedSessionKey: Uint8Array) {
    this.sessionKey = exportedSessionKey.slice();
    const client = new OneWay(exportedSessionKey, 'client-to-server');
    const server = new OneWay(exportedSessionKey, 'server-to-client');
    this.#outgoing = role === 'client' ? client : server;
    this.#incoming = role === 'client' ? server : client;
  }

  sign(...parts: readonly Uint8Array[]): Uint8Array {
    return this.#outgoing.mac(parts);
  }

  verify(signature: Uint8Array, ...parts: readonly Uint8Array[]): void {
    this.#incoming.check(signature, parts);
  }

  seal(plaintext: Uint8Array, { before, after }: Surroundings = nothingAround): SealedMessage {
    const sealed = this.#outgoing.handle.apply(plaintext);
    return { sealed, signature: this.#outgoing.mac([before, plaintext, after]) };
  }

  unseal({ sealed, signature }: SealedMessage, { before, after }: Surroundings = nothingAround): Uint8Array {
    const plaintext = this.#incoming.handle.apply(sealed);
    this.#incoming.check(signature, [before, plaintext, after]);
    return plaintext;
  }

  /** Signs SPNEGO's list; ClientHandle or ServerHandle then begins anew, but not SeqNum ([MS-SPNG] 3.2.5.1, 3.3.5.1). */
  signMechTypes(mechTypes: Uint8Array): Uint8Array {
    const mic = this.sign(mechTypes);
    this.#outgoing.handle.restart();
    return mic;
  }

  verifyMechTypes(mechTypes: Uint8Array, mic: Uint8Array): void {
    this.verify(mic, mechTypes);
    this.#incoming.handle.restart();
  }
}

/** The keys, handle and sequence number of one direction. */
class OneWay {
  readonly handle: Rc4;
  readonly #hmac: HmacMd5;
  #seqNum = 0;

  constructor(exportedSessionKey: Uint8Array, direction: Direction) {
    this.handle = new Rc4(sealKey(exportedSessionKey, direction));
    this.#hmac = new HmacMd5(signKey(exportedSessionKey, direction));
  }

  /** MAC with extended session security and key exchange ([MS-NLMP] 3.4.4.2). */
  mac(parts: readonly Uint8Array[]): Uint8Array {
    const seqNum = this.#seqNum;
    const hash = this.#hmac.of(octetsOf(seqNum), ...parts);
    const checksum = this.handle.apply(hash.subarray(0, checksumLength));
    this.#seqNum = (seqNum + 1) >>> 0;
    return encodeMessageSignature({ checksum, seqNum });
  }

  check(signature: Uint8Array, parts: readonly Uint8Array[]): void {
    const { seqNum } = decodeMessageSignature(signature);
    if (seqNum !== this.#seqNum) {
      throw forged(`its sequence number is ${seqNum}, where ${this.#seqNum} must be`);
    }
    if (!equalInConstantTime(this.mac(parts), signature)) throw forged('its checksum is another');
  }
}

function octetsOf(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

function forged(why: string): UsherError {
  return new UsherError({
    code: 'bad_answer',
    message: `a message's NTLM signature does not belong to it: ${why}`,
    hint: 'something between here and the host may have changed what it sent',
  });
}
