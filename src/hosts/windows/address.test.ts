import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress } from './address.ts';

function v6(hex: string): string | null {
  return formatAddress({ tag: 23, value: { sin6Addr: Buffer.from(hex.replaceAll(' ', ''), 'hex') } });
}

function v4(...bytes: readonly number[]): string | null {
  return formatAddress({ tag: 2, value: { inAddr: Uint8Array.from(bytes) } });
}

test('an IPv4 address has four decimals', () => {
  expect(v4(192, 0, 2, 7)).toBe('192.0.2.7');
});

test('an address of zeros is none', () => {
  expect(v4(0, 0, 0, 0)).toBeNull();
  expect(v6('00'.repeat(16))).toBeNull();
});

describe('an IPv6 address is as RFC 5952 writes it', () => {
  test.each([
    ['leading zeros are left out', '2001 0db8 0000 0000 0001 0000 0000 0001', '2001:db8::1:0:0:1'],
    ['the longest run of zeros is shortened', '2001 0000 0000 0001 0000 0000 0000 0001', '2001:0:0:1::1'],
    ['a single zero stays', '2001 0db8 0000 0001 0001 0001 0001 0001', '2001:db8:0:1:1:1:1:1'],
    ['a run at the beginning', '0000 0000 0000 0000 0000 0000 0000 0001', '::1'],
    ['a run at the end', 'fe80 0000 0000 0000 0000 0000 0000 0000', 'fe80::'],
    ['a group that ends in zero is no zero', '0010 0000 0000 0010 0001 0001 0001 0001', '10::10:1:1:1:1'],
    ['an IPv4 address behind ::ffff', '0000 0000 0000 0000 0000 ffff c000 0207', '192.0.2.7'],
  ])('%s', (_, hex, text) => {
    expect(v6(hex)).toBe(text);
  });

  // The URL standard's serializer of hosts is an implementation of the same rules that is not ours.
  test('as the parser of URLs writes it', () => {
    const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const hex = groups.map((value) => value.toString(16).padStart(4, '0'));
        fc.pre(groups.some((value) => value !== 0) && !/^0000(?: 0000){4} ffff/.test(hex.join(' ')));
        const text = v6(hex.join(' '));
        expect(`[${text}]`).toBe(new URL(`http://[${hex.join(':')}]/`).hostname);
        expect(isIPv6(text ?? '')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

test('bytes of a longer buffer are read where they lie', () => {
  const buffer = Uint8Array.from({ length: 32 }, (_, at) => at);
  expect(formatAddress({ tag: 23, value: { sin6Addr: buffer.subarray(16) } })).toBe(
    '1011:1213:1415:1617:1819:1a1b:1c1d:1e1f',
  );
});
