import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readInventory } from './inventory-file.ts';
import {
  passwordFileOf,
  removeLeftovers,
  removeSimulatedInventory,
  writeSimulatedInventory,
} from './simulated-inventory.ts';

let folder = '';
let file = '';
const places = { env: {}, platform: 'linux', homeDirectory: '/nowhere' } as const;
/** A process that is gone once it has written, and one after it. */
const killed = { pid: 7, isAlive: () => false };
const next = { pid: 8, isAlive: () => false };
const estate = {
  hosts: [
    {
      name: 'sim-ts01',
      url: { scheme: 'windows', user: null, domain: null, address: '127.64.0.1', port: 4450 },
      groups: ['rds'],
      slots: 55,
    },
  ],
  user: String.raw`SIM\usher`,
  password: 'made up',
} as const;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'usher-simulated-'));
  file = path.join(folder, 'sim.yaml');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('it is an inventory of simulated hosts, with the password beside it, both for their owner alone', async () => {
  await writeSimulatedInventory(file, estate, killed);
  const { hosts } = await readInventory({ file, named: true }, places);
  expect(hosts.get('sim-ts01')).toMatchObject({
    url: { scheme: 'windows', address: '127.64.0.1', port: 4450 },
    groups: ['rds'],
    slots: 55,
    simulated: true,
    credential: { user: String.raw`SIM\usher`, passwordFile: passwordFileOf(file) },
  });
  expect(await readFile(file, 'utf8')).not.toContain('made up');
  expect(await readFile(passwordFileOf(file), 'utf8')).toBe('made up\n');
  for (const one of [file, passwordFileOf(file)]) expect((await stat(one)).mode & 0o777).toBe(0o600);
});

test('what was written is removed', async () => {
  await writeSimulatedInventory(file, estate, killed);
  removeSimulatedInventory(file);
  expect(await readdir(folder)).toEqual([]);
});

test('an inventory of real hosts is left alone', async () => {
  const real = 'version: 1\nhosts: { ts01: { url: windows://ts01 } }\n';
  await writeFile(file, real, { mode: 0o600 });
  await expect(writeSimulatedInventory(file, estate, killed)).rejects.toMatchObject({
    code: 'bad_file',
    message: `${file} is there already, and is left as it is`,
  });
  expect([await readFile(file, 'utf8'), await readdir(folder)]).toEqual([real, ['sim.yaml']]);
});

test('one of a simulated estate that was not removed is written anew', async () => {
  await writeSimulatedInventory(file, estate, killed);
  await writeSimulatedInventory(file, { ...estate, password: 'another' }, next);
  expect(await readFile(passwordFileOf(file), 'utf8')).toBe('another\n');
});

test('one of a simulated estate that runs is left to it', async () => {
  await writeSimulatedInventory(file, estate, killed);
  const wanted = writeSimulatedInventory(
    file,
    { ...estate, password: 'another' },
    { ...next, isAlive: (pid) => pid === 7 },
  );
  await expect(wanted).rejects.toMatchObject({
    code: 'bad_file',
    message: `${file} is the inventory of a simulated estate that runs (process 7)`,
  });
  expect(await readFile(passwordFileOf(file), 'utf8')).toBe('made up\n');
});

test('one of simulated hosts that its user wrote is left alone', async () => {
  const own = 'version: 1\nhosts: { sim: { url: "windows://127.64.0.1:4450", simulated: true } }\n';
  await writeFile(file, own, { mode: 0o600 });
  await expect(writeSimulatedInventory(file, estate, next)).rejects.toMatchObject({ code: 'bad_file' });
  expect([await readFile(file, 'utf8'), await readdir(folder)]).toEqual([own, ['sim.yaml']]);
});

test("somebody's own file that is called as the password's would be is left alone, however often it is tried", async () => {
  await writeFile(passwordFileOf(file), 'my own');
  for (const attempt of [killed, next]) {
    await expect(writeSimulatedInventory(file, estate, attempt)).rejects.toMatchObject({
      message: `${passwordFileOf(file)} is there already, and is left as it is`,
    });
  }
  expect([await readFile(passwordFileOf(file), 'utf8'), await readdir(folder)]).toEqual([
    'my own',
    ['sim.yaml.password'],
  ]);
});

test('a folder that is not there is told of', async () => {
  const nowhere = path.join(folder, 'none', 'sim.yaml');
  await expect(writeSimulatedInventory(nowhere, estate, killed)).rejects.toMatchObject({ code: 'bad_file' });
});

test('what killed processes left is removed, and nothing else', async () => {
  const kept = ['simulated-7.yaml', 'simulated-7.yaml.password', 'simulated.yaml', 'listed.json'];
  for (const name of [...kept, 'simulated-8.yaml', 'simulated-8.yaml.password'])
    await writeFile(path.join(folder, name), '');
  await removeLeftovers(folder, (pid) => pid === 7);
  expect((await readdir(folder)).toSorted()).toEqual(kept.toSorted());
});
