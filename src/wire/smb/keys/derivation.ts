import { smbKdf } from '../../crypto/smb-kdf.ts';
import { type Cipher, keyBits } from './algorithms.ts';
import { type Dialect, isSmb3 } from './dialects.ts';

/** What the keys of a session are made of (MS-SMB2 3.2.5.3.1). */
export interface KeyMaterial {
  readonly dialect: Dialect;
  /** The cryptographic key of the authenticated context, whole. */
  readonly sessionKey: Uint8Array;
  /** Session.PreauthIntegrityHashValue; only SMB 3.1.1 uses it. */
  readonly preauthHash: Uint8Array;
  /** Null where nothing can be encrypted. */
  readonly cipher: Cipher | null;
}

export interface SessionKeys {
  readonly signingKey: Uint8Array;
  /** Client to server. Null where nothing can be encrypted. */
  readonly encryptionKey: Uint8Array | null;
  /** Server to client. */
  readonly decryptionKey: Uint8Array | null;
  /** For protocols above; SMB 2.x has the session key itself. */
  readonly applicationKey: Uint8Array;
}

const shortKeyLength = 16;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Label and context of SMB 3.0 and 3.0.2; the context ends with a zero on the wire. */
const smb30 = {
  signing: ['SMB2AESCMAC', 'SmbSign\0'],
  encryption: ['SMB2AESCCM', 'ServerIn \0'],
  decryption: ['SMB2AESCCM', 'ServerOut\0'],
  application: ['SMB2APP', 'SmbRpc\0'],
} as const;

/** Labels of SMB 3.1.1, whose context is the preauthentication integrity hash. */
const smb311 = {
  signing: 'SMBSigningKey',
  encryption: 'SMBC2SCipherKey',
  decryption: 'SMBS2CCipherKey',
  application: 'SMBAppKey',
} as const;

/** The keys of a session by its dialect: none is derived in SMB 2.x, where the session key signs. */
export function deriveKeys({ dialect, sessionKey, preauthHash, cipher }: KeyMaterial): SessionKeys {
  const short = new Uint8Array(shortKeyLength);
  short.set(sessionKey.subarray(0, shortKeyLength));
  if (!isSmb3(dialect)) return { signingKey: short, encryptionKey: null, decryptionKey: null, applicationKey: short };

  const derive = (purpose: keyof typeof smb30, key: Uint8Array, bits: 128 | 256): Uint8Array => {
    if (dialect === '3.1.1') return smbKdf(key, smb311[purpose], preauthHash, bits);
    const [label, context] = smb30[purpose];
    return smbKdf(key, label, ascii(context), bits);
  };
  const cipherKey = (purpose: 'encryption' | 'decryption'): Uint8Array | null => {
    if (cipher === null) return null;
    const bits = keyBits(cipher);
    return derive(purpose, bits === 256 ? sessionKey : short, bits);
  };
  return {
    signingKey: derive('signing', short, 128),
    encryptionKey: cipherKey('encryption'),
    decryptionKey: cipherKey('decryption'),
    applicationKey: derive('application', short, 128),
  };
}
