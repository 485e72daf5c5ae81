import type { Finding, TreeFile } from '../tree/files.ts';

/** Names that say nothing about what is inside. */
const emptyNames: readonly string[] = ['util', 'utils', 'helper', 'helpers', 'common', 'misc'];

/** Files and folders with a name that says nothing. */
export function checkNames(files: readonly TreeFile[]): readonly Finding[] {
  return files.flatMap(({ path }) => {
    const empty = path.split('/').find((part) => emptyNames.includes(part.replace(/\..*$/, '').toLowerCase()));
    if (empty === undefined) return [];
    return [{ path, line: 1, rule: 'empty-name', message: `'${empty}' does not say what is inside` }];
  });
}
