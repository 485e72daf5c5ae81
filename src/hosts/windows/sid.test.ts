import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSid, wellKnownAccount } from './sid.ts';

function sid(hex: string): string | null {
  return formatSid(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

// [MS-DTYP] 2.4.2.4, as 2.4.2.2 lays them out.
describe('a SID is told as text', () => {
  test.each([
    ['NULL', '01 01 000000000000 00000000', 'S-1-0-0'],
    ['EVERYONE', '01 01 000000000001 00000000', 'S-1-1-0'],
    ['CREATOR_OWNER', '01 01 000000000003 00000000', 'S-1-3-0'],
    ['LOCAL_SYSTEM', '01 01 000000000005 12000000', 'S-1-5-18'],
    ['LOCAL_SERVICE', '01 01 000000000005 13000000', 'S-1-5-19'],
    ['BUILTIN_ADMINISTRATORS', '01 02 000000000005 20000000 20020000', 'S-1-5-32-544'],
    ['ALL_APP_PACKAGES', '01 02 00000000000f 02000000 01000000', 'S-1-15-2-1'],
    ['ML_HIGH', '01 01 000000000010 00300000', 'S-1-16-12288'],
    [
      "a domain's ADMINISTRATOR",
      '01 05 000000000005 15000000 01000000 02000000 ffffffff f4010000',
      'S-1-5-21-1-2-4294967295-500',
    ],
    [
      'an authority of more than 32 bits, in hexadecimal (2.4.2.1)',
      '01 01 0102030405ff 01000000',
      'S-1-0x0102030405FF-1',
    ],
    ['the largest authority that is decimal', '01 01 0000ffffffff 01000000', 'S-1-4294967295-1'],
  ])('%s', (_, bytes, text) => {
    expect(sid(bytes)).toBe(text);
  });
});

describe('bytes are no SID where', () => {
  test.each([
    ['there are none', ''],
    ['the revision is another', '02 01 000000000005 12000000'],
    ['they end in the head', '01 00 0000'],
    ['they end in a subauthority', '01 02 000000000005 20000000 2002'],
    ['there are more than 15 subauthorities', `01 10 000000000005 ${'01000000'.repeat(16)}`],
  ])('%s', (_, bytes) => {
    expect(sid(bytes)).toBeNull();
  });
});

test('whatever bytes a host tells are a SID or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(formatSid(bytes) ?? 'S-1-0').toMatch(/^S-1-(\d+|0x[0-9A-F]{12})(-\d+){0,15}$/);
    }),
  );
});

test.each([
  ['S-1-5-18', 'SYSTEM'],
  ['S-1-5-19', 'LOCAL SERVICE'],
  ['S-1-5-20', 'NETWORK SERVICE'],
  ['S-1-5-90-0-3', 'DWM-3'],
  ['S-1-5-96-0-12', 'UMFD-12'],
  ['S-1-5-90-1-3', null],
  ['S-1-5-21-1-2-3-500', null],
  ['S-1-5-180', null],
])('%s is the account %s on every host', (text, account) => {
  expect(wellKnownAccount(text)).toBe(account);
});
