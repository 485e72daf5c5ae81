import { rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

/** A lock's age goes by the clock of the file system. */
const now = (): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(Math.floor(statSync(folder).mtimeMs));

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'usher-forget-'));
  file = path.join(folder, 'listed.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('what was listed at those hosts is forgotten, and nothing else', async () => {
  await writeFile(file, formatListed([simulated, real]), { mode: 0o600 });
  forgetListed({ file, owner: null }, gone, now);
  expect(parseListed(await readFile(file, 'utf8'))).toEqual([real]);
  expect([(await stat(file)).mode & 0o777, await readdir(folder)]).toEqual([0o600, ['listed.json']]);
});

test('nothing of it is left where nothing else was listed', async () => {
  await writeFile(file, formatListed([simulated]), { mode: 0o600 });
  forgetListed({ file, owner: null }, gone, now);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['is damaged', '{'],
  ['holds none of them', formatListed([real])],
])('a memory that %s stays as it is', async (_what, text) => {
  await writeFile(file, text, { mode: 0o600 });
  forgetListed({ file, owner: null }, gone, now);
  expect(await readFile(file, 'utf8')).toBe(text);
});

describe('where another process holds the lock', () => {
  const other: ListedSession = { ...real, id: 4, key: 'w1-bob' };

  beforeEach(async () => {
    await writeFile(file, formatListed([simulated, real]), { mode: 0o600 });
    await writeFile(`${file}.lock`, '');
  });

  test('what it lists meanwhile is kept', async () => {
    forgetListed({ file, owner: null }, gone, now, () => {
      writeFileSync(file, formatListed([simulated, real, other]));
      rmSync(`${file}.lock`);
    });
    expect(parseListed(await readFile(file, 'utf8'))).toEqual([real, other]);
    expect(await readdir(folder)).toEqual(['listed.json']);
  });

  test('for too long, nothing is forgotten', async () => {
    const waits: number[] = [];
    forgetListed({ file, owner: null }, gone, now, (time) => void waits.push(time));
    expect(parseListed(await readFile(file, 'utf8'))).toEqual([simulated, real]);
    expect(waits.reduce((sum, time) => sum + time)).toBe(975);
    expect(await readdir(folder)).toEqual(['listed.json', 'listed.json.lock']);
  });

  test('and ended without giving it back, it is taken', async () => {
    const later = (): Temporal.Instant => now().add({ seconds: 12 });
    forgetListed({ file, owner: null }, gone, later, () => {
      throw new Error('nobody is waited for');
    });
    expect(parseListed(await readFile(file, 'utf8'))).toEqual([real]);
  });
});
