import type { Finding, TreeFile } from '../tree/files.ts';
import { checkAddresses } from './addresses.ts';
import { checkComments } from './comments.ts';
import { checkLockfile } from './lockfile.ts';
import { checkNames } from './names.ts';
import { checkSizes, ratchetPath } from './sizes.ts';
import type { Ratchet } from './sizes.ts';
import { checkVectors } from './vectors.ts';

/** Where the tree is untidy. */
export function checkTidy(files: readonly TreeFile[]): readonly Finding[] {
  return [
    ...checkSizes(files, ratchetOf(files)),
    ...checkNames(files),
    ...checkVectors(files),
    ...checkAddresses(files),
    ...checkLockfile(files),
    ...checkComments(files),
  ];
}

function ratchetOf(files: readonly TreeFile[]): Ratchet {
  const text = files.find(({ path }) => path === ratchetPath)?.text ?? '{}';
  return JSON.parse(text) as Ratchet;
}
