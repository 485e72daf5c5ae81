import { u16, u32, u64, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import type { Command } from './command.ts';
import { fileId } from './file-id.ts';

/** SMB2 CLOSE Request (MS-SMB2 2.2.15). */
const request = layout({ structureSize: fixed(u16, 24), flags: u16, reserved: unused(4), fileId });

/** SMB2 CLOSE Response (2.2.16). */
const response = layout({
  structureSize: fixed(u16, 60),
  flags: u16,
  reserved: unused(4),
  creationTime: u64,
  lastAccessTime: u64,
  lastWriteTime: u64,
  changeTime: u64,
  allocationSize: u64,
  endOfFile: u64,
  fileAttributes: u32,
});

export const close: Command<ValueOf<typeof request>, ValueOf<typeof response>> = {
  name: 'CLOSE',
  code: 6,
  onTree: true,
  request,
  response,
};
