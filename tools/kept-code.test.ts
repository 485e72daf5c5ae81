import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'usher-kept-'));
const elsewhere = `${root}-elsewhere`;
const cache = join(root, 'cache');
const kept = join(cache, 'usher', 'compiled');
const built = join(root, 'dist', 'main');

const program = `
const part = require('./part.cjs');
process.exitCode = Number(process.argv[3] ?? 0);
if (process.argv[4] === 'more') require('./more.cjs');
console.log(part.word(), require('node:path').basename(__filename));
`;
const part = "exports.word = () => 'one';\n";

beforeAll(() => {
  mkdirSync(join(root, 'bin'));
  mkdirSync(built, { recursive: true });
  for (const file of ['package.json', 'usher', 'launcher.js', 'find-node.js', 'kept-code.js']) {
    copyFileSync(join('bin', file), join(root, 'bin', file));
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
});

beforeEach(() => {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { mode: 0o700 });
  writeFileSync(join(built, 'usher.cjs'), program);
  writeFileSync(join(built, 'part.cjs'), part);
  writeFileSync(join(built, 'more.cjs'), 'exports.more = true;\n');
});

afterAll(() => {
  for (const place of [root, elsewhere]) rmSync(place, { recursive: true, force: true });
});

function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}, place = root): string {
  const env = { XDG_CACHE_HOME: cache, ...environment };
  const { stdout, stderr } = spawnSync(process.execPath, [join(place, 'bin', 'usher'), ...words], {
    env,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

/** What is kept, below the folder that Node has for each of its versions. */
const codes = (): readonly string[] =>
  globSync('*/*.code', { cwd: kept })
    .map((file) => basename(file))
    .toSorted();

const fileOf = (command: string): string => join(kept, globSync(`*/${command}.code`, { cwd: kept })[0] ?? 'none');

test('the code of a command is kept when it has run, and used when it runs again', () => {
  expect(run(['sessions'])).toBe('one usher.cjs\n');
  expect(codes()).toEqual(['sessions.code']);
  const file = fileOf('sessions');
  const { ino, mode } = statSync(file);
  expect(mode & 0o777).toBe(0o600);
  expect(run(['sessions'])).toBe('one usher.cjs\n');
  expect(statSync(file).ino).toBe(ino);
});

test('a run that needs more adds to it', () => {
  run(['sessions']);
  run(['sessions', '0', 'more']);
  const { ino } = statSync(fileOf('sessions'));
  run(['sessions']);
  run(['sessions', '0', 'more']);
  expect(statSync(fileOf('sessions')).ino).toBe(ino);
});

test('each command has its own, and all with an option before it share one', () => {
  for (const words of [['end'], ['--json', 'end'], ['../end', 'end']]) run(words);
  expect(codes()).toEqual(['end.code', 'usher.code']);
});

test.each([[[]], [['--version']], [['../end']]])('without a command nothing is kept: %j', (words) => {
  expect(run(words)).toBe('one usher.cjs\n');
  expect(codes()).toEqual([]);
});

test('some failed hosts cost nothing of it; what was wrong use leaves nothing', () => {
  run(['sessions', '1']);
  run(['sesions', '2']);
  expect(codes()).toEqual(['sessions.code']);
});

test('the same program in another place has the same code', () => {
  run(['sessions']);
  const { ino } = statSync(fileOf('sessions'));
  cpSync(root, elsewhere, { recursive: true, filter: (path) => path !== cache });
  expect(run(['sessions'], {}, elsewhere)).toBe('one usher.cjs\n');
  expect(statSync(fileOf('sessions')).ino).toBe(ino);
});

test('another program of the same length does not get the code of this one', () => {
  run(['sessions']);
  writeFileSync(join(built, 'usher.cjs'), program.replace('part.word()', 'part.next()'));
  writeFileSync(join(built, 'part.cjs'), "exports.next = () => 'two';\n");
  expect(run(['sessions'])).toBe('two usher.cjs\n');
  expect(run(['sessions'])).toBe('two usher.cjs\n');
});

test.each([
  ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
  [
    'has a bit that is wrong',
    (bytes: Buffer) =>
      Buffer.concat([bytes.subarray(0, -100), Buffer.from([~(bytes.at(-100) ?? 0)]), bytes.subarray(-99)]),
  ],
  ['is empty', () => Buffer.alloc(0)],
  ['is something else', () => Buffer.from('{"codes":7}\n')],
])('code that %s is not run, and made anew', (_what, spoil) => {
  run(['sessions']);
  const file = fileOf('sessions');
  const whole = readFileSync(file);
  writeFileSync(file, spoil(whole));
  const { ino } = statSync(file);
  expect(run(['sessions'])).toBe('one usher.cjs\n');
  expect(statSync(file).ino).not.toBe(ino);
  expect(readFileSync(file).length).toBe(whole.length);
});

test.each(['NODE_DISABLE_COMPILE_CACHE', 'NODE_COMPILE_CACHE'])('nothing is kept with %s', (name) => {
  expect(run(['sessions'], { [name]: join(root, 'elsewhere') })).toBe('one usher.cjs\n');
  expect(codes()).toEqual([]);
});

test('where Node can keep nothing the program runs all the same', () => {
  mkdirSync(join(cache, 'usher'));
  writeFileSync(kept, 'a file where the folder should be');
  expect(run(['sessions'])).toBe('one usher.cjs\n');
});
