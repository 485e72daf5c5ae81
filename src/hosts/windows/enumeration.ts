import { UsherError } from '../../sessions/errors.ts';
import { failureOfHresult } from './results.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { closeEnum } from '../../wire/ms-tsts/term-srv-enumeration/close-enum.ts';
import { getAllSessionsEx } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import { getEnumResult } from '../../wire/ms-tsts/term-srv-enumeration/get-enum-result.ts';
import { openEnum } from '../../wire/ms-tsts/term-srv-enumeration/open-enum.ts';
import type { RpcPipe } from './rpc-pipe.ts';

/** A session as an enumeration has it; state and name are null where enumeration leaves it out. */
export interface Enumerated {
  readonly id: number;
  readonly state: number | null;
  readonly name: string | null;
  /** Null where the host is too old to tell names with the list. */
  readonly account: { readonly user: string; readonly domain: string } | null;
}

/** How a host enumerates: `all` is RpcGetAllSessionsEx, which tells names with the list; older hosts have `enum` alone. */
export type Enumeration = 'unknown' | 'all' | 'enum';

const operation = 'listing sessions';
/** A list of so many fragments costs no further round trip. */
const fragments = 8;

/**
 * Every session of a host. Where it is not known how the host enumerates, both ways are begun at once, so that an older host
 * costs one round trip more and not two.
 */
export async function enumerate(
  lsm: RpcPipe,
  how: Enumeration,
): Promise<{ readonly how: Enumeration; readonly sessions: readonly Enumerated[] }> {
  const opened = how === 'all' ? null : lsm.call(openEnum, {}, { operation });
  opened?.catch(() => undefined);
  if (how !== 'enum') {
    const all = await allSessions(lsm);
    if (all !== null) {
      if (opened !== null) forget(lsm, opened);
      return { how: 'all', sessions: all };
    }
  }
  const { phEnum, returnValue } = await (opened ?? lsm.call(openEnum, {}, { operation }));
  check(returnValue);
  const listed = await lsm.call(getEnumResult, { hEnum: phEnum, level: 1 }, { operation, fragments });
  forget(lsm, Promise.resolve({ phEnum }));
  check(listed.returnValue);
  const sessions = (listed.ppSessionEnumResult ?? []).flatMap(({ tag, value }) =>
    tag === 1 ? [{ id: value.sessionId, state: value.state, name: value.name, account: null }] : [],
  );
  return { how: 'enum', sessions };
}

/** Null where the host has no such call, or keeps it from this user. */
async function allSessions(lsm: RpcPipe): Promise<readonly Enumerated[] | null> {
  try {
    const { ppSessionData, returnValue } = await lsm.call(getAllSessionsEx, { level: 1 }, { operation, fragments });
    check(returnValue);
    return (ppSessionData ?? []).map(({ value }) => ({
      id: value.absSessionId,
      state: value.state,
      name: value.pszSessionName ?? '',
      account: { user: value.pszUserName ?? '', domain: value.pszDomainName ?? '' },
    }));
  } catch (error) {
    if (error instanceof UsherError && (error.code === 'unsupported' || error.code === 'access_denied')) return null;
    throw error;
  }
}

/** Closes an enumeration that is not needed any more; nobody waits for it. */
function forget(lsm: RpcPipe, opened: Promise<{ readonly phEnum: ContextHandle }>): void {
  opened.then(({ phEnum }) => lsm.call(closeEnum, { phEnum }, { operation })).catch(() => undefined);
}

function check(returnValue: number): void {
  const failure = failureOfHresult(returnValue, operation);
  if (failure !== null) throw failure;
}
