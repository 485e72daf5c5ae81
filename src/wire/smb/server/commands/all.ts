import { cancel } from '../../messages/cancel.ts';
import { close } from '../../messages/close.ts';
import { create } from '../../messages/create.ts';
import { echo } from '../../messages/echo.ts';
import { flush } from '../../messages/flush.ts';
import { ioctl } from '../../messages/ioctl.ts';
import { logoff } from '../../messages/logoff.ts';
import { negotiate } from '../../messages/negotiate.ts';
import { queryInfo } from '../../messages/query-info.ts';
import { read } from '../../messages/read.ts';
import { sessionSetup } from '../../messages/session-setup.ts';
import { setInfo } from '../../messages/set-info.ts';
import { treeConnect } from '../../messages/tree-connect.ts';
import { treeDisconnect } from '../../messages/tree-disconnect.ts';
import { write } from '../../messages/write.ts';
import { type Handler, handler } from '../request.ts';
import { onClose, onCreate } from './create.ts';
import { onQueryInfo, onSetInfo } from './information.ts';
import { onEcho, onFlush, onRead, onWrite } from './io.ts';
import { onIoctl } from './ioctl.ts';
import { onNegotiate } from './negotiate.ts';
import { onLogoff, onSessionSetup } from './session-setup.ts';
import { onTreeConnect, onTreeDisconnect } from './tree.ts';

/** SMB2 CANCEL (MS-SMB2 3.3.5.16), which is never answered itself. */
const onCancel: Handler = handler(cancel, 'nothing', (work, { header }) => {
  const { asyncId, messageId } = header;
  work.cancel(asyncId === null ? { messageId } : { asyncId });
  return null;
});

/** LOCK, QUERY_DIRECTORY, CHANGE_NOTIFY and OPLOCK_BREAK are for files. */
const onFilesOnly: Handler = { name: 'a command for files', needs: 'tree', run: () => 'STATUS_INVALID_DEVICE_REQUEST' };
const forFiles = [10, 14, 15, 18];

/** By their codes. What is not here is no command of SMB 2 (MS-SMB2 2.2.1.2). */
export const handlers: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [negotiate.code, onNegotiate],
  [sessionSetup.code, onSessionSetup],
  [logoff.code, onLogoff],
  [treeConnect.code, onTreeConnect],
  [treeDisconnect.code, onTreeDisconnect],
  [create.code, onCreate],
  [close.code, onClose],
  [flush.code, onFlush],
  [read.code, onRead],
  [write.code, onWrite],
  [ioctl.code, onIoctl],
  [cancel.code, onCancel],
  [echo.code, onEcho],
  [queryInfo.code, onQueryInfo],
  [setInfo.code, onSetInfo],
  ...forFiles.map((code) => [code, onFilesOnly] as const),
]);
