import { missingEntries } from '../lockfile/complete.ts';
import type { Lockfile } from '../lockfile/complete.ts';
import type { Finding, TreeFile } from '../tree/files.ts';

const path = 'package-lock.json';

/** Packages of other platforms that the lockfile lacks: a clone could not `npm ci`. */
export function checkLockfile(files: readonly TreeFile[]): readonly Finding[] {
  const text = files.find((file) => file.path === path)?.text;
  if (text === undefined) return [];
  return missingEntries(JSON.parse(text) as Lockfile).map(({ name }) => {
    return { path, line: 1, rule: 'lockfile', message: `has no entry for ${name}: run npm run lockfile` };
  });
}
