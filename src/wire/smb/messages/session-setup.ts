import { u16, u32, u64, u8, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { buffer } from './buffer.ts';
import type { Command } from './command.ts';

/** Flags of a request (MS-SMB2 2.2.5). */
export const setupFlag = { binding: 1 } as const;

/** SessionFlags (2.2.6). */
export const sessionFlag = { isGuest: 1, isNull: 2, encryptData: 4 } as const;

/** SMB2 SESSION_SETUP Request (2.2.5). */
const request = layout({
  structureSize: fixed(u16, 25),
  flags: u8,
  securityMode: u8,
  capabilities: u32,
  channel: unused(4),
  securityBuffer: buffer({ offset: u16, length: u16 }),
  previousSessionId: u64,
});

/** SMB2 SESSION_SETUP Response (2.2.6). */
const response = layout({
  structureSize: fixed(u16, 9),
  sessionFlags: u16,
  securityBuffer: buffer({ offset: u16, length: u16 }),
});

export const sessionSetup: Command<ValueOf<typeof request>, ValueOf<typeof response>> = {
  name: 'SESSION_SETUP',
  code: 1,
  request,
  response,
};
