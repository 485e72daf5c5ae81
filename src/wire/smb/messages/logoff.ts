import type { Command } from './command.ts';
import { empty } from './empty.ts';

/** SMB2 LOGOFF Request and Response (MS-SMB2 2.2.7, 2.2.8). */
export const logoff: Command<null, null> = { name: 'LOGOFF', code: 2, request: empty, response: empty };
