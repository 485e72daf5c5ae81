import { access } from '../../messages/create.ts';
import { shareFlag, shareType, treeConnect } from '../../messages/tree-connect.ts';
import { treeDisconnect } from '../../messages/tree-disconnect.ts';
import type { NtStatusName } from '../../../ms-erref/ntstatus.ts';
import { limits } from '../parameters.ts';
import { type Outcome, reply } from '../reply.ts';
import { type Handler, handler, type Work } from '../request.ts';
import type { Session, Tree } from '../session.ts';

const pipesShare = 'ipc$';

/** `\\server\share`. */
const uncPath = /^\\\\[^\\]+\\(?<share>[^\\]+)$/u;

/** All that there is to be allowed. */
const maximalAccess = 0x001f01ff;
const readOnly = access.readData | access.readEa | access.readAttributes | access.readControl | access.synchronize;

/** SMB2 TREE_CONNECT (MS-SMB2 3.3.5.7). */
export const onTreeConnect: Handler = handler(treeConnect, 'session', (work, { session }, { path }): Outcome => {
  if (session === null) return 'STATUS_USER_SESSION_DELETED';
  const share = uncPath.exec(path)?.groups?.['share']?.toLowerCase();
  if (share === undefined) return 'STATUS_INVALID_PARAMETER';
  const found = findShare(work, session, share);
  if (typeof found === 'string') return found;
  if (found.demandsEncryption && session.protection?.toClient === null) return 'STATUS_ACCESS_DENIED';
  if (session.trees.size >= limits.trees) return 'STATUS_INSUFFICIENT_RESOURCES';
  const tree: Tree = { id: work.nextId(), ...found };
  session.trees.set(tree.id, tree);
  const value = {
    shareType: tree.isPipes ? shareType.pipe : shareType.disk,
    shareFlags: tree.demandsEncryption ? shareFlag.encryptData : 0,
    capabilities: 0,
    maximalAccess: tree.isPipes ? maximalAccess : readOnly,
  };
  return reply(treeConnect, value, { head: { treeId: tree.id } });
});

function findShare({ server }: Work, { account }: Session, name: string): Omit<Tree, 'id'> | NtStatusName {
  const { shares = [], encryptsPipes = false } = server.parameters;
  if (name === pipesShare) return { isPipes: true, demandsEncryption: encryptsPipes };
  const share = shares.find((one) => one.name.toLowerCase() === name);
  if (share === undefined) return 'STATUS_BAD_NETWORK_NAME';
  if (account === null || !share.admits(account)) return 'STATUS_ACCESS_DENIED';
  return { isPipes: false, demandsEncryption: false };
}

/** SMB2 TREE_DISCONNECT (3.3.5.8). */
export const onTreeDisconnect: Handler = handler(treeDisconnect, 'tree', (work, { session, tree }): Outcome => {
  if (session === null || tree === null) return 'STATUS_NETWORK_NAME_DELETED';
  for (const open of session.opens.values()) if (open.tree === tree) work.close(session, open);
  session.trees.delete(tree.id);
  return reply(treeDisconnect, null);
});
