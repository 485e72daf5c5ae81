import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const start = fileURLToPath(new URL('../../src/main/tour/start.ts', import.meta.url));

let home = '';

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'usher-toured-'));
});

afterEach(() => rm(home, { recursive: true, force: true }));

function begin() {
  const env = { HOME: home, TMPDIR: home, PATH: process.env['PATH'] ?? '', NODE_DISABLE_COMPILE_CACHE: '1' };
  const child = spawn(process.execPath, [start], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => void (heard.text += chunk.toString()));
  }
  return { child, heard, ended: once(child, 'close') };
}

test('the tour shows a session that ends by its logon process alone, and its estate agrees', {
  timeout: 120_000,
}, async () => {
  const { heard, ended } = begin();
  const [code] = await ended;
  expect([code, heard.text.match(/^ {2}(yes|NO ) /gm)?.length], heard.text).toEqual([0, 6]);
  const typed = [...heard.text.matchAll(/^\$ usher (\w+)/gm)].map(([, command]) => command);
  expect(typed).toEqual(['sessions', 'processes', 'end', 'sessions', 'waste']);
  expect(await readdir(home)).toEqual([]);
});

test.each(['SIGINT', 'SIGHUP'] as const)(
  'a tour that %s ends leaves nothing behind',
  {
    timeout: 120_000,
  },
  async (signal) => {
    const { child, heard, ended } = begin();
    while (!heard.text.includes('$ usher')) await once(child.stdout, 'data');
    child.kill(signal);
    child.kill(signal);
    const [code] = await ended;
    expect([code, await readdir(home)], heard.text).toEqual([130, []]);
  },
);
