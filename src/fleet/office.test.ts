import { expect, test } from 'vitest';
import { networkOf, usualOffice, whereabouts } from './office.ts';

test.each([
  ['10.1.2.3', 'inside'],
  ['172.31.0.1', 'inside'],
  ['172.32.0.1', 'outside'],
  ['203.0.113.9', 'outside'],
  ['fd12::1', 'inside'],
  ['2001:db8::1', 'outside'],
  ['fe80::1%eth0', 'inside'],
  ['::ffff:192.168.1.1', 'inside'],
  ['::ffff:203.0.113.9', 'outside'],
  ['laptop-7', 'unknown'],
  [null, 'unknown'],
])('without networks of its own an office has %s %s', (address, expected) => {
  expect(whereabouts(usualOffice)(address)).toBe(expected);
});

test('networks that are named are all there are', () => {
  const where = whereabouts(['203.0.113.0/24', '2001:db8:1::/48', '198.51.100.7']);
  expect(['203.0.113.9', '10.1.2.3', '2001:db8:1::5', '198.51.100.7', '198.51.100.8'].map(where)).toEqual([
    'inside',
    'outside',
    'inside',
    'inside',
    'outside',
  ]);
});

test.each(['10.0.0.0/33', '10.0.0/8', 'fd00::/129', '10.0.0.0/', 'office', '10.0.0.0/8/8', ''])(
  '%j is no network',
  (text) => {
    expect(networkOf(text)).toBeNull();
  },
);
