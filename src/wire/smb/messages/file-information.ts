import { i64, u32, u64, u8, type ValueOf } from '../../bytes/codec.ts';
import { layout, unused } from '../../bytes/layout.ts';

/** Information classes of a file that a pipe has as well ([MS-FSCC] 2.4). */
export const fileInformationClass = {
  basic: 4,
  standard: 5,
  internal: 6,
  ea: 7,
  access: 8,
  position: 14,
  mode: 16,
  alignment: 17,
  all: 18,
  pipe: 23,
  pipeLocal: 24,
  networkOpen: 34,
  attributeTag: 35,
} as const;

/** FileAttributes ([MS-FSCC] 2.6). */
export const fileAttribute = { normal: 0x80 } as const;

/** FILE_BASIC_INFORMATION ([MS-FSCC] 2.4.7). */
export const basicInformation = layout({
  creationTime: i64,
  lastAccessTime: i64,
  lastWriteTime: i64,
  changeTime: i64,
  fileAttributes: u32,
  reserved: unused(4),
});

/** FILE_STANDARD_INFORMATION (2.4.47). */
export const standardInformation = layout({
  allocationSize: u64,
  endOfFile: u64,
  numberOfLinks: u32,
  deletePending: u8,
  directory: u8,
  reserved: unused(2),
});

/** FILE_PIPE_INFORMATION (2.4.37). */
export const pipeInformation = layout({ readMode: u32, completionMode: u32 });

/** ReadMode and CompletionMode (2.4.37). */
export const readMode = { byteStream: 0, message: 1 } as const;
export const completionMode = { queue: 0, complete: 1 } as const;

/** FILE_PIPE_LOCAL_INFORMATION (2.4.38). */
export const pipeLocalInformation = layout({
  namedPipeType: u32,
  namedPipeConfiguration: u32,
  maximumInstances: u32,
  currentInstances: u32,
  inboundQuota: u32,
  readDataAvailable: u32,
  outboundQuota: u32,
  writeQuotaAvailable: u32,
  namedPipeState: u32,
  namedPipeEnd: u32,
});

/** NamedPipeType, NamedPipeConfiguration and NamedPipeState (2.4.38). */
export const namedPipeType = { message: 1 } as const;
export const namedPipeConfiguration = { fullDuplex: 2 } as const;
export const namedPipeState = { connected: 3, closing: 4 } as const;

/** FILE_NETWORK_OPEN_INFORMATION (2.4.33). */
export const networkOpenInformation = layout({
  creationTime: i64,
  lastAccessTime: i64,
  lastWriteTime: i64,
  changeTime: i64,
  allocationSize: u64,
  endOfFile: u64,
  fileAttributes: u32,
  reserved: unused(4),
});

/** FILE_ATTRIBUTE_TAG_INFORMATION (2.4.6). */
export const attributeTagInformation = layout({ fileAttributes: u32, reparseTag: u32 });

/** FSCTL_PIPE_PEEK Reply (2.3.46), before its data. */
export const pipePeek = layout({
  namedPipeState: u32,
  readDataAvailable: u32,
  numberOfMessages: u32,
  messageLength: u32,
});

/** Everything of FILE_ALL_INFORMATION (2.4.2) behind its first two structures. */
export const restOfAllInformation = layout({
  indexNumber: i64,
  eaSize: u32,
  accessFlags: u32,
  currentByteOffset: i64,
  mode: u32,
  alignmentRequirement: u32,
  fileNameLength: u32,
});

export type PipeInformation = ValueOf<typeof pipeInformation>;
