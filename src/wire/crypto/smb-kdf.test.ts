import { expect, test } from 'vitest';
import { z } from 'zod';
import { sha512 } from './hash.ts';
import { smbKdf } from './smb-kdf.ts';
import { aesCmac } from './aes-cmac.ts';
import { hex, toHex, vectors } from './testing/vectors.ts';

const labelled = z.object({ value: hex });
const signing = z.object({ SessionKey: hex, SigningKey: hex });
const whole = signing.extend({ EncryptionKey: labelled, DecryptionKey: labelled, ApplicationKey: labelled });
const traces = vectors(
  'ntlm-smb.json',
  z.object({
    smb30_key_derivation: z.object({ cases: z.array(z.unknown()) }),
    smb311_full_session_windows: z.object({
      packets: z.record(z.string(), hex),
      preauth_chain: z.array(z.object({ message: z.string(), preauth_hash: hex })),
      keys: z.object({
        SigningKey: hex,
        SessionKey: hex,
        ApplicationKey: hex,
        'published EncryptionKey': labelled,
        'published DecryptionKey': labelled,
      }),
      signed_message: z.object({ name: z.string(), signature: hex }),
    }),
    smb311_second_channel: z.object({ SessionKey: hex, preauth_hash: hex, SigningKey: hex }),
  }),
);
const trace = traces.smb311_full_session_windows;
const packet = (name: string): Uint8Array => trace.packets[name] ?? new Uint8Array();
const ascii = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);
const finalHash = trace.preauth_chain.at(-1)?.preauth_hash ?? new Uint8Array();

test('the keys of SMB 3.0 are those of the published trace', () => {
  const [first, secondChannel] = traces.smb30_key_derivation.cases;
  const { SessionKey, SigningKey, EncryptionKey, DecryptionKey, ApplicationKey } = whole.parse(first);
  const key = (label: string, context: string): string | null => toHex(smbKdf(SessionKey, label, ascii(context)));
  expect(key('SMB2AESCMAC', 'SmbSign')).toBe(toHex(SigningKey));
  expect(key('SMB2AESCCM', 'ServerIn ')).toBe(toHex(EncryptionKey.value));
  expect(key('SMB2AESCCM', 'ServerOut')).toBe(toHex(DecryptionKey.value));
  expect(key('SMB2APP', 'SmbRpc')).toBe(toHex(ApplicationKey.value));
  const other = signing.parse(secondChannel);
  expect(toHex(smbKdf(other.SessionKey, 'SMB2AESCMAC', ascii('SmbSign')))).toBe(toHex(other.SigningKey));
});

test('the pre-authentication hash of the published SMB 3.1.1 trace is a chain of SHA-512', () => {
  let hash = new Uint8Array(64);
  for (const { message, preauth_hash } of trace.preauth_chain) {
    hash = new Uint8Array(sha512(hash, packet(message)));
    expect([message, toHex(hash)]).toEqual([message, toHex(preauth_hash)]);
  }
});

test('the keys of SMB 3.1.1 are those of the published trace', () => {
  const { SessionKey, SigningKey, ApplicationKey, ...ciphers } = trace.keys;
  const key = (label: string): string | null => toHex(smbKdf(SessionKey, label, finalHash));
  expect(key('SMBSigningKey')).toBe(toHex(SigningKey));
  expect(key('SMBAppKey')).toBe(toHex(ApplicationKey));
  expect(key('SMBC2SCipherKey')).toBe(toHex(ciphers['published EncryptionKey'].value));
  expect(key('SMBS2CCipherKey')).toBe(toHex(ciphers['published DecryptionKey'].value));
  const second = traces.smb311_second_channel;
  expect(toHex(smbKdf(second.SessionKey, 'SMBSigningKey', second.preauth_hash))).toBe(toHex(second.SigningKey));
});

test('the derived key signs the message of the published trace', () => {
  const message = packet(trace.signed_message.name).slice();
  message.fill(0, 48, 64);
  expect(toHex(aesCmac(trace.keys.SigningKey, message))).toBe(toHex(trace.signed_message.signature));
});

test('a key of 256 bits is another one than that of 128', () => {
  const long = smbKdf(trace.keys.SessionKey, 'SMBC2SCipherKey', finalHash, 256);
  expect(long.length).toBe(32);
  expect(toHex(long.subarray(0, 16))).not.toBe(toHex(smbKdf(trace.keys.SessionKey, 'SMBC2SCipherKey', finalHash)));
});
