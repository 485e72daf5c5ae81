import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseHostUrl } from '../sessions/host.ts';
import { addHost, type NewHost, removeHosts } from './inventory-edit.ts';
import { editInventory, readInventory } from './inventory-file.ts';
import { inventoryPlace, type Places } from './paths.ts';

let folder = '';
let file = '';
let places: Places = { env: {}, platform: 'linux', homeDirectory: '/nowhere' };

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'usher-inventory-'));
  file = path.join(folder, 'inventory.yaml');
  places = { env: {}, platform: 'linux', homeDirectory: folder };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const plainHost: NewHost = {
  name: 'xh9',
  url: parseHostUrl('ssh://root@10.0.0.9'),
  groups: [],
  tags: new Map(),
  credential: null,
};

const read = () => readInventory({ file, named: true }, places);

describe('where it is', () => {
  test.each([
    ['the option', '/x/inv.yaml', { USHER_INVENTORY: '/y/inv.yaml' }, 'linux', '/x/inv.yaml'],
    ['the variable', undefined, { USHER_INVENTORY: '/y/inv.yaml' }, 'linux', '/y/inv.yaml'],
    ['the XDG folder', undefined, { XDG_CONFIG_HOME: '/cfg' }, 'linux', '/cfg/usher/inventory.yaml'],
    ['no relative XDG folder', undefined, { XDG_CONFIG_HOME: 'cfg' }, 'linux', '/home/a/.config/usher/inventory.yaml'],
    ['the home directory', undefined, {}, 'darwin', '/home/a/.config/usher/inventory.yaml'],
  ] as const)('%s', (_what, option, env, platform, expected) => {
    expect(inventoryPlace(option, { env, platform, homeDirectory: '/home/a' }).file).toBe(expected);
  });
});

describe('reading', () => {
  test('a file that nobody named may be missing', async () => {
    expect((await readInventory({ file, named: false }, places)).hosts.size).toBe(0);
  });

  test('a file that was named must be there', async () => {
    await expect(read()).rejects.toMatchObject({ code: 'bad_file' });
  });

  test('a file beyond 4 MiB is refused', async () => {
    await writeFile(file, `#${'x'.repeat(4 * 1024 * 1024)}`);
    await expect(read()).rejects.toThrow('larger than 4 MiB');
  });

  test('a folder is refused as one, whoever may write to it', async () => {
    await mkdir(file);
    await chmod(file, 0o777);
    await expect(read()).rejects.toThrow('it is a folder');
  });

  test('a file that everybody may write is refused', async () => {
    await writeFile(file, 'version: 1\n');
    await chmod(file, 0o666);
    await expect(read()).rejects.toThrow('everybody may write to it');
  });

  test('a folder is refused', async () => {
    await mkdir(file);
    await expect(read()).rejects.toMatchObject({ code: 'bad_file' });
  });
});

describe('editing', () => {
  const commented = `# our hosts
version: 1
hosts:
  xh2: { url: ssh://xh2 } # the old one

  # the new one
  xh1:
    url: ssh://xh1
`;

  test('adding keeps comments and order', async () => {
    await writeFile(file, commented);
    await addHost(file, plainHost, places);
    expect(await readFile(file, 'utf8')).toBe(`${commented}  xh9:\n    url: ssh://root@10.0.0.9\n`);
  });

  test('groups, tags and the credential are written as they are read', async () => {
    await writeFile(file, 'version: 1\ncredentials:\n  ops: {}\n');
    const tags = new Map([
      ['site', 'paris'],
      ['old', ''],
    ]);
    await addHost(file, { ...plainHost, groups: ['rds'], tags, credential: 'ops' }, places);
    const host = (await read()).hosts.get('xh9');
    expect([host?.groups, host?.tags, host?.credential?.name]).toEqual([['rds'], tags, 'ops']);
  });

  test('removing takes the host and leaves the rest', async () => {
    await writeFile(file, commented);
    await removeHosts(file, ['xh1'], places);
    expect([...(await read()).hosts.keys()]).toEqual(['xh2']);
    expect(await readFile(file, 'utf8')).toContain('# the old one');
  });

  test('one unknown name of several removes nothing', async () => {
    await writeFile(file, commented);
    await expect(removeHosts(file, ['xh1', 'xh3'], places)).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('xh1') as unknown,
    });
    expect(await readFile(file, 'utf8')).toBe(commented);
  });

  test('a file that is not there is made, for its owner alone', async () => {
    const below = path.join(folder, 'usher', 'inventory.yaml');
    await addHost(below, plainHost, places);
    expect((await stat(below)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(below))).mode & 0o777).toBe(0o700);
  });

  test('a name that is taken is refused', async () => {
    await addHost(file, plainHost, places);
    await expect(addHost(file, plainHost, places)).rejects.toMatchObject({ code: 'usage' });
  });

  test('a link stays a link', async () => {
    const target = path.join(folder, 'real.yaml');
    await writeFile(target, commented);
    await symlink(target, file);
    await addHost(file, plainHost, places);
    expect(await readFile(target, 'utf8')).toContain('xh9');
    expect(await readdir(folder)).toEqual(['inventory.yaml', 'real.yaml']);
  });

  test('an edit that would spoil the file writes nothing and leaves nothing behind', async () => {
    await writeFile(file, commented);
    const spoil = editInventory(file, places, (_inventory, document) => document.setIn(['hosts', 'xh2', 'url'], 'x'));
    await expect(spoil).rejects.toMatchObject({ code: 'bad_file' });
    expect(await readFile(file, 'utf8')).toBe(commented);
    expect(await readdir(folder)).toEqual(['inventory.yaml']);
  });
});
