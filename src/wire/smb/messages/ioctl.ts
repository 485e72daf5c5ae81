import { u16, u32, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { buffer } from './buffer.ts';
import type { Command } from './command.ts';
import { fileId } from './file-id.ts';

/** CtlCode (MS-SMB2 2.2.31). */
export const ctlCode = {
  dfsGetReferrals: 0x00060194,
  dfsGetReferralsEx: 0x000601b0,
  pipePeek: 0x0011400c,
  pipeWait: 0x00110018,
  pipeTransceive: 0x0011c017,
  queryNetworkInterfaceInfo: 0x001401fc,
  validateNegotiateInfo: 0x00140204,
} as const;

/** Flags (2.2.31): SMB2_0_IOCTL_IS_FSCTL. */
export const isFsctl = 1;

/** SMB2 IOCTL Request (2.2.31), without output data. */
const request = layout({
  structureSize: fixed(u16, 57),
  reserved: unused(2),
  ctlCode: u32,
  fileId,
  input: buffer({ offset: u32, length: u32 }),
  maxInputResponse: u32,
  output: unused(8),
  maxOutputResponse: u32,
  flags: u32,
  reserved2: unused(4),
});

/** SMB2 IOCTL Response (2.2.32). */
const response = layout({
  structureSize: fixed(u16, 49),
  reserved: unused(2),
  ctlCode: u32,
  fileId,
  input: buffer({ offset: u32, length: u32 }),
  output: buffer({ offset: u32, length: u32, alignment: 8 }),
  flags: unused(4),
  reserved2: unused(4),
});

export const ioctl: Command<ValueOf<typeof request>, ValueOf<typeof response>> = {
  name: 'IOCTL',
  code: 11,
  onTree: true,
  request,
  response,
};
