import { readFileSync, writeFileSync } from 'node:fs';
import { completeLockfile } from './lockfile/complete.ts';
import type { Lockfile } from './lockfile/complete.ts';

const file = 'package-lock.json';

const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
writeFileSync(file, `${JSON.stringify(completeLockfile(lockfile), null, 2)}\n`);
