import { u16, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import type { Command } from './command.ts';
import { empty } from './empty.ts';
import { fileId } from './file-id.ts';

/** SMB2 FLUSH Request (MS-SMB2 2.2.17). */
const request = layout({ structureSize: fixed(u16, 24), reserved1: unused(2), reserved2: unused(4), fileId });

/** SMB2 FLUSH Request and Response (2.2.17, 2.2.18). */
export const flush: Command<ValueOf<typeof request>, null> = {
  name: 'FLUSH',
  code: 7,
  onTree: true,
  request,
  response: empty,
};
