import { type Codec, u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { bufferByLength } from './buffer.ts';
import type { Command } from './command.ts';
import { fileId } from './file-id.ts';

/** SMB2 SET_INFO Request (MS-SMB2 2.2.39). */
const request = layout({
  structureSize: fixed(u16, 33),
  infoType: u8,
  fileInfoClass: u8,
  input: bufferByLength({ offset: u16, length: u32 }),
  reserved: unused(2),
  additionalInformation: u32,
  fileId,
});

/** SMB2 SET_INFO Response (2.2.40): nothing but its StructureSize. */
const body = layout({ structureSize: fixed(u16, 2) });
const response: Codec<null> = {
  read(from) {
    body.read(from);
    return null;
  },
  write: (to) => body.write(to, {}),
};

export const setInfo: Command<ValueOf<typeof request>, null> = {
  name: 'SET_INFO',
  code: 17,
  onTree: true,
  request,
  response,
};
