import type { Command } from './command.ts';
import { empty } from './empty.ts';

/** SMB2 TREE_DISCONNECT Request and Response (MS-SMB2 2.2.11, 2.2.12). */
export const treeDisconnect: Command<null, null> = {
  name: 'TREE_DISCONNECT',
  code: 4,
  onTree: true,
  request: empty,
  response: empty,
};
