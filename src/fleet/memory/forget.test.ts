import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAt } from '../../sessions/testing/session.ts';
import { forgetListed } from './forget.ts';
import { formatListed, type ListedSession, parseListed } from './listed.ts';

const real: ListedSession = {
  host: 'ts01',
  url: 'windows://ts01',
  id: 3,
  name: 'RDP-Tcp#3',
  key: 'w1-alice',
  account: null,
  listedAt: readAt,
};
const simulated: ListedSession = { ...real, host: 'sim-ts01', url: 'windows://127.64.0.1:4450' };
const gone = new Set([simulated.url]);

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'usher-forget-'));
  file = path.join(folder, 'listed.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was listed at those hosts is forgotten, and nothing else', async () => {
  await writeFile(file, formatListed([simulated, real]), { mode: 0o600 });
  forgetListed({ file, owner: null }, gone);
  expect(parseListed(await readFile(file, 'utf8'))).toEqual([real]);
  expect([(await stat(file)).mode & 0o777, await readdir(folder)]).toEqual([0o600, ['listed.json']]);
});

test('nothing of it is left where nothing else was listed', async () => {
  await writeFile(file, formatListed([simulated]), { mode: 0o600 });
  forgetListed({ file, owner: null }, gone);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['is damaged', '{'],
  ['holds none of them', formatListed([real])],
])('a memory that %s stays as it is', async (_what, text) => {
  await writeFile(file, text, { mode: 0o600 });
  forgetListed({ file, owner: null }, gone);
  expect(await readFile(file, 'utf8')).toBe(text);
});
