import type { Cipher, SigningAlgorithm } from '../keys/algorithms.ts';
import type { SessionKeys } from '../keys/derivation.ts';
import { decrypted, type Encryption, encrypted } from '../keys/encryption.ts';
import { isSignatureValid, type Signing, signed } from '../keys/signing.ts';
import { flag, type Header } from '../messages/header.ts';
import { codeText } from '../../ms-erref/failure.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { broken, UnprotectedFailure } from './failures.ts';

export interface ProtectionFacts {
  readonly sessionId: bigint;
  readonly keys: SessionKeys;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly cipher: Cipher | null;
  readonly nonceStart: bigint;
}

/** How the messages of a session are kept from being read and changed. */
export class Protection {
  readonly sessionId: bigint;
  readonly #signing: Signing;
  readonly #out: Encryption | null = null;
  readonly #in: Encryption | null = null;
  #count: bigint;

  constructor({ sessionId, keys, signingAlgorithm, cipher, nonceStart }: ProtectionFacts) {
    this.sessionId = sessionId;
    this.#signing = { algorithm: signingAlgorithm, key: keys.signingKey };
    if (cipher !== null && keys.encryptionKey !== null && keys.decryptionKey !== null) {
      this.#out = { cipher, key: keys.encryptionKey, sessionId };
      this.#in = { cipher, key: keys.decryptionKey, sessionId };
    }
    this.#count = nonceStart;
  }

  /** A request as it is sent: encrypted where that is possible, signed otherwise. */
  protect(message: Uint8Array): Uint8Array {
    if (this.#out === null) return signed(message, this.#signing);
    return encrypted(message, this.#count++, this.#out);
  }

  decrypt(message: Uint8Array): Uint8Array {
    if (this.#in === null) throw broken('the host encrypted an SMB message, which was not agreed upon');
    return decrypted(message, this.#in);
  }

  /** Throws where a response is not as protected as its request was. An interim response is never signed (3.3.4.2). */
  check(message: Uint8Array, header: Header, wasEncrypted: boolean): void {
    if (header.sessionId !== this.sessionId) throw broken('the host answered in another SMB session');
    if (wasEncrypted) return;
    if (this.#in !== null)
      throw new UnprotectedFailure(
        'encryption',
        `the host did not encrypt its answer ${codeText('ntstatus', header.status)}`,
      );
    if (header.status !== ntStatus.STATUS_PENDING) this.checkSignature(message, header);
  }

  checkSignature(message: Uint8Array, header: Header): void {
    if ((header.flags & flag.signed) === 0) {
      throw new UnprotectedFailure(
        'signing',
        `the host did not sign its answer ${codeText('ntstatus', header.status)}`,
      );
    }
    if (!isSignatureValid(message, this.#signing))
      throw new UnprotectedFailure('signing', 'the signature of an SMB message is wrong');
  }
}
