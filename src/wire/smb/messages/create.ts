import { u16, u32, u64, u8, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { textBuffer } from './buffer.ts';
import type { Command } from './command.ts';
import { fileId } from './file-id.ts';

/** ImpersonationLevel (MS-SMB2 2.2.13). */
export const impersonationLevel = { anonymous: 0, identification: 1, impersonation: 2, delegate: 3 } as const;

/** ShareAccess (2.2.13). It is said to be for no pipe, but Windows sends it for pipes as well (section 4.4). */
export const shareAccess = { read: 1, write: 2, delete: 4 } as const;

/** CreateDisposition (2.2.13). */
export const createDisposition = { open: 1, openIf: 3 } as const;

/** CreateAction (2.2.14). */
export const createAction = { opened: 1 } as const;

/** CreateOptions (2.2.13). */
export const createOption = { nonDirectoryFile: 0x40 } as const;

/** DesiredAccess (2.2.13.1.1). */
export const access = {
  readData: 0x1,
  writeData: 0x2,
  appendData: 0x4,
  readEa: 0x8,
  writeEa: 0x10,
  readAttributes: 0x80,
  writeAttributes: 0x100,
  readControl: 0x20000,
  synchronize: 0x100000,
  maximumAllowed: 0x2000000,
  genericAll: 0x10000000,
  genericWrite: 0x40000000,
  genericRead: 0x80000000,
} as const;

/** SMB2 CREATE Request (2.2.13). Oplocks and create contexts are for files: pipes do without. */
const request = layout({
  structureSize: fixed(u16, 57),
  securityFlags: unused(1),
  requestedOplockLevel: unused(1),
  impersonationLevel: u32,
  smbCreateFlags: unused(8),
  reserved: unused(8),
  desiredAccess: u32,
  fileAttributes: u32,
  shareAccess: u32,
  createDisposition: u32,
  createOptions: u32,
  /** Relative to the share: a pipe's name without a backslash before it. */
  name: textBuffer({ offset: u16, length: u16, alignment: 8 }),
  createContexts: unused(8),
});

/** SMB2 CREATE Response (2.2.14). Its create contexts are not read: none was asked for. */
const response = layout({
  structureSize: fixed(u16, 89),
  oplockLevel: u8,
  flags: u8,
  createAction: u32,
  creationTime: u64,
  lastAccessTime: u64,
  lastWriteTime: u64,
  changeTime: u64,
  allocationSize: u64,
  endOfFile: u64,
  fileAttributes: u32,
  reserved2: unused(4),
  fileId,
  createContexts: unused(8),
});

export const create: Command<ValueOf<typeof request>, ValueOf<typeof response>> = {
  name: 'CREATE',
  code: 5,
  onTree: true,
  request,
  response,
};
