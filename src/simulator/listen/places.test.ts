import { describe, expect, test } from 'vitest';
import { parseRange, placesOf, portsOf } from './places.ts';

test.each([
  ['127.64.0.0/16:4450', 3, ['127.64.0.1', '127.64.0.2', '127.64.0.3']],
  ['127.64.7.9/24:4450', 2, ['127.64.7.1', '127.64.7.2']],
  ['127.0.0.1:4450', 1, ['127.0.0.1']],
  ['127.9.9.8/31:4450', 1, ['127.9.9.9']],
])('hosts in %s have an address each', (text, hosts, addresses) => {
  expect(placesOf(parseRange(text), hosts)).toEqual(addresses.map((address) => ({ address, port: 4450 })));
});

test('ten thousand hosts have ten thousand addresses, on across the third number', () => {
  const places = placesOf(parseRange('127.64.0.0/16:4450'), 10_000);
  expect(new Set(places.map(({ address }) => address)).size).toBe(10_000);
  expect(places[256]).toEqual({ address: '127.64.1.1', port: 4450 });
});

describe('a range is wrong', () => {
  test.each(['', '127.64.0.0/16', '127.64.0.0/33:1', '127.64.0:1', '127.64.0.256:1', '127.0.0.1:0', '127.0.0.1:65536'])(
    'where it is %j',
    (text) => {
      expect(() => parseRange(text)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );

  test.each(['10.0.0.0/8:4450', '0.0.0.0/0:4450', '127.0.0.0/7:4450', '192.168.1.1:445'])(
    'where others could reach it: %s',
    (text) => {
      expect(() => parseRange(text)).toThrow(/is not within 127\.0\.0\.0\/8/);
    },
  );
});

test.each([
  ['addresses', () => placesOf(parseRange('127.64.0.0/30:4450'), 3), 'there is room for 2 hosts, where 3 are wanted'],
  ['ports', () => portsOf(parseRange('127.64.0.0/30:65535'), 2), 'there are not 2 ports from 65535 on'],
])('there are not enough %s', (_what, act, message) => {
  expect(act).toThrow(expect.objectContaining({ code: 'usage', message }));
});

test('where there is 127.0.0.1 alone, hosts have a port each', () => {
  expect(portsOf(parseRange('127.64.0.0/16:4450'), 2)).toEqual([
    { address: '127.0.0.1', port: 4450 },
    { address: '127.0.0.1', port: 4451 },
  ]);
});
