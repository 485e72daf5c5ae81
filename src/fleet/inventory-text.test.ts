import { describe, expect, test } from 'vitest';
import { formatHostUrl } from '../sessions/host.ts';
import { groupsOf, type Inventory } from './inventory.ts';
import { inventoryOf, parseInventoryText } from './inventory-text.ts';

const places = { env: {}, platform: 'linux', homeDirectory: '/home/anna' } as const;
const read = async (text: string): Promise<Inventory> =>
  inventoryOf(await parseInventoryText(text, '/etc/usher/inventory.yaml'), places);

const example = `version: 1
hosts:
  xh1: { url: ssh://root@10.0.0.1, groups: [rds, paris], tags: { site: paris, rack: 4 }, credential: ops }
  xh2: { url: 'ssh://xh2:2222', tags: [old] }
credentials:
  ops: { user: ops, passwordFile: ~/secrets/ops, identityFiles: [keys/ops] }
`;

test('hosts have their URL, groups, tags and credential, in the order of the file', async () => {
  const { hosts } = await read(example);
  expect([...hosts.keys()]).toEqual(['xh1', 'xh2']);
  const xh1 = hosts.get('xh1');
  expect(xh1 && formatHostUrl(xh1.url)).toBe('ssh://root@10.0.0.1');
  expect(xh1?.groups).toEqual(['rds', 'paris']);
  expect([...(xh1?.tags ?? [])]).toEqual([
    ['site', 'paris'],
    ['rack', '4'],
  ]);
  expect([...(hosts.get('xh2')?.tags ?? [])]).toEqual([['old', '']]);
});

test('paths start at home with ~/, else at the directory of the file', async () => {
  const { credentials } = await read(example);
  expect(credentials.get('ops')?.passwordFile).toBe('/home/anna/secrets/ops');
  expect(credentials.get('ops')?.identityFiles).toEqual(['/etc/usher/keys/ops']);
});

test('a Windows host may say which drain value lasts there', async () => {
  const { hosts } = await read("version: 1\nhosts:\n  ts01: { url: 'windows://ts01', lastingDrain: 1 }\n");
  expect(hosts.get('ts01')?.lastingDrain).toBe(1);
});

test.each([
  ['sudo: logon', true],
  ['user: ops', false],
])('{ %s } offers the password of the logon to sudo: %s', async (fields, expected) => {
  const { credentials } = await read(`version: 1\ncredentials:\n  ops: { ${fields} }\n`);
  expect(credentials.get('ops')?.sudoTakesLogon).toBe(expected);
});

test('groups are told once and sorted', async () => {
  expect(groupsOf(await read(example))).toEqual(['paris', 'rds']);
});

test.each(['', 'version: 1', 'version: 1\nhosts:\n', '# nothing yet\n'])('%j holds no host', async (text) => {
  expect((await read(text)).hosts.size).toBe(0);
});

describe('a bad file names its line and what is wrong there', () => {
  test.each([
    ['no version', 'hosts: {}\n', ':1: version: version must be 1'],
    ['text', 'hosts\n', ':1: it must be a map of fields, not text'],
    [
      'a drain value that is none',
      "version: 1\nhosts:\n  a: { url: 'windows://a', lastingDrain: 3 }\n",
      ':3: hosts.a.lastingDrain: lastingDrain is 1 or 2: the value of TSServerDrainMode that outlasts a restart',
    ],
    ['hosts in a list', 'version: 1\nhosts:\n  - a\n', ':2: hosts: it must be a map of names, not a list'],
    ['a host that is a URL', 'version: 1\nhosts:\n  a: ssh://a\n', ':3: hosts.a: it must be a map of fields, not text'],
    ['a host with nothing', 'version: 1\nhosts:\n  a:\n', ':3: hosts.a: it must be a map of fields, not empty'],
    ['a host without a URL', 'version: 1\nhosts:\n  a: { groups: [] }\n', ':3: hosts.a.url: it is missing'],
    [
      'a number where text belongs',
      'version: 1\ncredentials:\n  ops:\n    user: 7\n',
      ':4: credentials.ops.user: it must be text, not a number: put it in quotes',
    ],
    [
      'one file where a list belongs',
      'version: 1\ncredentials:\n  ops:\n    identityFiles: ~/.ssh/ops\n',
      ':4: credentials.ops.identityFiles: it must be a list, not text',
    ],
    [
      'nothing where text belongs',
      'version: 1\ncredentials:\n  ops: { user: "" }\n',
      ':3: credentials.ops.user: it must not be empty',
    ],
    [
      'a list where a tag has its value',
      'version: 1\nhosts:\n  a: { url: "local:", tags: { site: [x] } }\n',
      ':3: hosts.a.tags: tags are a list of names, or names with values',
    ],
    [
      'another word for sudo',
      'version: 1\ncredentials:\n  ops: { sudo: always }\n',
      ":3: credentials.ops.sudo: sudo can only be 'logon'",
    ],
    ['a version of the future', 'version: 2\n', ':1: version: version must be 1'],
    [
      'an unknown field',
      'version: 1\nhosts:\n  a:\n    url: "local:"\n    gruops: [x]\n',
      ':5: hosts.a.gruops: there is no such field',
    ],
    ['a URL that is none', 'version: 1\nhosts:\n  a: { url: ftp://x }\n', ":3: hosts.a.url: 'ftp://x' is not a host"],
    ['a host without URL', 'version: 1\nhosts:\n  a: {}\n', ':3: hosts.a.url: '],
    ['a name with a colon', 'version: 1\nhosts:\n  "a:b": { url: "local:" }\n', ':3: hosts.a:b: a name begins with'],
    [
      'a name that could be a glob',
      'version: 1\nhosts:\n  "a*": { url: "local:" }\n',
      ':3: hosts.a*: a name begins with',
    ],
    [
      'a credential that is not there',
      'version: 1\nhosts:\n  a: { url: "local:", credential: x }\n',
      ":3: hosts.a.credential: there is no credential 'x'",
    ],
    ['a name twice', 'version: 1\nhosts:\n  a: { url: "local:" }\n  a: { url: "local:" }\n', ":4: 'a' is there twice"],
    ['what is no YAML', 'version: 1\nhosts: [\n', ':3: it is not YAML: '],
    ['a list', '- a\n', ':1: it must be a map of fields, not a list'],
    [
      'a group list with a number in it',
      'version: 1\nhosts:\n  a:\n    url: "local:"\n    groups:\n      - x\n      - 7\n',
      ':7: hosts.a.groups.1: it must be text, not a number: put it in quotes',
    ],
  ])('%s', async (_what, text, expected) => {
    const failure = read(text);
    await expect(failure).rejects.toMatchObject({ code: 'bad_file' });
    await expect(failure).rejects.toThrow(`/etc/usher/inventory.yaml${expected}`);
  });
});

test.each([
  ['hosts', 'hosts: {}\nhots: {}', 'did you mean hosts?'],
  ['of a host', 'hosts: { a: { url: "local:", gruops: [] } }', 'did you mean groups?'],
  ['of a credential', 'credentials: { a: { users: x } }', 'did you mean user?'],
  [
    'that nothing is like',
    'hosts: { a: { url: "local:", x: 1 } }',
    'the fields here: url, groups, tags, credential, slots, simulated, lastingDrain',
  ],
])('an unknown field %s has a hint', async (_what, text, hint) => {
  await expect(read(`version: 1\n${text}\n`)).rejects.toMatchObject({ code: 'bad_file', hint });
});

test('a password in the file is refused without being repeated', async () => {
  const failure = read('version: 1\ncredentials:\n  ops: { password: hunter2 }\n');
  await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining('passwordFile') as unknown });
  await expect(failure).rejects.not.toThrow('hunter2');
});

test('aliases that multiply without end are refused', async () => {
  const levels = Array.from({ length: 12 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`);
  await expect(read(`l0: &l0 [x]\n${levels.join('\n')}\n`)).rejects.toMatchObject({ code: 'bad_file' });
});

test('nesting without end is refused', async () => {
  await expect(read(`hosts: ${'['.repeat(100_000)}`)).rejects.toMatchObject({ code: 'bad_file' });
});

test('a host that is not on loopback is no simulated one', async () => {
  const text = (url: string): string => `version: 1\nhosts: { a: { url: '${url}', simulated: true } }\n`;
  await expect(read(text('windows://127.64.0.3:4450'))).resolves.toBeDefined();
  await expect(read(text('windows://ts01.example'))).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringContaining('hosts.a.simulated: only a host on loopback') as unknown,
  });
});
