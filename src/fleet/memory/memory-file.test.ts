import { spawn } from 'node:child_process';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAt } from '../../sessions/testing/session.ts';
import { realTimers } from '../deadline.ts';
import { manualTimers } from '../testing/timers.ts';
import { formatListed, type ListedSession, mostBytes } from './listed.ts';
import { memoryPlace, type MemoryPlace, readMemory, remember } from './memory-file.ts';

const listed = (id: number, at = readAt): ListedSession => ({
  host: 'ts01',
  url: 'windows://ts01',
  id,
  name: `RDP-Tcp#${id}`,
  key: `w1-${id}`,
  account: 'alice',
  listedAt: at,
});
const own = process.getuid?.() ?? 0;
let home: string;
let directory: string;
let place: MemoryPlace;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'usher-test-'));
  directory = path.join(home, 'usher');
  place = { file: path.join(directory, 'listed.json'), owner: own };
});
afterEach(() => rm(home, { recursive: true, force: true }));

const now = () => readAt;
const rememberNow = (...sessions: readonly ListedSession[]) => remember(place, sessions, now, manualTimers());
/** Now, as the file system counts it: locks are as old as their files. */
const timeOfFiles = async () => Temporal.Instant.fromEpochMilliseconds(Math.ceil((await stat(home)).mtimeMs));

async function written(text: string, mode = 0o600): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(place.file, text, { mode });
}

describe('the memory', () => {
  test('is in the state folder, for its owner alone', async () => {
    expect(await rememberNow(listed(3))).toBeNull();
    const [file, folder] = [await stat(place.file), await stat(directory)];
    expect([file.mode & 0o777, folder.mode & 0o777, await readdir(directory)]).toEqual([0o600, 0o700, ['listed.json']]);
  });

  test('tells what several listings showed', async () => {
    await rememberNow(listed(3));
    await rememberNow(listed(4));
    expect(await readMemory(place, readAt)).toEqual({ listed: [listed(4), listed(3)], trouble: null });
  });

  test('forgets after 15 minutes', async () => {
    await rememberNow(listed(3));
    expect((await readMemory(place, readAt.add({ minutes: 16 }))).listed).toEqual([]);
  });

  test('that is not there is empty', async () => {
    expect(await readMemory(place, readAt)).toEqual({ listed: [], trouble: null });
  });

  test('keeps all that processes remember at the same time', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => index);
    const at = await timeOfFiles();
    const troubles = await Promise.all(ids.map((id) => remember(place, [listed(id, at)], () => at, realTimers)));
    const { listed: kept } = await readMemory(place, at);
    expect([troubles, kept.map(({ id }) => id).toSorted((one, other) => one - other)]).toEqual([
      ids.map(() => null),
      ids,
    ]);
  });

  test('is whole whenever somebody reads it while others write', async () => {
    const at = await timeOfFiles();
    const body = `
      import { realTimers } from ${JSON.stringify(new URL('../deadline.ts', import.meta.url).href)};
      import { remember } from ${JSON.stringify(new URL('./memory-file.ts', import.meta.url).href)};
      if (globalThis.Temporal === undefined) await import('temporal-polyfill/global');
      const at = Temporal.Instant.from('${at.toString()}');
      const session = (id) => ({ host: 'h', url: 'u', id, name: 'n'.repeat(200), key: 'k', account: null, listedAt: at });
      for (let round = 0; round < 8; round += 1) {
        await remember(${JSON.stringify(place)}, Array.from({ length: 200 }, (_, id) => session(id)), () => at, realTimers);
      }`;
    const writers = [1, 2, 3].map(() => {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', body], {
        stdio: 'ignore',
        cwd: import.meta.dirname,
      });
      return new Promise<number | null>((resolve) => void child.once('close', resolve));
    });
    const over = Promise.all(writers);
    let running = true;
    void over.then(() => (running = false));
    const troubles = [];
    while (running) {
      const { trouble } = await readMemory(place, at);
      if (trouble !== null) troubles.push(trouble.message);
    }
    expect([await over, troubles, (await readMemory(place, at)).listed.length]).toEqual([[0, 0, 0], [], 200]);
  });
});

describe('a memory that cannot be trusted is empty, says so, and is made anew:', () => {
  test.each([
    ['damaged', () => written('{'), /it is damaged/],
    ['open to others', () => written(formatListed([listed(9)]), 0o644), /others than its owner may open it/],
    ['too large', () => written(' '.repeat(mostBytes + 1)), /it is too large/],
    [
      'a link',
      async () => {
        await mkdir(directory, { mode: 0o700 });
        await writeFile(path.join(home, 'elsewhere'), formatListed([listed(9)]), { mode: 0o600 });
        await symlink(path.join(home, 'elsewhere'), place.file);
      },
      /it is a link/,
    ],
  ])('%s', async (_what, arrange, why) => {
    await arrange();
    const before = await readMemory(place, readAt);
    expect([before.listed, before.trouble?.message]).toEqual([[], expect.stringMatching(why)]);
    expect((await rememberNow(listed(3)))?.message).toMatch(why);
    expect(await readMemory(place, readAt)).toEqual({ listed: [listed(3)], trouble: null });
  });

  test('what a link led to is left as it was', async () => {
    const elsewhere = path.join(home, 'elsewhere');
    await mkdir(directory, { mode: 0o700 });
    await writeFile(elsewhere, 'precious');
    await symlink(elsewhere, place.file);
    await symlink(elsewhere, `${place.file}.lock`);
    await utimes(elsewhere, readAt.epochMilliseconds / 1000, readAt.epochMilliseconds / 1000);
    await rememberNow(listed(3));
    expect(await readFile(elsewhere, 'utf8')).toBe('precious');
  });
});

describe('a folder that cannot be trusted is left alone, and said:', () => {
  test('one that others may write to', async () => {
    await mkdir(directory);
    await chmod(directory, 0o777);
    expect((await rememberNow(listed(3)))?.message).toMatch(/others than its owner may write to it/);
    expect(await readdir(directory)).toEqual([]);
  });

  test('a link', async () => {
    await symlink(home, directory);
    expect((await rememberNow(listed(3)))?.message).toMatch(/it is not a folder/);
  });

  test("somebody else's", async () => {
    await mkdir(directory, { mode: 0o700 });
    const stranger = { ...place, owner: own + 1 };
    expect((await remember(stranger, [listed(3)], now, manualTimers()))?.message).toMatch(/belongs to someone else/);
  });

  test("one that would be made in somebody else's home", async () => {
    const stranger = { file: path.join(home, 'state', 'usher', 'listed.json'), owner: own + 1 };
    expect((await remember(stranger, [listed(3)], now, manualTimers()))?.message).toMatch(/belongs to someone else/);
    expect(await readdir(home)).toEqual([]);
  });

  test('a file where the folder should be', async () => {
    await writeFile(directory, '');
    expect((await rememberNow(listed(3)))?.message).toMatch(/cannot be written|is not a folder/);
  });
});

test.skipIf(own !== 0)("a memory of somebody else's is not read", async () => {
  await written(formatListed([listed(9)]));
  await chown(place.file, 4711, 4711);
  expect((await readMemory(place, readAt)).trouble?.message).toMatch(/it belongs to someone else/);
});

describe('a lock', () => {
  test('that a process left behind when it ended is not waited for', async () => {
    await written('', 0o600);
    await writeFile(`${place.file}.lock`, '');
    const old = readAt.subtract({ seconds: 11 }).epochMilliseconds / 1000;
    await utimes(`${place.file}.lock`, old, old);
    await rememberNow(listed(3));
    expect((await readMemory(place, readAt)).listed).toEqual([listed(3)]);
  });

  test('that somebody else holds is waited for, but not for ever', async () => {
    await mkdir(directory, { mode: 0o700 });
    await writeFile(`${place.file}.lock`, '');
    await utimes(`${place.file}.lock`, readAt.epochMilliseconds / 1000, readAt.epochMilliseconds / 1000);
    let waited = 0;
    const timers = {
      after(delay: number, run: () => void) {
        waited += delay;
        queueMicrotask(run);
        return { [Symbol.dispose]: () => undefined };
      },
    };
    const trouble = await remember(place, [listed(3)], now, timers);
    expect([trouble?.message, waited, await readdir(directory)]).toEqual([
      expect.stringMatching(/cannot be written: EEXIST/),
      39 * 25,
      ['listed.json.lock'],
    ]);
  });
});

describe('its place', () => {
  const homeDirectory = '/home/anna';
  test.each([
    ['linux', {}, '/home/anna/.local/state/usher/listed.json'],
    ['linux', { XDG_STATE_HOME: '/state' }, '/state/usher/listed.json'],
    ['linux', { XDG_STATE_HOME: 'not/absolute' }, '/home/anna/.local/state/usher/listed.json'],
  ] as const)('on %s with %o', (platform, env, file) => {
    expect(memoryPlace({ env, platform, homeDirectory }, 1000)).toEqual({ file, owner: 1000 });
  });

  test('on Windows is the local profile, whose rights count', () => {
    const env = { LOCALAPPDATA: '/Users/anna/AppData/Local' };
    expect(memoryPlace({ env, platform: 'win32', homeDirectory }, 1000)).toEqual({
      file: path.join('/Users/anna/AppData/Local', 'usher', 'listed.json'),
      owner: null,
    });
  });

  test.each(['off', 'OFF', '0', 'no', 'false'])('is nowhere with USHER_MEMORY=%s', (word) => {
    expect(memoryPlace({ env: { USHER_MEMORY: word }, platform: 'linux', homeDirectory }, 1000)).toBeNull();
  });
});
