import { u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout } from '../../bytes/layout.ts';
import { buffer } from './buffer.ts';
import type { Command } from './command.ts';
import { fileId } from './file-id.ts';

/** InfoType (MS-SMB2 2.2.37, 2.2.39). */
export const infoType = { file: 1, fileSystem: 2, security: 3, quota: 4 } as const;

/** SMB2 QUERY_INFO Request (2.2.37). */
const request = layout({
  structureSize: fixed(u16, 41),
  infoType: u8,
  fileInfoClass: u8,
  /** Bytes of the output at most. */
  outputLength: u32,
  input: buffer({ offset: u16, between: 2, length: u32 }),
  additionalInformation: u32,
  flags: u32,
  fileId,
});

/** SMB2 QUERY_INFO Response (2.2.38). */
const response = layout({ structureSize: fixed(u16, 9), output: buffer({ offset: u16, length: u32 }) });

export const queryInfo: Command<ValueOf<typeof request>, ValueOf<typeof response>> = {
  name: 'QUERY_INFO',
  code: 16,
  onTree: true,
  request,
  response,
};
