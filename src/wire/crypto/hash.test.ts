import { expect, test } from 'vitest';
import { hmacMd5, hmacSha1, hmacSha256, md5, sha256, sha512 } from './hash.ts';
import { toHex } from './testing/vectors.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('SHA-256 of "abc" is the example of FIPS 180-4', () => {
  expect(toHex(sha256(bytes('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('SHA-512 of "abc", in any number of parts, is the example of FIPS 180-4', () => {
  const digest =
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f';
  expect(toHex(sha512(bytes('abc')))).toBe(digest);
  expect(toHex(sha512(bytes('a'), bytes(''), bytes('bc')))).toBe(digest);
});

test.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
])('MD5 of "%s" is the one of RFC 1321, appendix A.5', (text, digest) => {
  expect(toHex(md5(bytes(text)))).toBe(digest);
  expect(toHex(md5(...[...text].map(bytes)))).toBe(digest);
});

test('HMAC-SHA-1 gives the second case of RFC 2202, section 3', () => {
  const digest = hmacSha1(bytes('Jefe'), bytes('what do ya want for nothing?'));
  expect(toHex(digest)).toBe('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79');
});

test('HMAC-MD5 gives the second case of RFC 2202, section 2', () => {
  expect(toHex(hmacMd5(bytes('Jefe'), bytes('what do ya want '), bytes('for nothing?')))).toBe(
    '750c783e6ab0b503eaa86e310a5db738',
  );
});

test('HMAC-SHA-256 gives the second case of RFC 4231', () => {
  expect(toHex(hmacSha256(bytes('Jefe'), bytes('what do ya want '), bytes('for nothing?')))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});
