import { u16, u32, u64, u8, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { buffer } from './buffer.ts';
import type { Command } from './command.ts';
import { fileId } from './file-id.ts';

/** SMB2 READ Request (MS-SMB2 2.2.19), without a channel. */
const request = layout({
  structureSize: fixed(u16, 49),
  /** Where in the response the data would best begin: right behind its fields, at 80. */
  padding: u8,
  flags: u8,
  /** How many bytes at most. */
  length: u32,
  /** Zero on a pipe. */
  offset: u64,
  fileId,
  minimumCount: u32,
  channel: fixed(u32, 0),
  channelInfo: unused(8),
  /** The Buffer of one byte that StructureSize counts. */
  buffer: unused(1),
});

/** SMB2 READ Response (2.2.20). */
const response = layout({
  structureSize: fixed(u16, 17),
  data: buffer({ offset: u8, between: 1, length: u32 }),
  dataRemaining: u32,
  flags: u32,
});

export const read: Command<ValueOf<typeof request>, ValueOf<typeof response>> = {
  name: 'READ',
  code: 8,
  onTree: true,
  request,
  response,
};
