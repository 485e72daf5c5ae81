import { u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { textBuffer } from './buffer.ts';
import type { Command } from './command.ts';

/** ShareType (MS-SMB2 2.2.10). */
export const shareType = { disk: 1, pipe: 2, print: 3 } as const;

/** ShareFlags (2.2.10). */
export const shareFlag = { encryptData: 0x8000 } as const;

/** SMB2 TREE_CONNECT Request (2.2.9), without its extension. */
const request = layout({
  structureSize: fixed(u16, 9),
  flags: u16,
  /** `\\server\share`. */
  path: textBuffer({ offset: u16, length: u16 }),
});

/** SMB2 TREE_CONNECT Response (2.2.10). The header says the TreeId. */
const response = layout({
  structureSize: fixed(u16, 16),
  shareType: u8,
  reserved: unused(1),
  shareFlags: u32,
  capabilities: u32,
  maximalAccess: u32,
});

export const treeConnect: Command<ValueOf<typeof request>, ValueOf<typeof response>> = {
  name: 'TREE_CONNECT',
  code: 3,
  request,
  response,
};
