import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { complaint, count } from './outcomes/count.ts';
import type { RunReport } from './outcomes/count.ts';

// outcomes FOLDER…: says what the reports that vitest left in each folder come to, and leaves the line that CI reads
// in the file `closing-line` beside them.

const [, , ...folders] = process.argv;

const reportsIn = (folder: string): readonly RunReport[] =>
  globSync(`${folder}/*.json`).map((file) => JSON.parse(readFileSync(file, 'utf8')) as RunReport);

for (const folder of folders) {
  const kind = basename(folder);
  const tally = count(reportsIn(folder));
  console.log(`${kind.padEnd(5)}passed ${tally.passed}, failed ${tally.failed}, skipped ${tally.skipped}`);
  const why = complaint(kind, tally);
  if (why !== null) {
    console.error(why);
    process.exitCode = 1;
  }
}

const { passed, failed, skipped } = count(folders.flatMap(reportsIn));
writeFileSync(`${dirname(folders[0] ?? '')}/closing-line`, `${passed} passed, ${failed} failed, ${skipped} skipped\n`);
