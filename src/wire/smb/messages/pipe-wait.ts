import { i64, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { layout, unused } from '../../bytes/layout.ts';
import { sizedText } from './buffer.ts';

/** FSCTL_PIPE_WAIT Request (MS-FSCC 2.3.49): the input of an IOCTL that has no output. */
export const pipeWait = layout({
  /** In units of 100 milliseconds. */
  timeout: i64,
  name: sizedText(u32),
  /** A boolean: without it the server waits for ever. */
  timeoutSpecified: u8,
  padding: unused(1),
});

export type PipeWait = ValueOf<typeof pipeWait>;
