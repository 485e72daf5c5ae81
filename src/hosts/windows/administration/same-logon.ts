import { whyReasonGone } from '../../../sessions/allowed-actions.ts';
import { UsherError } from '../../../sessions/errors.ts';
import { sessionStates } from '../../../sessions/state.ts';
import { closeSession } from '../../../wire/ms-tsts/term-srv-session/close-session.ts';
import { getState } from '../../../wire/ms-tsts/term-srv-session/get-state.ts';
import { getTimes } from '../../../wire/ms-tsts/term-srv-session/get-times.ts';
import { getUserName } from '../../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { openSession } from '../../../wire/ms-tsts/term-srv-session/open-session.ts';
import type { ActTarget } from '../../act.ts';
import { failureOfHresult } from '../results.ts';
import type { RpcPipe } from '../rpc-pipe.ts';

/**
 * A handle of the session, once its logon time, its user and its state have been read on it and are those that are meant. Disposing
 * of it closes the handle. Throws `session_changed`, or `not_allowed` where nobody is logged on.
 */
export async function heldSession(lsm: RpcPipe, { identity, id, reason }: ActTarget): Promise<AsyncDisposable> {
  if (identity.kind !== 'windows-logon') {
    throw new UsherError({ code: 'not_allowed', message: 'nobody is logged on to this session' });
  }
  const operation = `comparing session ${id}`;
  const { phSession: hSession, returnValue } = await lsm.call(openSession, { sessionId: id }, { operation });
  succeed(returnValue, operation);
  const held = {
    async [Symbol.asyncDispose]() {
      await lsm.call(closeSession, { phSession: hSession }, { operation }).catch(() => undefined);
    },
  };
  try {
    const [times, user, state] = await Promise.all([
      lsm.call(getTimes, { hSession }, { operation }),
      lsm.call(getUserName, { hSession }, { operation }),
      lsm.call(getState, { hSession }, { operation }),
    ]);
    for (const answer of [times, user, state]) succeed(answer.returnValue, operation);
    const account = `${user.pszDomain ?? ''}\\${user.pszUserName ?? ''}`;
    if (String(times.pLogonTime) !== identity.logonTime || account.toLowerCase() !== identity.account.toLowerCase()) {
      throw changed(`session ${id} is another one by now`);
    }
    const now = { state: sessionStates[state.plState] ?? null, lastInputAt: null };
    const why = reason === null ? null : whyReasonGone({ ...reason, lastInputAt: null }, now);
    if (why !== null) throw changed(why);
    return held;
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

const changed = (why: string): UsherError =>
  new UsherError({
    code: 'session_changed',
    message: `${why}: nothing was done`,
    hint: 'list the sessions again',
  });

function succeed(returnValue: number, operation: string): void {
  const failure = failureOfHresult(returnValue, operation);
  if (failure !== null) throw failure;
}
