import { checkTidy } from './tidy/check.ts';
import { readTree, report } from './tree/files.ts';

report(checkTidy(readTree(process.cwd())));
