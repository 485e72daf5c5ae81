import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../../sessions/errors.ts';
import { toHex } from '../../crypto/testing/vectors.ts';
import { decodeBody, decodeHeader, encodeMessage } from '../messages/command.ts';
import { echo } from '../messages/echo.ts';
import { transform } from '../messages/transform-header.ts';
import { decode } from '../../bytes/codec.ts';
import { derivations, secondChannel, session } from '../testing/windows-session.ts';
import { ciphers, keyBits, signingAlgorithms } from './algorithms.ts';
import { deriveKeys } from './derivation.ts';
import { decrypted, encrypted } from './encryption.ts';
import { extendPreauthHash, noPreauthHash } from './preauth.ts';
import { isSignatureValid, signed } from './signing.ts';

const { packets, keys } = session;
const lastHash = session.preauth_chain.at(-1)?.preauth_hash ?? noPreauthHash;

test('the preauthentication integrity hash follows the one of a Windows session', () => {
  let hash = noPreauthHash;
  for (const { message, preauth_hash: published } of session.preauth_chain) {
    hash = extendPreauthHash(hash, packets[message]);
    expect(toHex(hash), message).toBe(toHex(published));
  }
});

test('keys of SMB 3.1.1 are those of a Windows session', () => {
  const derived = deriveKeys({
    dialect: '3.1.1',
    sessionKey: keys.SessionKey,
    preauthHash: lastHash,
    cipher: 'aes128Gcm',
  });
  expect(toHex(derived.signingKey)).toBe(toHex(keys.SigningKey));
  expect(toHex(derived.applicationKey)).toBe(toHex(keys.ApplicationKey));
  const published = [keys['published EncryptionKey'], keys['published DecryptionKey']];
  const byLabel = (label: string): string | null => toHex(published.find((key) => key.label === label)?.value ?? null);
  expect(toHex(derived.encryptionKey)).toBe(byLabel('SMBC2SCipherKey'));
  expect(toHex(derived.decryptionKey)).toBe(byLabel('SMBS2CCipherKey'));
});

test('the signing key of a second channel is that of Windows', () => {
  const { signingKey } = deriveKeys({
    dialect: '3.1.1',
    sessionKey: secondChannel.SessionKey,
    preauthHash: secondChannel.preauth_hash,
    cipher: null,
  });
  expect(toHex(signingKey)).toBe(toHex(secondChannel.SigningKey));
});

test.each(derivations)('keys of SMB 3.0 are the published ones (%#)', (published) => {
  const derived = deriveKeys({
    dialect: '3.0',
    sessionKey: published.SessionKey,
    preauthHash: noPreauthHash,
    cipher: 'aes128Ccm',
  });
  expect(toHex(derived.signingKey)).toBe(toHex(published.SigningKey));
  if (published.EncryptionKey === undefined) return;
  expect(toHex(derived.encryptionKey)).toBe(toHex(published.EncryptionKey.value));
  expect(toHex(derived.decryptionKey)).toBe(toHex(published.DecryptionKey?.value ?? null));
  expect(toHex(derived.applicationKey)).toBe(toHex(published.ApplicationKey?.value ?? null));
});

test('SMB 2.x signs with the session key, cut or filled to 16 bytes', () => {
  const derive = (length: number): Uint8Array =>
    deriveKeys({
      dialect: '2.1',
      sessionKey: new Uint8Array(length).fill(7),
      preauthHash: noPreauthHash,
      cipher: null,
    }).signingKey;
  expect(toHex(derive(32))).toBe('07'.repeat(16));
  expect(toHex(derive(8))).toBe('07'.repeat(8) + '00'.repeat(8));
});

test('ciphers of 256 bits take the whole session key', () => {
  const derive = (last: number): Uint8Array | null =>
    deriveKeys({
      dialect: '3.1.1',
      sessionKey: new Uint8Array(32).fill(last, 16),
      preauthHash: lastHash,
      cipher: 'aes256Gcm',
    }).encryptionKey;
  expect(derive(1)).toHaveLength(32);
  expect(toHex(derive(1))).not.toBe(toHex(derive(2)));
});

test('the signature of a Windows server is the right one', () => {
  const signing = { algorithm: 'aesCmac', key: keys.SigningKey } as const;
  expect(isSignatureValid(packets.ss_resp2, signing)).toBe(true);
  expect(toHex(signed(packets.ss_resp2, signing))).toBe(toHex(packets.ss_resp2));
  const changed = packets.ss_resp2.slice();
  changed[80] = 1;
  expect(isSignatureValid(changed, signing)).toBe(false);
});

const message = encodeMessage({ ...decodeHeader(packets.ss_resp2), asyncId: 5n }, echo.response, null);

/** ProtocolId and StructureSize are held to their values when the header is read. */
const checkedByReader = 6;

test.each(signingAlgorithms)('%s notices every changed byte', (algorithm) => {
  const signing = { algorithm, key: keys.SigningKey };
  const good = signed(message, signing);
  expect(isSignatureValid(good, signing)).toBe(true);
  for (const at of good
    .subarray(checkedByReader)
    .keys()
    .map((at) => at + checkedByReader)) {
    const changed = good.slice();
    changed[at] = (good[at] ?? 0) ^ 0x40;
    expect(isSignatureValid(changed, signing), `byte ${at}`).toBe(false);
  }
});

test.each(ciphers)('%s gives the message back, and notices every changed byte', (cipher) => {
  const key = new Uint8Array(keyBits(cipher) / 8).fill(3);
  const encryption = { cipher, key, sessionId: 9n };
  const sealed = encrypted(message, 2n ** 70n + 1n, encryption);
  expect(toHex(decrypted(sealed, encryption))).toBe(toHex(message));
  expect(decodeBody('ECHO', echo.response, decrypted(sealed, encryption))).toBeNull();
  for (const at of sealed.keys()) {
    const changed = sealed.slice();
    changed[at] = (sealed[at] ?? 0) ^ 0x40;
    expect(() => decrypted(changed, encryption), `byte ${at}`).toThrow(UsherError);
  }
});

test('counts that differ give nonces that differ', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ciphers), fc.bigInt(0n, 2n ** 88n - 2n), (cipher, count) => {
      const encryption = { cipher, key: new Uint8Array(keyBits(cipher) / 8), sessionId: 1n };
      const nonceOf = (of: bigint): string | null =>
        toHex(decode('TRANSFORM_HEADER', transform, encrypted(message, of, encryption)).nonce);
      expect(nonceOf(count)).not.toBe(nonceOf(count + 1n));
    }),
  );
});
