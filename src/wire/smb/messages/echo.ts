import type { Command } from './command.ts';
import { empty } from './empty.ts';

/** SMB2 ECHO Request and Response (MS-SMB2 2.2.28, 2.2.29). */
export const echo: Command<null, null> = { name: 'ECHO', code: 13, request: empty, response: empty };
