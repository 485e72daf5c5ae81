import { close } from '../../messages/close.ts';
import { access, create, createAction, createDisposition } from '../../messages/create.ts';
import { fileAttribute } from '../../messages/file-information.ts';
import { limits } from '../parameters.ts';
import { PipeInstance } from '../pipe-instance.ts';
import { type Outcome, reply } from '../reply.ts';
import { type Handler, handler, openOf } from '../request.ts';
import type { Open } from '../session.ts';

/** What generic rights and the maximum mean for a pipe. */
const everything = 0x001f01ff;
const reading = access.readData | access.readEa | access.readAttributes | access.readControl | access.synchronize;
const writing =
  access.writeData |
  access.appendData |
  access.writeEa |
  access.writeAttributes |
  access.readControl |
  access.synchronize;

function granted(desired: number): number {
  let rights = desired & everything;
  if ((desired & (access.maximumAllowed | access.genericAll)) !== 0) rights |= everything;
  if ((desired & access.genericRead) !== 0) rights |= reading;
  if ((desired & access.genericWrite) !== 0) rights |= writing;
  return rights;
}

/** What Windows says of the size of a pipe, whatever is in it. */
export const pipeSizes = { allocationSize: 4096n, endOfFile: 0n } as const;
const noTimes = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };

/** SMB2 CREATE (MS-SMB2 3.3.5.9), by which an instance of a pipe is opened. */
export const onCreate: Handler = handler(create, 'tree', (work, { session, tree, chain }, body): Outcome => {
  if (session === null || tree === null || session.account === null) return 'STATUS_NETWORK_NAME_DELETED';
  const { name, desiredAccess, createDisposition: disposition } = body;
  if (name.startsWith('\\') || name.length > limits.pipeName) return 'STATUS_OBJECT_NAME_INVALID';
  if (!tree.isPipes) return 'STATUS_OBJECT_NAME_NOT_FOUND';
  if (disposition !== createDisposition.open && disposition !== createDisposition.openIf) {
    return 'STATUS_INVALID_PARAMETER';
  }
  if (work.opens >= limits.opens) return 'STATUS_INSUFFICIENT_RESOURCES';
  const instance = new PipeInstance();
  const pipe = work.server.parameters.openPipe({ name, account: session.account, client: instance, link: work.link });
  if (pipe === null) return 'STATUS_OBJECT_NAME_NOT_FOUND';
  if (typeof pipe === 'string') return pipe;
  instance.connect(pipe);
  const open: Open = { id: BigInt(work.nextId()), tree, name, access: granted(desiredAccess), instance };
  work.opened(session, open);
  const fileId = { persistent: open.id, volatile: open.id };
  chain.fileId = fileId;
  return reply(create, {
    oplockLevel: 0,
    flags: 0,
    createAction: createAction.opened,
    ...noTimes,
    ...pipeSizes,
    fileAttributes: fileAttribute.normal,
    fileId,
  });
});

const postQueryAttributes = 1;

/** SMB2 CLOSE (3.3.5.10). Whoever waits for the pipe is cancelled. */
export const onClose: Handler = handler(close, 'tree', (work, request, { flags, fileId }): Outcome => {
  const open = openOf(request, fileId);
  if (typeof open === 'string' || request.session === null) return typeof open === 'string' ? open : null;
  work.close(request.session, open);
  const isAsked = (flags & postQueryAttributes) !== 0;
  return reply(close, {
    flags: flags & postQueryAttributes,
    ...noTimes,
    ...(isAsked ? pipeSizes : { allocationSize: 0n, endOfFile: 0n }),
    fileAttributes: isAsked ? fileAttribute.normal : 0,
  });
});
