import { UsherError } from '../../../sessions/errors.ts';
import type { Host } from '../../../sessions/host.ts';
import { sessEnvPublicRpc } from '../../../wire/ms-tsts/interfaces.ts';
import { shadow2 } from '../../../wire/ms-tsts/sess-env-public-rpc/shadow2.ts';
import type { ActTarget } from '../../act.ts';
import type { ShadowRequest } from '../../administration.ts';
import { type ActingHost, checked, lookForSame } from '../act.ts';
import { needs, notAllowed, orRefused, refused } from '../refusals.ts';
import { failureOfHresult } from '../results.ts';
import { onHandle } from '../session-handle.ts';
import type { OpenPipe, RpcPipe } from '../rpc-pipe.ts';
import { withPipe } from './lazy-pipe.ts';
import { startService } from './mend.ts';

/** The longest invitation that may be asked for, in characters with the terminator ([MS-TSTS] 3.10.4.1.1). */
const longestInvitation = 8192;

/** SHADOW_CONTROL_REQUEST and SHADOW_PERMISSION_REQUEST ([MS-TSTS] 2.2.1.19, 2.2.1.20). */
const control = { view: 0, take: 1 } as const;
const permission = { silent: 0, request: 1 } as const;

/** SHADOW_REQUEST_RESPONSE ([MS-TSTS] 2.2.1.21): allowed, or why not. */
const allowed = 0;
const declined = 1;
const policy = 'the policy "Set rules for remote control of Remote Desktop Services user sessions"';
const denials: Readonly<Record<number, Pick<UsherError, 'code' | 'message'> & { readonly hint?: string }>> = {
  [declined]: { code: 'access_denied', message: 'the user said no' },
  2: { code: 'not_allowed', message: `${policy} demands that the user be asked`, hint: 'leave --no-ask out' },
  3: { code: 'not_allowed', message: `${policy} forbids it` },
  4: { code: 'not_allowed', message: `${policy} allows to look, not to control`, hint: 'say --view-only' },
  5: {
    code: 'not_allowed',
    message: `${policy} allows to look once the user was asked, not to control`,
    hint: 'say --view-only, and leave --no-ask out',
  },
  6: { code: 'not_allowed', message: 'somebody else controls the session already' },
};

/** Where invitations are made: a host's kept connection, and what more it can open. */
export interface InvitingHost extends ActingHost {
  readonly host: Host;
  readonly open: OpenPipe;
}

/**
 * Has the host make an invitation to the session (RpcShadow2), once it is seen to be the one that is meant. The call takes a bare id:
 * what happens to the session within that one round trip is not seen. Where the user is asked, it waits for the answer, however long that takes. Throws
 * `session_changed`, and then nobody was asked.
 */
export async function invite(inviting: InvitingHost, target: ActTarget, request: ShadowRequest): Promise<string> {
  const { host, open, pipes } = inviting;
  const identity = await checked(inviting, target);
  if (identity.kind !== 'windows-logon') throw notAllowed('nobody is logged on to this session');
  const absent = {
    message: 'the service of shadowing (SessionEnv) does not run on the host: there is no pipe SessEnvPublicRpc',
    hint: startService(host, 'SessionEnv'),
  };
  const operation = `inviting to session ${target.id}`;
  return withPipe({ open, interface: sessEnvPublicRpc, absent }, (pipe) =>
    onHandle(pipes.lsm, target.id, operation, async (session) => {
      await lookForSame(inviting, target, identity, session);
      return await ask(pipe, target.id, request, operation);
    }),
  );
}

async function ask(pipe: RpcPipe, id: number, request: ShadowRequest, operation: string): Promise<string> {
  const asked = {
    targetSessionId: id,
    eRequestControl: request.control ? control.take : control.view,
    eRequestPermission: request.ask ? permission.request : permission.silent,
    cchInvitation: longestInvitation,
  };
  const { pePermission, pszInvitation, returnValue } = await orRefused(needs.shadow(id), () =>
    pipe.call(shadow2, asked, { operation }),
  );
  const failure = failureOfHresult(returnValue, operation);
  const denial = denialOf(pePermission, failure === null ? null : refused(failure, needs.shadow(id)), operation);
  if (denial !== null) throw denial;
  if (pszInvitation.text !== '') return pszInvitation.text;
  throw new UsherError({ code: 'bad_answer', message: `${operation}: the host allowed it and gave no invitation` });
}

/** A policy says more than the code that comes with it; that nobody agreed may be what a call that failed begins with. */
function denialOf(response: number, failure: UsherError | null, operation: string): UsherError | null {
  if (failure !== null && (response === allowed || response === declined)) return failure;
  if (response === allowed) return null;
  const denial = denials[response];
  if (denial !== undefined) return new UsherError({ ...denial, cause: failure ?? undefined });
  const message = `${operation}: the host answered ${response}, which no specification knows`;
  return failure ?? new UsherError({ code: 'bad_answer', message });
}
