import type { Command } from './command.ts';
import { empty } from './empty.ts';

/** SMB2 CANCEL Request (MS-SMB2 2.2.30), which has no response: what it cancels is in its header. */
export const cancel: Omit<Command<null, null>, 'response'> = { name: 'CANCEL', code: 12, request: empty };
