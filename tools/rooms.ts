import { checkRooms } from './rooms/check.ts';
import { readTree, report } from './tree/files.ts';

report(checkRooms(readTree(process.cwd())));
