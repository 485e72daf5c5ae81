import { posix } from 'node:path';
import type { Finding, TreeFile } from '../tree/files.ts';

const folder = 'test/vectors/';
const table = `${folder}README.md`;

/** One row of the table: a file, or a folder with `/` at its end that stands for the files right in it. */
interface Row {
  readonly name: string;
  readonly line: number;
  readonly hasProvenance: boolean;
}

/** Vectors that the table does not name, and rows that name nothing or give no provenance. */
export function checkVectors(files: readonly TreeFile[]): readonly Finding[] {
  const vectors = files.map(({ path }) => path).filter((path) => path.startsWith(folder) && path !== table);
  const rows = rowsOf(files.find(({ path }) => path === table)?.text ?? '');
  const covers = ({ name }: Row, path: string): boolean =>
    name.endsWith('/') ? `${posix.dirname(path)}/` === folder + name : path === folder + name;
  const orphans = vectors.filter((path) => !rows.some((row) => covers(row, path)));
  const idle = rows.filter((row) => !vectors.some((path) => covers(row, path)));
  const rule = 'vector-provenance';
  return [
    ...orphans.map((path) => ({ path, line: 1, rule, message: `the table in ${table} does not name it` })),
    ...idle.map(({ name, line }) => ({ path: table, line, rule, message: `there is no ${name}` })),
    ...rows
      .filter(({ hasProvenance }) => !hasProvenance)
      .map(({ name, line }) => ({ path: table, line, rule, message: `${name} has no provenance` })),
  ];
}

/** Rows whose first cell is a name in backticks; the cell after it says where the vector comes from. */
function rowsOf(text: string): readonly Row[] {
  return text.split('\n').flatMap((content, at) => {
    const [, name, provenance = ''] = /^\|\s*`([^`]+)`\s*\|([^|]*)/.exec(content) ?? [];
    return name === undefined ? [] : [{ name, line: at + 1, hasProvenance: provenance.trim() !== '' }];
  });
}
