import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatHostUrl, type HostUrl, parseHostUrl } from './host.ts';

test.each([
  ['ssh://root@10.213.7.11', { scheme: 'ssh', user: 'root', domain: null, address: '10.213.7.11', port: null }],
  ['ssh://xh1:2222', { scheme: 'ssh', user: null, domain: null, address: 'xh1', port: 2222 }],
  ['ssh://root@[fe80::1]:22', { scheme: 'ssh', user: 'root', domain: null, address: 'fe80::1', port: 22 }],
  ['windows://CORP\\bob@ts01', { scheme: 'windows', user: 'bob', domain: 'CORP', address: 'ts01', port: null }],
  [
    'windows://bob%40corp.example@ts01',
    { scheme: 'windows', user: 'bob@corp.example', domain: null, address: 'ts01', port: null },
  ],
  ['local:', { scheme: 'local' }],
])('%s is read', (text, expected) => {
  expect(parseHostUrl(text)).toEqual(expected);
});

test.each([
  '',
  'xh1',
  'http://xh1',
  'ssh://',
  'ssh://@',
  'ssh://a b',
  'ssh://xh1:0',
  'ssh://xh1:65536',
  'ssh://xh1/path',
  'ssh://%zz@xh1',
])('%j is refused', (text) => {
  expect(() => parseHostUrl(text)).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('a password in a URL is refused and not repeated', () => {
  const attempt = (): HostUrl => parseHostUrl('ssh://root:hunter2@xh1');
  expect(attempt).toThrow(expect.objectContaining({ code: 'usage' }));
  expect(attempt).not.toThrow(/hunter2/);
});

test.each(['ssh://root:hunter2@xh1:bad', 'ssh://root:hunter2/x@xh1', 'ssh://root:p@hunter2@xh1', 'root:hunter2@xh1'])(
  'a password in something that is no URL is not repeated either',
  (text) => {
    expect(() => parseHostUrl(text)).not.toThrow(/hunter2/);
  },
);

test.each([
  ['windows://ORACLE/tsadmin@ts01', String.raw`quotes: 'windows://ORACLE\tsadmin@ts01'`],
  ['windows://tsadmin@oracle@ts01:445', 'written %40: windows://tsadmin%40oracle@ts01'],
  ['xh1', 'windows://DOMAIN'],
  ['xh1', 'ssh://user@host'],
])('of %s, which is refused, what to write is told: %s', (text, hint) => {
  expect(() => parseHostUrl(text)).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) as unknown }));
});

const word = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'ab é日\\@:/% +') });
test('a URL is read back as it was written', () => {
  const urls = fc.record({
    scheme: fc.constantFrom('ssh' as const, 'windows' as const),
    user: fc.option(word.filter((text) => !text.includes(':') && !text.includes('\\'))),
    domain: fc.constant(null),
    address: fc.constantFrom('ts01', '10.0.0.1', 'fe80::1', 'host.example'),
    port: fc.option(fc.integer({ min: 1, max: 65_535 })),
  });
  fc.assert(fc.property(urls, (url) => void expect(parseHostUrl(formatHostUrl(url))).toEqual(url)));
});
