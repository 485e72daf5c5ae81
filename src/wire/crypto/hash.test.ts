import { expect, test } from 'vitest';
import { hmacSha1, sha256 } from './hash.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

test('SHA-256 of "abc" is the example of FIPS 180-4', () => {
  expect(hex(sha256(bytes('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('HMAC-SHA-1 gives the second case of RFC 2202, section 3', () => {
  const digest = hmacSha1(bytes('Jefe'), bytes('what do ya want for nothing?'));
  expect(hex(digest)).toBe('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79');
});
