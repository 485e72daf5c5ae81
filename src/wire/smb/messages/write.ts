import { u16, u32, u64, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { buffer } from './buffer.ts';
import type { Command } from './command.ts';
import { fileId } from './file-id.ts';

/** SMB2 WRITE Request (MS-SMB2 2.2.21), without a channel. */
const request = layout({
  structureSize: fixed(u16, 49),
  data: buffer({ offset: u16, length: u32 }),
  /** Zero on a pipe. */
  offset: u64,
  fileId,
  channel: fixed(u32, 0),
  channelInfo: unused(8),
  flags: u32,
});

/** SMB2 WRITE Response (2.2.22). */
const response = layout({
  structureSize: fixed(u16, 17),
  reserved: unused(2),
  /** How many bytes were written. */
  count: u32,
  remaining: unused(4),
  writeChannelInfo: unused(4),
});

export const write: Command<ValueOf<typeof request>, ValueOf<typeof response>> = {
  name: 'WRITE',
  code: 9,
  onTree: true,
  request,
  response,
};
