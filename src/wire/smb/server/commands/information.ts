import { UsherError } from '../../../../sessions/errors.ts';
import { decode, encode, i64, u32 } from '../../../bytes/codec.ts';
import { access } from '../../messages/create.ts';
import {
  attributeTagInformation,
  basicInformation,
  completionMode,
  fileAttribute,
  fileInformationClass,
  namedPipeConfiguration,
  namedPipeState,
  namedPipeType,
  networkOpenInformation,
  pipeInformation,
  pipeLocalInformation,
  readMode,
  restOfAllInformation,
  standardInformation,
} from '../../messages/file-information.ts';
import { infoType, queryInfo } from '../../messages/query-info.ts';
import { setInfo } from '../../messages/set-info.ts';
import { limits } from '../parameters.ts';
import type { PipeInstance } from '../pipe-instance.ts';
import { type Outcome, reply } from '../reply.ts';
import { type Handler, handler, isPaid, openOf } from '../request.ts';
import type { Open } from '../session.ts';
import { pipeSizes } from './create.ts';

const noTimes = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };
const { normal: fileAttributes } = fileAttribute;
/** FILE_SYNCHRONOUS_IO_NONALERT ([MS-FSCC] 2.4.31). */
const synchronous = 0x20;
/** MaximumInstances of a pipe of which there may be as many as are wanted. */
const unlimited = 0xffffffff;

export const stateOf = ({ isEnded }: PipeInstance): number =>
  isEnded ? namedPipeState.closing : namedPipeState.connected;

const basic = (): Uint8Array => encode(basicInformation, { ...noTimes, fileAttributes });
const standard = (): Uint8Array =>
  encode(standardInformation, { ...pipeSizes, numberOfLinks: 1, deletePending: 1, directory: 0 });

/** What each class tells of a pipe ([MS-FSCC] 2.4). */
const told: ReadonlyMap<number, (open: Open) => Uint8Array> = new Map<number, (open: Open) => Uint8Array>([
  [fileInformationClass.basic, basic],
  [fileInformationClass.standard, standard],
  [fileInformationClass.internal, ({ id }) => encode(i64, id)],
  [fileInformationClass.ea, () => encode(u32, 0)],
  [fileInformationClass.access, (open) => encode(u32, open.access)],
  [fileInformationClass.position, () => encode(i64, 0n)],
  [fileInformationClass.mode, () => encode(u32, synchronous)],
  [fileInformationClass.alignment, () => encode(u32, 0)],
  [
    fileInformationClass.all,
    (open) => {
      const rest = { indexNumber: open.id, eaSize: 0, accessFlags: open.access, currentByteOffset: 0n };
      const last = { mode: synchronous, alignmentRequirement: 0, fileNameLength: 0 };
      return Buffer.concat([basic(), standard(), encode(restOfAllInformation, { ...rest, ...last })]);
    },
  ],
  [
    fileInformationClass.pipe,
    ({ instance: { readsMessages, blocks } }) =>
      encode(pipeInformation, {
        readMode: readsMessages ? readMode.message : readMode.byteStream,
        completionMode: blocks ? completionMode.queue : completionMode.complete,
      }),
  ],
  [
    fileInformationClass.pipeLocal,
    ({ instance }) =>
      encode(pipeLocalInformation, {
        namedPipeType: namedPipeType.message,
        namedPipeConfiguration: namedPipeConfiguration.fullDuplex,
        maximumInstances: unlimited,
        currentInstances: 1,
        inboundQuota: limits.unread,
        readDataAvailable: instance.unread,
        outboundQuota: limits.unread,
        writeQuotaAvailable: Math.max(0, limits.unread - instance.unread),
        namedPipeState: stateOf(instance),
        namedPipeEnd: 0,
      }),
  ],
  [
    fileInformationClass.networkOpen,
    () => encode(networkOpenInformation, { ...noTimes, ...pipeSizes, fileAttributes }),
  ],
  [fileInformationClass.attributeTag, () => encode(attributeTagInformation, { fileAttributes, reparseTag: 0 })],
]);

/** Classes that a right is needed for (MS-SMB2 3.3.5.20.1). */
const ofAttributes: ReadonlySet<number> = new Set([
  fileInformationClass.basic,
  fileInformationClass.all,
  fileInformationClass.pipe,
  fileInformationClass.pipeLocal,
  fileInformationClass.networkOpen,
  fileInformationClass.attributeTag,
]);

/** SMB2 QUERY_INFO (MS-SMB2 3.3.5.20) of a pipe. */
export const onQueryInfo: Handler = handler(queryInfo, 'tree', (work, request, body): Outcome => {
  const open = openOf(request, body.fileId);
  if (typeof open === 'string') return open;
  if (!isPaid(work, request, Math.max(body.input.length, body.outputLength))) return 'STATUS_INVALID_PARAMETER';
  if (body.infoType === infoType.security) return 'STATUS_ACCESS_DENIED';
  if (body.infoType !== infoType.file) return 'STATUS_NOT_SUPPORTED';
  const tell = told.get(body.fileInfoClass);
  if (tell === undefined) return 'STATUS_NOT_SUPPORTED';
  if (ofAttributes.has(body.fileInfoClass) && (open.access & access.readAttributes) === 0)
    return 'STATUS_ACCESS_DENIED';
  const output = tell(open);
  return body.outputLength < output.length ? 'STATUS_INFO_LENGTH_MISMATCH' : reply(queryInfo, { output });
});

/** SMB2 SET_INFO (3.3.5.21) of a pipe: how its messages are read. */
export const onSetInfo: Handler = handler(setInfo, 'tree', (work, request, body): Outcome => {
  const open = openOf(request, body.fileId);
  if (typeof open === 'string') return open;
  if (!isPaid(work, request, body.input.length)) return 'STATUS_INVALID_PARAMETER';
  if (body.infoType === infoType.security) return 'STATUS_ACCESS_DENIED';
  if (body.infoType !== infoType.file || body.fileInfoClass !== fileInformationClass.pipe)
    return 'STATUS_NOT_SUPPORTED';
  if ((open.access & access.writeAttributes) === 0) return 'STATUS_ACCESS_DENIED';
  return setPipe(open.instance, body.input) ? reply(setInfo, null) : 'STATUS_INVALID_PARAMETER';
});

/** FilePipeInformation ([MS-FSCC] 2.4.37): once a pipe is read as a stream of bytes, it stays so. */
function setPipe(instance: PipeInstance, input: Uint8Array): boolean {
  try {
    const { readMode: mode, completionMode: completion } = decode('FILE_PIPE_INFORMATION', pipeInformation, input);
    if (mode > readMode.message || completion > completionMode.complete) return false;
    if (mode === readMode.message && !instance.readsMessages) return false;
    instance.readsMessages = mode === readMode.message;
    instance.blocks = completion === completionMode.queue;
    return true;
  } catch (error) {
    if (error instanceof UsherError) return false;
    throw error;
  }
}
