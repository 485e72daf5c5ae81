import { describe, expect, test } from 'vitest';
import { anInventory } from './testing/inventory.ts';
import { selectHosts } from './selection.ts';
import { emptyInventory } from './inventory.ts';

const inventory = anInventory({ xh1: ['rds'], xh2: ['rds', 'paris'], ts1: ['paris'] });
const names = (...texts: readonly string[]) => selectHosts(texts, inventory, 'linux').hosts.map(({ name }) => name);

test.each([
  ['nothing', [], ['xh1', 'xh2', 'ts1']],
  ['a name', ['xh2'], ['xh2']],
  ['a group', ['@paris'], ['xh2', 'ts1']],
  ['a glob', ['xh*'], ['xh1', 'xh2']],
  ['a glob with braces', ['{ts,xh}1'], ['xh1', 'ts1']],
  ['a URL', ['ssh://root@10.9.9.9:2222'], ['ssh://root@10.9.9.9:2222']],
  ['this machine', ['local:'], ['local:']],
  ['several with overlaps, in their order', ['ts1', '@rds', 'xh*', '@paris'], ['ts1', 'xh1', 'xh2']],
  ['a URL twice', ['ssh://a', 'ssh://a/'], ['ssh://a']],
  ['a host and its own URL', ['xh1', 'ssh://root@xh1.example'], ['xh1']],
  ['a URL and the host that has it', ['ssh://root@xh1.example', 'xh1'], ['xh1']],
])('%s', (_what, texts, expected) => {
  expect(names(...texts)).toEqual(expected);
});

describe('what is not there', () => {
  test.each([
    ['xh3', 'did you mean xh1 or xh2?'],
    ['nothing-like-it', 'ssh://nothing-like-it'],
    ['root@new.example', 'by its URL: windows://root@new.example or ssh://root@new.example'],
    [String.raw`ORACLE\tsadmin@new`, String.raw`by its URL: 'windows://ORACLE\tsadmin@new'`],
    [
      'root@xh1',
      'did you mean xh1 or xh2?; a host that is not in the inventory is named by its URL: windows://root@xh1 or ssh://root@xh1',
    ],
    ['TS1.example', 'that is the address of ts1'],
    ['new.example:2222', 'by its URL: windows://new.example:2222 or ssh://new.example:2222'],
    ['no host', String.raw`by its URL: 'windows://DOMAIN\USER@HOST' or ssh://USER@HOST`],
    ['xh1,xh2', 'name each by itself: -s xh1 -s xh2 (as arguments: xh1 xh2)'],
    ['@rdp', 'did you mean rds?'],
    ['zz*', 'usher hosts list'],
  ])('%s', (text, hint) => {
    expect(() => names('xh1', text)).toThrow(
      expect.objectContaining({ code: 'not_found', hint: expect.stringContaining(hint) as unknown }),
    );
  });

  test('a password in what names no host is not repeated', () => {
    expect(() => names('root:hunter2@xh1')).toThrow("there is no host 'root:…@xh1'");
  });

  test('a URL that is none is wrong use', () => {
    expect(() => names('http://x')).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('an empty inventory', () => {
  test('stands for this machine where it may hold sessions', () => {
    const { hosts, assumed } = selectHosts([], emptyInventory('/x'), 'linux');
    expect([hosts.map(({ name }) => name), assumed]).toEqual([['local:'], true]);
  });

  test('is wrong use elsewhere', () => {
    expect(() => selectHosts([], emptyInventory('/x'), 'win32')).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
