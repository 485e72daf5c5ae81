import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Places } from './paths.ts';
import { announceDemo, dropStateFolder, forgetDemo, runningDemo } from './running-demo.ts';

let home = '';
let places: Places;
let folder = '';
const demo = { pid: 42, inventory: '/somewhere/simulated-42.yaml' };
const runs =
  (...pids: readonly number[]) =>
  (pid: number) =>
    pids.includes(pid);

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'usher-demo-'));
  places = { env: {}, platform: 'linux', homeDirectory: home };
  folder = path.join(home, '.local', 'state', 'usher');
});

afterEach(() => rm(home, { recursive: true, force: true }));

test('one that was announced is found while its process runs, and by its owner alone', async () => {
  expect(await announceDemo(demo, places, runs(42))).toBe(true);
  expect(await runningDemo(places, runs(42))).toEqual(demo);
  expect(await runningDemo(places, runs(41))).toBeNull();
  expect((await stat(path.join(folder, 'demo.json'))).mode & 0o777).toBe(0o600);
});

test('none is found where none was announced, and after it is forgotten nothing is left', async () => {
  expect(await runningDemo(places, runs(42))).toBeNull();
  await announceDemo(demo, places, runs(42));
  forgetDemo(places);
  expect(await runningDemo(places, runs(42))).toBeNull();
  dropStateFolder(places);
  expect(await readdir(path.dirname(folder))).toEqual([]);
});

test('a folder that holds more than it stays', async () => {
  await announceDemo(demo, places, runs(42));
  dropStateFolder(places);
  expect(await readdir(folder)).toEqual(['demo.json']);
});

test('a second one does not take the place of one that runs, but of one that is gone', async () => {
  await announceDemo(demo, places, runs(42));
  const second = { pid: 43, inventory: '/somewhere/simulated-43.yaml' };
  expect(await announceDemo(second, places, runs(42, 43))).toBe(false);
  expect(await runningDemo(places, runs(42, 43))).toEqual(demo);
  expect(await announceDemo(second, places, runs(43))).toBe(true);
  expect(await runningDemo(places, runs(43))).toEqual(second);
});

test.each([
  ['no JSON', '{'],
  ['nothing', 'null'],
  ['a pid that is none', '{"pid":-1,"inventory":"/a"}'],
  ['a path that depends on where one is', '{"pid":42,"inventory":"a.yaml"}'],
  ['too much', `{"pid":42,"inventory":"/${'a'.repeat(9000)}"}`],
])('a file that holds %s is none', async (_what, text) => {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'demo.json'), text, { mode: 0o600 });
  expect(await runningDemo(places, () => true)).toBeNull();
});

test('a file that others may open, or of somebody else, is not believed', async () => {
  await announceDemo(demo, places, runs(42));
  expect(await runningDemo(places, runs(42), 4_000_000)).toBeNull();
  await chmod(path.join(folder, 'demo.json'), 0o644);
  expect(await runningDemo(places, runs(42))).toBeNull();
});

test('a folder that cannot be made leaves it unannounced', async () => {
  await writeFile(path.join(home, '.local'), '');
  expect(await announceDemo(demo, places, runs(42))).toBe(false);
});
