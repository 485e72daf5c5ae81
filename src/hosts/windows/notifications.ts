import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { termSrvNotification } from '../../wire/ms-tsts/interfaces.ts';
import {
  notificationId,
  registerAsyncNotification,
} from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { unregisterAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/unregister-async-notification.ts';
import { waitAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { failureOfHresult, succeed } from './results.ts';
import type { OpenPipe, RpcPipe } from './rpc-pipe.ts';

const allSessions = -1;
const operation = 'waiting for notifications';

/**
 * What a host tells of its sessions as it happens (MS-TSTS 3.3.4.2), on an instance of the pipe that is its own: the call that waits
 * holds up no other. Disposing of it lets the host know and waits for nothing.
 */
export class Registration implements Disposable {
  readonly #pipe: RpcPipe;
  readonly #handle: ContextHandle;

  private constructor(pipe: RpcPipe, handle: ContextHandle) {
    this.#pipe = pipe;
    this.#handle = handle;
  }

  /** From now on the host keeps what happens to any session. Throws `UsherError`; an abort closes what was opened. */
  static async make(open: OpenPipe, signal: AbortSignal): Promise<Registration> {
    const pipe = await open(termSrvNotification);
    const close = (): void => void pipe.close();
    try {
      signal.addEventListener('abort', close);
      if (signal.aborted) close();
      const asked = { sessionId: allSessions, mask: notificationId.all };
      const { phNotify, returnValue } = await pipe.call(registerAsyncNotification, asked, { operation });
      succeed(failureOfHresult(returnValue, operation));
      return new Registration(pipe, phNotify);
    } catch (error) {
      close();
      throw error;
    } finally {
      signal.removeEventListener('abort', close);
    }
  }

  /** Until something has happened: to these sessions. Throws `UsherError` where the host stops telling: then one has to register anew. */
  async wait(): Promise<readonly number[]> {
    const { sessionChange, returnValue } = await this.#pipe.call(
      waitAsyncNotification,
      { hNotify: this.#handle },
      { operation },
    );
    succeed(failureOfHresult(returnValue, operation));
    return [...new Set((sessionChange ?? []).map(({ sessionId }) => sessionId))];
  }

  [Symbol.dispose](): void {
    this.#pipe.call(unregisterAsyncNotification, { phNotify: this.#handle }, { operation }).catch(() => undefined);
    void this.#pipe.close();
  }
}
