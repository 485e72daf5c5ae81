import { UsherError } from '../../sessions/errors.ts';
import { readInformation } from './details.ts';
import type { RpcPipe } from './rpc-pipe.ts';

/**
 * Why a session that the list has no more may be there all the same; null where nothing speaks for it. What an account may not query
 * is left out of lists, of sessions and of processes alike ([MS-TSTS] 3.3.4.3, 3.7.4.1.22): an account that has lost the right would take every
 * session for gone. Asked about one by its id, the host tells "there is none" from "you may not know". Throws `UsherError` where the
 * host is lost.
 */
export async function whyMayBeThere(lsm: RpcPipe, id: number): Promise<string | null> {
  try {
    await readInformation(lsm, id);
    return `the host does not list session ${id}, and answers for it`;
  } catch (error) {
    if (!(error instanceof UsherError) || lsm.lost !== null) throw error;
    return error.code === 'access_denied' ? `this account may not know whether session ${id} is there` : null;
  }
}
