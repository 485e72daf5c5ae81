import { describe, expect, test } from 'vitest';
import type { TreeFile } from '../tree/files.ts';
import { checkTidy } from './check.ts';
import { limits } from './sizes.ts';

function found(...files: readonly TreeFile[]): readonly string[] {
  return checkTidy(files).map(({ path, line, rule }) => `${path}:${line} ${rule}`);
}

const lines = (count: number): string => 'x;\n'.repeat(count);
const functionOf = (count: number): string => `function run() {\n${lines(count - 2)}}\n`;
const ratchet = (entries: Record<string, number>): TreeFile => ({
  path: 'tools/tidy-ratchet.json',
  text: JSON.stringify(entries),
});

test('a clean tree passes', () => {
  expect(
    found(
      { path: 'src/wire/bytes/reader.ts', text: `// Reads.\n${lines(limits.file - 1)}` },
      { path: 'src/wire/bytes/reader.test.ts', text: functionOf(limits.function + 9) },
      {
        path: 'test/vectors/README.md',
        text: '| file | from |\n|---|---|\n| `a.json` | MS-TSTS 4.1 |\n| `b/` | Samba |\n',
      },
      { path: 'test/vectors/a.json', text: '' },
      { path: 'test/vectors/b/c.bin', text: '' },
      { path: 'package-lock.json', text: '{ "packages": {} }\n' },
      { path: 'docs/a.md', text: 'See ../work/ and https://example.com/work/x\n' },
    ),
  ).toEqual([]);
});

describe('lengths', () => {
  test('a long file is caught', () => {
    expect(found({ path: 'src/a.ts', text: lines(limits.file + 1) })).toEqual(['src/a.ts:1 file-length']);
    expect(found({ path: 'src/a.pl', text: lines(limits.file + 1) })).toEqual(['src/a.pl:1 file-length']);
  });

  test('a long function is caught', () => {
    const text = `\n${functionOf(limits.function + 1)}${functionOf(limits.function)}`;
    expect(found({ path: 'src/a.ts', text })).toEqual(['src/a.ts:2 function-length']);
  });

  test('the ratchet allows what was there, and no more', () => {
    const text = functionOf(90);
    expect(found({ path: 'src/a.ts', text }, ratchet({ 'src/a.ts#run': 90 }))).toEqual([]);
    expect(found({ path: 'src/a.ts', text }, ratchet({ 'src/a.ts#run': 89 }))).toEqual(['src/a.ts:1 function-length']);
  });

  test('the ratchet must follow what shrank', () => {
    const text = functionOf(90);
    expect(found({ path: 'src/a.ts', text }, ratchet({ 'src/a.ts#run': 91 }))).toEqual(['src/a.ts:1 function-length']);
    const kept = found({ path: 'src/a.ts', text: functionOf(9) }, ratchet({ 'src/a.ts#run': 91 }));
    expect(kept).toEqual(['tools/tidy-ratchet.json:1 ratchet']);
  });

  test('a method is known by its name', () => {
    const text = `class A {\n  run() {\n${lines(90)}  }\n}\n`;
    expect(found({ path: 'src/a.ts', text }, ratchet({ 'src/a.ts#run': 92 }))).toEqual([]);
  });
});

describe('names', () => {
  test.each(['src/utils/a.ts', 'src/cli/helpers.ts', 'src/common/a.ts', 'test/misc.test.ts', 'docs/Common/a.md'])(
    '%s is caught',
    (path) => {
      expect(found({ path, text: '' })).toEqual([`${path}:1 empty-name`]);
    },
  );
});

describe('vectors', () => {
  const table = { path: 'test/vectors/README.md', text: '| `a.json` | Samba |\n' };
  const vector = { path: 'test/vectors/a.json', text: '' };

  test('one that the table does not name is caught', () => {
    const other = { path: 'test/vectors/b/b.json', text: '' };
    expect(found(table, vector, other)).toEqual(['test/vectors/b/b.json:1 vector-provenance']);
    expect(found(vector)).toEqual(['test/vectors/a.json:1 vector-provenance']);
  });

  test('one without a provenance is caught', () => {
    const bare = { ...table, text: '| `a.json` |  |\n' };
    expect(found(bare, vector)).toEqual(['test/vectors/README.md:1 vector-provenance']);
  });

  test('a row that names nothing is caught', () => {
    expect(found(table)).toEqual(['test/vectors/README.md:1 vector-provenance']);
  });
});

describe('addresses', () => {
  test('a download address in the lockfile is caught', () => {
    const text = '{ "packages": {},\n  "resolved": "https://example.com/a.tgz"\n}\n';
    expect(found({ path: 'package-lock.json', text })).toEqual(['package-lock.json:2 registry-address']);
  });

  test.each([
    ['registry', 'npmjs', 'org'],
    ['deb', 'debian', 'org'],
    ['pypi', 'org'],
    ['proxy', 'golang', 'org'],
  ])('a registry is caught (%#)', (...parts) => {
    const text = `echo\ncurl https://${parts.join('.')}/x\n`;
    expect(found({ path: 'docs/a.md', text })).toEqual(['docs/a.md:2 registry-address']);
  });

  test('a path of the workplace is caught', () => {
    const text = `cd ${['', 'work', 'main'].join('/')}\n`;
    expect(found({ path: 'test/lab/run.sh', text })).toEqual(['test/lab/run.sh:1 workplace-path']);
  });
});

test('a lockfile without the packages of another platform is caught', () => {
  const packages = { 'node_modules/lint': { optionalDependencies: { 'lint-win32-x64': '1.0.0' } } };
  const text = JSON.stringify({ packages });
  expect(found({ path: 'package-lock.json', text })).toEqual(['package-lock.json:1 lockfile']);
});

describe('comments', () => {
  const word = ['TO', 'DO'].join('');

  test('one that puts something off is caught', () => {
    expect(found({ path: 'src/a.ts', text: `x;\n/* ${word}: y */\n` })).toEqual(['src/a.ts:2 unfinished']);
    expect(found({ path: 'test/lab/run.sh', text: `x # ${word} y\n` })).toEqual(['test/lab/run.sh:1 unfinished']);
  });

  test('the word elsewhere is not', () => {
    expect(found({ path: 'src/a.ts', text: `export const word = '${word}';\n` })).toEqual([]);
  });
});
