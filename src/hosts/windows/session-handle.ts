import { UsherError } from '../../sessions/errors.ts';
import { closeSession } from '../../wire/ms-tsts/term-srv-session/close-session.ts';
import { getState } from '../../wire/ms-tsts/term-srv-session/get-state.ts';
import { getTimes } from '../../wire/ms-tsts/term-srv-session/get-times.ts';
import { getUserName } from '../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { openSession } from '../../wire/ms-tsts/term-srv-session/open-session.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { nothingDone, refused, needs } from './refusals.ts';
import { failureOfHresult } from './results.ts';
import type { RpcPipe } from './rpc-pipe.ts';
import type { Seen } from './same-session.ts';

/** A session that is held open at the host. What is told and done on its handle is of that session. */
export interface SessionHandle {
  readonly lsm: RpcPipe;
  readonly id: number;
  readonly handle: ContextHandle;
  /** What is being done: for errors. */
  readonly operation: string;
}

/** Who is logged on to a session, and its WINSTATIONSTATECLASS. */
export interface SeenOnHandle extends Seen {
  readonly state: number;
}

/**
 * Opens the session of this id, works with it, and closes it; for the closing nobody waits. Throws `UsherError`, `session_changed`
 * where the host has none.
 */
export async function onHandle<T>(
  lsm: RpcPipe,
  id: number,
  operation: string,
  work: (session: SessionHandle) => Promise<T>,
): Promise<T> {
  const { phSession, returnValue } = await openOf(lsm, id, operation);
  succeed(failureOfHresult(returnValue, operation), id);
  try {
    return await work({ lsm, id, handle: phSession, operation });
  } finally {
    lsm.call(closeSession, { phSession }, { operation }).catch(() => undefined);
  }
}

async function openOf(lsm: RpcPipe, id: number, operation: string) {
  try {
    return await lsm.call(openSession, { sessionId: id }, { operation });
  } catch (error) {
    if (error instanceof UsherError) succeed(error, id);
    throw error;
  }
}

function succeed(failure: UsherError | null, id: number): void {
  if (failure === null) return;
  if (failure.code === 'session_changed') throw nothingDone(`session ${id} is no longer there`, failure);
  throw refused(failure, needs.query(id));
}

/** Whose session it is and what state it is in, in one round trip. Throws `UsherError`. */
export async function lookAt({ lsm, id, handle, operation }: SessionHandle): Promise<SeenOnHandle> {
  const request = { hSession: handle };
  try {
    const [times, names, state] = await Promise.all([
      lsm.call(getTimes, request, { operation }),
      lsm.call(getUserName, request, { operation }),
      lsm.call(getState, request, { operation }),
    ]);
    for (const { returnValue } of [times, names, state]) succeed(failureOfHresult(returnValue, operation), id);
    return {
      user: names.pszUserName ?? '',
      domain: names.pszDomain ?? '',
      loggedOn: times.pLogonTime,
      state: state.plState,
    };
  } catch (error) {
    if (error instanceof UsherError) succeed(error, id);
    throw error;
  }
}
