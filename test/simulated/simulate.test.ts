import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';

const program = fileURLToPath(new URL('../../src/main/usher.ts', import.meta.url));
const start = fileURLToPath(new URL('../../src/main/start.ts', import.meta.url));

let home = '';
let running: ChildProcess | null = null;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'usher-estate-'));
});

afterEach(async () => {
  running?.kill('SIGKILL');
  running = null;
  await rm(home, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function begin(file: string, words: readonly string[]) {
  const env = { HOME: home, PATH: process.env['PATH'] ?? '', NODE_DISABLE_COMPILE_CACHE: '1' };
  const child = spawn(process.execPath, [file, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  let heard = Promise.withResolvers<void>();
  const hear = (stream: 'out' | 'err') => (chunk: Buffer) => {
    said[stream] += chunk.toString();
    heard.resolve();
    heard = Promise.withResolvers();
  };
  child.stdout.on('data', hear('out'));
  child.stderr.on('data', hear('err'));
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, ...said }));
  return {
    child,
    ended,
    async firstLine(): Promise<string> {
      await this.says('out', '\n');
      return said.out.split('\n', 1)[0] ?? '';
    },
    /** Waits until it has said so. */
    async says(stream: 'out' | 'err', text: string): Promise<void> {
      while (!said[stream].includes(text)) {
        const over = await Promise.race([heard.promise.then(() => null), ended]);
        if (over !== null && !said[stream].includes(text)) throw new Error(`it ended: ${JSON.stringify(over)}`);
      }
    },
  };
}

const usher = (...words: readonly string[]): Promise<Ended> => begin(program, words).ended;

async function dial({ address, port }: { readonly address: string; readonly port: number }): Promise<void> {
  const socket = connect({ host: address, port });
  await once(socket, 'connect');
  socket.destroy();
}

const listing = z.object({
  sessions: z.array(
    z.object({
      host: z.string(),
      user: z.string().nullable(),
      state: z.string(),
      protocol: z.string().nullable(),
      key: z.string(),
    }),
  ),
  errors: z.array(z.unknown()),
});

/** The commands that README.md shows to paste into a second terminal. */
async function inReadme(): Promise<readonly string[]> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, block = ''] = /by itself:\n\n```sh\n(.*?)```/s.exec(readme) ?? [];
  const commands = block.split('\n').map((line) => line.replace(/ +#.*/, ''));
  expect(commands.filter((command) => command !== '')).toHaveLength(3);
  return commands.filter((command) => command !== '');
}

const place = z.object({ address: z.string(), port: z.number() });
const started = z.object({ hosts: z.tuple([place], place) });

const busy = 120_000;

test('an estate is brought up, listed and acted on over the wire, and leaves nothing behind', {
  timeout: busy,
}, async () => {
  const inventory = path.join(home, 'sim.yaml');
  const listen = ['--listen', '127.83.0.0/16:44501'];
  const estate = begin(program, [
    'simulate',
    '--hosts',
    '3',
    '--sessions',
    '5',
    '--seed',
    '7',
    ...listen,
    '--inventory',
    inventory,
    '--json',
  ]);
  running = estate.child;
  const { hosts } = started.parse(JSON.parse(await estate.firstLine()));
  const [first] = hosts;
  await dial(first);
  expect((await stat(`${inventory}.password`)).mode & 0o777).toBe(0o600);

  const read = async () => listing.parse(JSON.parse((await usher('--inventory', inventory, 'sessions', '--json')).out));
  const { sessions, errors } = await read();
  expect(errors).toEqual([]);
  expect(
    Object.fromEntries(
      Map.groupBy(sessions, ({ host }) => host)
        .entries()
        .map(([host, own]) => [host, own.length]),
    ),
  ).toEqual({
    'sim-ts01': 5,
    'sim-citrix': 5,
    'sim-tsplus': 5,
  });
  expect(sessions.some(({ host, protocol }) => host === 'sim-citrix' && protocol === 'ica')).toBe(true);

  const left = sessions.find(({ state }) => state === 'disconnected');
  const here = sessions.find(({ state }) => state === 'active');
  if (left === undefined || here === undefined) throw new Error('the seed has no such sessions');
  const message = await usher(
    '--inventory',
    inventory,
    'message',
    here.key,
    'Updates at noon',
    '--wait',
    '1s',
    '--json',
  );
  expect([message.code, message.err]).toEqual([0, '']);
  const loggedOff = await usher('--inventory', inventory, 'logoff', left.key);
  expect([loggedOff.code, loggedOff.out]).toEqual([0, expect.stringContaining('ended: gone') as unknown]);
  expect((await read()).sessions.map(({ key }) => key)).not.toContain(left.key);

  estate.child.kill('SIGINT');
  expect((await estate.ended).code).toBe(0);
  expect(await readdir(home, { recursive: true })).toEqual(['.local', '.local/state']);
  await expect(dial(first)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a second estate takes another port, and the demo is found by whoever names nothing', {
  timeout: busy,
}, async () => {
  const demo = begin(start, []);
  running = demo.child;
  await demo.says('err', 'second terminal');
  await demo.says('out', 'sim-hangs-on-reset');
  for (const command of await inReadme()) await demo.says('err', command);
  const found = await usher('sessions', '--troubled', '--json');
  expect(found.err).toContain(`simulated estate (process ${demo.child.pid})`);
  expect(
    listing
      .parse(JSON.parse(found.out))
      .sessions.map(({ host }) => host)
      .toSorted(),
  ).toEqual(['sim-hangs-on-logoff', 'sim-hangs-on-reset']);
  const second = begin(program, ['simulate', '--hosts', '1', '--sessions', '1', '--json']);
  const { hosts } = started.parse(JSON.parse(await second.firstLine()));
  second.child.kill('SIGTERM');
  await second.ended;
  const listed = await usher('hosts', 'list', '--csv');
  expect(listed.out).toContain('sim-ts01,windows://');
  expect(listed.out).not.toContain(`:${hosts[0].port}`);
  demo.child.kill('SIGINT');
  expect((await demo.ended).code).toBe(0);
  expect(await readdir(path.join(home, '.local', 'state'))).toEqual([]);
});
