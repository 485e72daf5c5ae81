import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { basename } from 'node:path';

const source = 'src';
const target = 'dist';

/** What the program reads when it runs, and is no TypeScript. Folders named `testing` serve tests only. */
function isAsset(path: string): boolean {
  return !path.endsWith('.ts') && basename(path) !== 'testing';
}

rmSync(target, { recursive: true, force: true });
const compiler = ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json'];
const { status } = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
if (status === 0) {
  cpSync(source, target, { recursive: true, filter: isAsset });
} else {
  process.exitCode = 1;
}
