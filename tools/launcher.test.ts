import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'usher-launcher-'));
const withNode = join(root, 'path');
/** Makes the Node that it is loaded into say that it is an old one. */
const disguise = join(root, 'disguise.cjs');

const program = `
const [, , act] = process.argv;
if (act === 'say') console.log(process.versions.node, ...process.argv.slice(3));
if (act === 'fail') process.exitCode = 3;
if (act === 'die') process.kill(process.pid, 'SIGKILL');
if (act === 'cache') console.log(require('node:module').getCompileCacheDir() ?? 'none');
if (act === 'echo') process.stdin.pipe(process.stdout);
if (act === 'wait') {
  process.on('SIGTERM', () => process.exit(7));
  setInterval(() => {}, 1000);
  console.log('ready');
}
`;

beforeAll(() => {
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'dist', 'main'), { recursive: true });
  mkdirSync(withNode);
  for (const file of ['package.json', 'usher', 'launcher.js', 'find-node.js', 'kept-code.js']) {
    copyFileSync(join('bin', file), join(root, 'bin', file));
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'dist', 'main', 'usher.cjs'), program);
  writeFileSync(disguise, "Object.defineProperty(process, 'versions', { value: { node: '12.0.0' } });\n");
  symlinkSync(process.execPath, join(withNode, 'node'));
});

afterAll(() => rmSync(root, { recursive: true }));

interface Start {
  readonly old?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

function start(words: readonly string[], { old = true, environment = { PATH: withNode } }: Start = {}) {
  const loader = old ? ['--require', disguise] : [];
  return spawn(process.execPath, [...loader, join(root, 'bin', 'usher'), ...words], {
    env: { ...environment, HOME: root },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

async function run(words: readonly string[], how?: Start) {
  const child = start(words, how);
  const ended = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  const [out, err, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out, err, code, signal };
}

test('a Node that will do runs the program itself', async () => {
  const { out } = await run(['say', 'a', 'b c'], { old: false, environment: { PATH: '' } });
  expect(out).toBe(`${process.versions.node} a b c\n`);
});

test('an old Node hands over to one on PATH, with the arguments', async () => {
  const { out } = await run(['say', 'a', 'b c']);
  expect(out).toBe(`${process.versions.node} a b c\n`);
});

test('an old Node hands over to USHER_NODE', async () => {
  const { out } = await run(['say'], { environment: { PATH: '', USHER_NODE: process.execPath } });
  expect(out).toBe(`${process.versions.node}\n`);
});

test('without any Node that will do it says what is needed', async () => {
  const { err, code } = await run(['say'], { environment: { PATH: '' } });
  expect(err).toMatch(/^usher: needs Node 24 or newer, and this one is 12\.0\.0; install one, or name one/);
  expect(code).toBe(2);
});

test('a USHER_NODE that does not start is named', async () => {
  const { err, code } = await run(['say'], { environment: { PATH: withNode, USHER_NODE: '/nowhere/node' } });
  expect(err).toContain('USHER_NODE=/nowhere/node does not start');
  expect(code).toBe(2);
});

test('the end of the program is the end of the launcher', async () => {
  expect(await run(['fail'])).toMatchObject({ code: 3, signal: null });
  expect(await run(['die'])).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('what is typed reaches the program', async () => {
  const child = start(['echo']);
  child.stdin.end('hello');
  expect(await text(child.stdout)).toBe('hello');
});

/** Where compiled code is kept with an XDG_CACHE_HOME, relative to it; `folders` stand there before, with their modes. */
async function cacheIn(base: string, folders: Readonly<Record<string, number>>): Promise<string> {
  for (const [folder, mode] of Object.entries(folders)) {
    mkdirSync(join(base, folder), { recursive: true });
    chmodSync(join(base, folder), mode);
  }
  const { out } = await run(['cache'], { old: false, environment: { PATH: '', XDG_CACHE_HOME: base } });
  return out.trim().replace(`${base}/`, '');
}

test('compiled code is kept in a folder that nobody else can write to, also under a loose umask', async () => {
  const base = join(root, 'own');
  const umask = process.umask(0o002);
  try {
    expect(await cacheIn(base, { '.': 0o755 })).toMatch(/^usher\/compiled/);
    expect(await cacheIn(base, {})).toMatch(/^usher\/compiled/);
  } finally {
    process.umask(umask);
  }
  expect(statSync(join(base, 'usher', 'compiled')).mode & 0o777).toBe(0o700);
});

test.each([
  ['the cache folder', { '.': 0o1777, 'usher/compiled': 0o755 }],
  ['the folder of Usher', { '.': 0o755, usher: 0o775 }],
  ['the folder of compiled code', { '.': 0o755, usher: 0o755, 'usher/compiled': 0o757 }],
])('compiled code is not taken from where others can write: %s', async (what, folders) => {
  expect(await cacheIn(join(root, what), folders)).toBe('none');
});

test.runIf(process.getuid?.() === 0).each(['.', 'usher', 'usher/compiled'])(
  'root takes no compiled code from below a folder of somebody else: %s',
  async (folder) => {
    const base = join(root, `nobody ${folder.replace('/', ' ')}`);
    mkdirSync(join(base, 'usher', 'compiled'), { recursive: true });
    chownSync(join(base, folder), 65_534, 65_534);
    expect(await cacheIn(base, {})).toBe('none');
  },
);

test('a signal reaches the program', async () => {
  const child = start(['wait']);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(7);
});
