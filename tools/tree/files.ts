import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the tree. */
export interface TreeFile {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  /** Empty for a file that is not text. */
  readonly text: string;
}

/** One breach of a rule. */
export interface Finding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Every file that git tracks or would track: ignored ones are left out. */
export function readTree(root: string): readonly TreeFile[] {
  const listing = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (listing.status !== 0) throw new Error(`git ls-files: ${listing.error?.message ?? listing.stderr}`);
  return [...new Set(listing.stdout.split('\0'))]
    .filter((path) => path !== '' && statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true)
    .toSorted()
    .map((path) => ({ path, text: textOf(readFileSync(join(root, path))) }));
}

function textOf(bytes: Buffer): string {
  return bytes.includes(0) ? '' : bytes.toString('utf8');
}

/** The line, from 1, of the character at that offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Prints the findings as `path:line rule message`, and ends the process with 1 where there are any. */
export function report(findings: readonly Finding[]): void {
  for (const { path, line, rule, message } of findings) console.error(`${path}:${line} ${rule} ${message}`);
  if (findings.length > 0) process.exitCode = 1;
}
