import { notificationId } from '../../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { type ActOutcome, perform, refuse } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import { keyPaths, winStation } from '../registry/windows-hive.ts';
import type { SimulatedSession } from '../session.ts';
import { showMessage } from './message.ts';

/** SHADOW_REQUEST_RESPONSE ([MS-TSTS] 2.2.1.21). */
export const shadowResponse = {
  allow: 0,
  decline: 1,
  policyPermissionRequired: 2,
  policyDisabled: 3,
  policyViewOnly: 4,
  policyViewOnlyPermissionRequired: 5,
  alreadyControlled: 6,
} as const;

export type ShadowResponse = keyof typeof shadowResponse;

export interface ShadowRequest {
  readonly control: boolean;
  readonly asksUser: boolean;
}

/** How long a user is asked whether somebody may look on, in seconds. */
const asked = 30;
const yesNo = 4;

/**
 * Somebody wants to see a session's screen. What the policy or the listener allows is answered at once, what the user must be asked
 * for when he has answered.
 */
export function shadow(
  host: SimulatedHost,
  session: SimulatedSession,
  request: ShadowRequest,
  by: Actor,
  answered: (response: ShadowResponse) => void,
): ActOutcome {
  const detail = `${request.control ? 'control' : 'view'}${request.asksUser ? ', asks' : ''}`;
  const attempt = { act: 'shadow', session, process: null, by, detail } as const;
  if (session.state !== 'active' || session.account === null) return refuse(host, attempt, 'wrong-state');
  return perform(host, attempt, () => {
    const response = policyOn(host, session, request);
    const tell = (one: ShadowResponse): void => {
      if (one === 'allow') host.notifications.tell(session.id, notificationId.shadowStart);
      answered(one);
    };
    if (response !== 'allow' || !request.asksUser) return tell(response);
    const text = {
      title: 'Remote Control Request',
      text: 'May your session be watched?',
      style: yesNo,
      seconds: asked,
    };
    const { box } = showMessage(host, session, text, by);
    if (box === null) return tell('decline');
    box.whenEnded((end) => tell(end.kind === 'answered' && end.button === 'yes' ? 'allow' : 'decline'));
  });
}

/** Shadow: 0 disabled, 1 control, 2 control unasked, 3 view, 4 view unasked ([MS-TSTS] 2.3.2, CtxShadow). The policy goes first. */
function policyOn(host: SimulatedHost, session: SimulatedSession, request: ShadowRequest): ShadowResponse {
  const set =
    host.dword(keyPaths.policies, 'Shadow') ??
    (session.listener === null ? null : host.dword(winStation(session.listener), 'Shadow'));
  const policy = set ?? 1;
  if (policy === 0) return 'policyDisabled';
  const isViewOnly = policy >= 3;
  const mustAsk = (policy === 1 || policy === 3) && !request.asksUser;
  if (isViewOnly && request.control) return mustAsk ? 'policyViewOnlyPermissionRequired' : 'policyViewOnly';
  return mustAsk ? 'policyPermissionRequired' : 'allow';
}
