import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { glyphOf } from '../../src/hosts/xrdp/message/font.ts';
import { probeSource } from '../../src/hosts/xrdp/probe/source.ts';
import { bundle } from './bundle.ts';

const root = mkdtempSync(join(tmpdir(), 'usher-built-'));
const built = join(root, 'dist');
/** What a Node below 26 has not. */
const withoutTemporal = join(root, 'without-temporal.cjs');

beforeAll(async () => {
  await bundle(built);
  for (const part of ['bin', 'package.json']) cpSync(part, join(root, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  writeFileSync(withoutTemporal, 'delete globalThis.Temporal;\n');
}, 60_000);

afterAll(() => rmSync(root, { recursive: true }));

function run(words: readonly string[], node: readonly string[] = []) {
  const program = join(root, 'bin', 'usher');
  const env = { HOME: root, XDG_CACHE_HOME: join(root, 'cache') };
  return spawnSync(process.execPath, [...node, program, ...words], { env, encoding: 'utf8' });
}

function chunk(place: string): unknown {
  const [file = ''] = globSync(join(built, `${place}-*.cjs`));
  return createRequire(import.meta.url)(file);
}

test('the built program says the version of its package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  expect(run(['--version'])).toMatchObject({ stdout: `${version}\n`, status: 0 });
});

test.each([
  ['an inventory', ['hosts', 'list', '--json']],
  ['the help of every command', ['--help']],
  ['what simulated hosts can do', ['simulate', '--help']],
])('the built program tells %s', (_what, words) => {
  const fromSource = spawnSync(process.execPath, ['src/main/usher.ts', ...words], {
    env: { HOME: root },
    encoding: 'utf8',
  });
  expect(run(words)).toMatchObject({ stdout: fromSource.stdout, stderr: '', status: 0 });
});

test('the built program brings Temporal where Node has none', () => {
  expect(run(['hosts', 'list', '--json'], ['--require', withoutTemporal])).toMatchObject({ stderr: '', status: 0 });
});

test('the built program speaks SSH by the library beside it', () => {
  const { stdout } = run(['sessions', '--json', '-s', 'ssh://root@127.0.0.1:1']);
  expect(JSON.parse(stdout)).toMatchObject({ errors: [{ code: 'unreachable' }] });
});

test('the built probe is the probe', () => {
  const { probeSource: builtSource } = chunk('hosts/xrdp/probe/source') as { readonly probeSource: typeof probeSource };
  expect(builtSource()).toEqual(probeSource());
});

test('the built font has the glyphs', () => {
  const { glyphOf: builtGlyph } = chunk('hosts/xrdp/message/font') as { readonly glyphOf: typeof glyphOf };
  expect(builtGlyph(0x6f22)).toEqual(glyphOf(0x6f22));
});

test('licences of what is built in are beside it', () => {
  expect(readFileSync(join(built, 'licences.md'), 'utf8')).toContain('## zod - ');
});
