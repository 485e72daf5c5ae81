import { UsherError } from '../../../../sessions/errors.ts';
import { decode, encode, type ValueOf } from '../../../bytes/codec.ts';
import { access } from '../../messages/create.ts';
import { pipePeek } from '../../messages/file-information.ts';
import { ctlCode, ioctl, isFsctl } from '../../messages/ioctl.ts';
import { pipeWait } from '../../messages/pipe-wait.ts';
import { dialectRevision } from '../../messages/negotiate.ts';
import { validateNegotiateInfoRequest, validateNegotiateInfoResponse } from '../../messages/validate-negotiate-info.ts';
import { broken } from '../failures.ts';
import { capabilitiesOf, securityModeOf } from '../negotiation.ts';
import type { ReadOutcome } from '../pipe-instance.ts';
import { type Outcome, reply } from '../reply.ts';
import { type Act, type Handler, handler, isNoFile, isPaid, openOf, type Request, type Work } from '../request.ts';
import { stateOf } from './information.ts';
import { readFrom } from './io.ts';

type IoctlRequest = ValueOf<typeof ioctl.request>;
type Control = Act<IoctlRequest>;

const nothing = new Uint8Array();

const answer = ({ ctlCode: code, fileId }: IoctlRequest, output: Uint8Array): Outcome =>
  reply(ioctl, { ctlCode: code, fileId, input: nothing, output });

/** SMB2 IOCTL (MS-SMB2 3.3.5.15). */
export const onIoctl: Handler = handler(ioctl, 'tree', (work, request, body): Outcome => {
  const { input, maxInputResponse, maxOutputResponse, flags } = body;
  if (flags !== isFsctl) return 'STATUS_NOT_SUPPORTED';
  if (!isPaid(work, request, Math.max(input.length, maxInputResponse + maxOutputResponse))) {
    return 'STATUS_INVALID_PARAMETER';
  }
  const ofHost = controlsOfHost.get(body.ctlCode);
  if (ofHost !== undefined) return isNoFile(body.fileId) ? ofHost(work, request, body) : 'STATUS_INVALID_PARAMETER';
  const ofPipe = controlsOfPipe.get(body.ctlCode);
  if (ofPipe !== undefined) return ofPipe(work, request, body);
  const open = openOf(request, body.fileId);
  return typeof open === 'string' ? open : 'STATUS_INVALID_DEVICE_REQUEST';
});

/** What has to do with no open pipe. */
const controlsOfHost: ReadonlyMap<number, Control> = new Map<number, Control>([
  [ctlCode.validateNegotiateInfo, validate],
  [ctlCode.pipeWait, wait],
  [ctlCode.dfsGetReferrals, () => 'STATUS_FS_DRIVER_REQUIRED'],
  [ctlCode.dfsGetReferralsEx, () => 'STATUS_FS_DRIVER_REQUIRED'],
  [ctlCode.queryNetworkInterfaceInfo, () => 'STATUS_NOT_SUPPORTED'],
]);

const controlsOfPipe: ReadonlyMap<number, Control> = new Map<number, Control>([
  [ctlCode.pipeTransceive, transceive],
  [ctlCode.pipePeek, peek],
]);

/** FSCTL_VALIDATE_NEGOTIATE_INFO (3.3.5.15.12): whoever was told otherwise than he asked is cut off. */
function validate({ agreement, server }: Work, _request: Request, body: IoctlRequest): Outcome {
  if (agreement === null || agreement.dialect === '3.1.1') throw broken('the client has SMB 3.1.1 confirmed');
  const { capabilities, guid, securityMode, dialects } = decode(
    'VALIDATE_NEGOTIATE_INFO request',
    validateNegotiateInfoRequest,
    body.input,
  );
  const { offered } = agreement;
  const isSame =
    capabilities === offered.capabilities &&
    securityMode === offered.securityMode &&
    Buffer.from(guid).equals(offered.clientGuid) &&
    dialects.join() === offered.dialects.join();
  if (!isSame) throw broken('somebody changed the SMB negotiation on its way');
  const output = encode(validateNegotiateInfoResponse, {
    capabilities: capabilitiesOf(agreement),
    guid: server.parameters.serverGuid,
    securityMode: securityModeOf(server.parameters),
    dialect: dialectRevision[agreement.dialect],
  });
  if (body.maxOutputResponse < output.length) throw broken('the client leaves no room for the confirmation');
  return answer(body, output);
}

/** FSCTL_PIPE_WAIT (3.3.5.15.10): an instance of a pipe that there is is always free. */
function wait({ server }: Work, _request: Request, body: IoctlRequest): Outcome {
  try {
    const { name } = decode('FSCTL_PIPE_WAIT request', pipeWait, body.input);
    return server.parameters.hasPipe(name) ? answer(body, nothing) : 'STATUS_OBJECT_NAME_NOT_FOUND';
  } catch (error) {
    if (error instanceof UsherError) return 'STATUS_OBJECT_NAME_NOT_FOUND';
    throw error;
  }
}

/** FSCTL_PIPE_TRANSCEIVE (3.3.5.15.3): a message, and the one that answers it. */
function transceive(work: Work, request: Request, body: IoctlRequest): Outcome {
  const open = openOf(request, body.fileId);
  if (typeof open === 'string') return open;
  const { instance } = open;
  if ((open.access & access.readData) === 0 || (open.access & access.writeData) === 0) return 'STATUS_ACCESS_DENIED';
  if (!instance.readsMessages) return 'STATUS_INVALID_PIPE_STATE';
  const isAlone = instance.waiting === 0 || work.server.parameters.transceives !== 'one';
  if (instance.unread > 0 || !isAlone) return 'STATUS_PIPE_BUSY';
  if (!request.isLast) return 'STATUS_INTERNAL_ERROR';
  const written = instance.write(body.input);
  if (written !== true) return written ?? 'STATUS_PIPE_BUSY';
  return readFrom(work, request, instance, body.maxOutputResponse, (outcome) => transceived(body, outcome));
}

function transceived({ ctlCode: code, fileId }: IoctlRequest, outcome: ReadOutcome): Outcome {
  if (typeof outcome === 'string') return outcome;
  const status = outcome.more ? 'STATUS_BUFFER_OVERFLOW' : 'STATUS_SUCCESS';
  return reply(ioctl, { ctlCode: code, fileId, input: nothing, output: outcome.data }, { status });
}

/** FSCTL_PIPE_PEEK (3.3.5.15.4): what would be read. */
function peek(_work: Work, request: Request, body: IoctlRequest): Outcome {
  const open = openOf(request, body.fileId);
  if (typeof open === 'string') return open;
  const { instance } = open;
  if ((open.access & access.readData) === 0) return 'STATUS_ACCESS_DENIED';
  if (instance.isEnded && instance.unread === 0) return 'STATUS_PIPE_BROKEN';
  const told = encode(pipePeek, {
    namedPipeState: stateOf(instance),
    readDataAvailable: instance.unread,
    numberOfMessages: instance.messages,
    messageLength: instance.firstLength,
  });
  const room = body.maxOutputResponse - told.length;
  if (room < 0) return 'STATUS_BUFFER_TOO_SMALL';
  const data = instance.peek(room);
  const status = data.length < instance.firstLength ? 'STATUS_BUFFER_OVERFLOW' : 'STATUS_SUCCESS';
  const { ctlCode: code, fileId } = body;
  return reply(ioctl, { ctlCode: code, fileId, input: nothing, output: Buffer.concat([told, data]) }, { status });
}
