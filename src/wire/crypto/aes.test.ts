import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { aesCcmOpen, aesCcmSeal } from './aes-ccm.ts';
import { aesCmac } from './aes-cmac.ts';
import { aesGcmOpen, aesGcmSeal } from './aes-gcm.ts';
import { aesGmac } from './aes-gmac.ts';
import { equalInConstantTime } from './equal.ts';
import { fromHex, hex, toHex, vectors } from './testing/vectors.ts';

const result = z.enum(['valid', 'invalid']);
const tcId = z.number();
const sealed = z.object({ tcId, key: hex, iv: hex, aad: hex, msg: hex, ct: hex, tag: hex, result });
const wycheproof = vectors(
  'wycheproof.json',
  z.object({
    'aes-ccm': z.array(sealed),
    'aes-gcm': z.array(sealed),
    'aes-cmac': z.array(z.object({ tcId, key: hex, msg: hex, tag: hex, result })),
    'aes-gmac': z.array(z.object({ tcId, key: hex, iv: hex, msg: hex, tag: hex, result })),
  }),
);

test.each([
  ['', 'bb1d6929e95937287fa37d129b756746'],
  ['6bc1bee22e409f96e93d7e117393172a', '070a16b46b4d4144f79bdd9dd04a287c'],
  [
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411',
    'dfa66747de9ae63030ca32611497c827',
  ],
  [
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
    '51f0bebf7e3b9d92fc49741779363cfe',
  ],
])('AES-CMAC of %s is the one of RFC 4493, section 4', (message, mac) => {
  const key = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
  const bytes = fromHex(message);
  expect(toHex(aesCmac(key, bytes))).toBe(mac);
  expect(toHex(aesCmac(key, bytes.subarray(0, 7), bytes.subarray(7)))).toBe(mac);
});

test.each(wycheproof['aes-cmac'])('AES-CMAC, Wycheproof $tcId: $result', ({ key, msg, tag, result: verdict }) => {
  expect(equalInConstantTime(aesCmac(key, msg), tag)).toBe(verdict === 'valid');
});

test.each(wycheproof['aes-gmac'])('AES-GMAC, Wycheproof $tcId: $result', ({ key, iv, msg, tag, result: verdict }) => {
  expect(equalInConstantTime(aesGmac(key, iv, msg), tag)).toBe(verdict === 'valid');
  expect(toHex(aesGmac(key, iv, msg.subarray(0, 3), msg.subarray(3)))).toBe(toHex(aesGmac(key, iv, msg)));
});

test.each([
  ['AES-CCM', 'aes-ccm', aesCcmSeal, aesCcmOpen],
  ['AES-GCM', 'aes-gcm', aesGcmSeal, aesGcmOpen],
] as const)('%s seals and opens as Wycheproof says, and opens nothing that is invalid', (_, name, seal, open) => {
  for (const { key, iv, aad, msg, ct, tag, result: verdict } of wycheproof[name]) {
    const opened = open(key, iv, { ciphertext: ct, tag }, aad);
    expect(toHex(opened)).toBe(verdict === 'valid' ? toHex(msg) : null);
    if (verdict === 'invalid') continue;
    const made = seal(key, iv, msg, aad);
    expect([toHex(made.ciphertext), toHex(made.tag)]).toEqual([toHex(ct), toHex(tag)]);
  }
});

const keys = fc.constantFrom(16, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const anything = fc.uint8Array({ maxLength: 100 });

test.each([
  ['AES-CCM', 11, aesCcmSeal, aesCcmOpen],
  ['AES-GCM', 12, aesGcmSeal, aesGcmOpen],
] as const)(
  '%s opens what it sealed, and nothing that differs in one bit or in its tag length',
  (_, size, seal, open) => {
    fc.assert(
      fc.property(keys, anything, anything, fc.nat(), fc.nat(7), (key, plaintext, aad, at, bit) => {
        const nonce = new Uint8Array(size).fill(7);
        const made = seal(key, nonce, plaintext, aad);
        expect(toHex(open(key, nonce, made, aad))).toBe(toHex(plaintext));
        const whole = Uint8Array.from([...made.ciphertext, ...made.tag, ...aad]);
        const changed = whole.map((byte, index) => (index === at % whole.length ? byte ^ (1 << bit) : byte));
        const tagAt = plaintext.length;
        const ciphertext = changed.subarray(0, tagAt);
        const tag = changed.subarray(tagAt, tagAt + 16);
        expect(open(key, nonce, { ciphertext, tag }, changed.subarray(tagAt + 16))).toBeNull();
        expect(open(key, nonce, { ...made, tag: made.tag.subarray(0, 8) }, aad)).toBeNull();
      }),
    );
  },
);
