import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSecretFile } from './secret-file.ts';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'usher-secret-'));
  file = path.join(folder, 'password');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function written(text: string, mode = 0o600): Promise<void> {
  await writeFile(file, text);
  await chmod(file, mode);
}

test.each([
  ['hunter2', 'hunter2'],
  ['hunter2\n', 'hunter2'],
  ['hunter2\r\nmore\r\n', 'hunter2'],
  [' with spaces \n', ' with spaces '],
])('%j holds %j', async (text, expected) => {
  await written(text);
  expect((await readSecretFile(file, 'linux')).reveal()).toBe(expected);
});

test.each([0o640, 0o604, 0o620, 0o666])('a file of mode %o is refused', async (mode) => {
  await written('hunter2', mode);
  await expect(readSecretFile(file, 'linux')).rejects.toMatchObject({
    code: 'bad_file',
    hint: `chmod 600 '${file}'`,
  });
});

test('the mode does not count on Windows', async () => {
  await written('hunter2', 0o644);
  expect((await readSecretFile(file, 'win32')).reveal()).toBe('hunter2');
});

test('an empty first line is refused', async () => {
  await written('\nhunter2\n');
  await expect(readSecretFile(file, 'linux')).rejects.toThrow('first line is empty');
});

test('a file that is not there is refused', async () => {
  await expect(readSecretFile(file, 'linux')).rejects.toMatchObject({ code: 'bad_file' });
});
