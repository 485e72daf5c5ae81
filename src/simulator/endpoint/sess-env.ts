import { shadow2 } from '../../wire/ms-tsts/sess-env-public-rpc/shadow2.ts';
import { shadow, type ShadowResponse, shadowResponse } from '../world/acts/shadow.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { SimulatedSession } from '../world/session.ts';
import { mustBeTakenOn, Refused } from './refusal.ts';
import { hresultCall, type ServedCall } from './served-call.ts';
import { existing, mustHave } from './sessions.ts';

const takeControl = 1;
const silent = 0;

/** The buffer that a client has for the invitation, in characters: at least one, for its terminator. */
const roomOf = (cchInvitation: number): number => Math.min(Math.max(cchInvitation, 1), 8192);

/** SessEnvPublicRpc ([MS-TSTS] 3.10.4.1). */
export const sessEnvCalls: readonly ServedCall[] = [
  hresultCall(
    shadow2,
    ({ cchInvitation }) => ({
      pePermission: shadowResponse.decline,
      pszInvitation: { maximum: roomOf(cchInvitation), text: '' },
    }),
    (caller, { targetSessionId, eRequestControl, eRequestPermission, cchInvitation }) => {
      const { host } = caller;
      const session = existing(caller, targetSessionId | 0);
      mustHave(caller, session, 'shadow');
      if (cchInvitation < 1 || cchInvitation > 8192) throw new Refused('invalid-parameter');
      const text = invitation(host, session);
      if (text.length >= cchInvitation) throw new Refused('too-small');
      const request = { control: eRequestControl === takeControl, asksUser: eRequestPermission !== silent };
      const answerOf = (response: ShadowResponse) => ({
        pePermission: shadowResponse[response],
        pszInvitation: { maximum: cchInvitation, text: response === 'allow' ? text : '' },
        returnValue: 0,
      });
      const decided: ShadowResponse[] = [];
      let tell = (response: ShadowResponse): void => void decided.push(response);
      mustBeTakenOn(shadow(host, session, request, caller.actor, (response) => tell(response)));
      const [response] = decided;
      if (response !== undefined) return answerOf(response);
      return {
        later(answer) {
          tell = (late) => answer(answerOf(late));
          return { [Symbol.dispose]: () => void (tell = () => undefined) };
        },
      };
    },
    (caller, { targetSessionId }) => caller.host.sessions.get(targetSessionId | 0) ?? null,
  ),
];

/** A connection string in the form of [MS-RAI] 2.2.2. Nothing listens at its address: no screen is shown here. */
function invitation({ name }: SimulatedHost, { id, serial }: SimulatedSession): string {
  const key = Buffer.from(`${name}/${serial}`).toString('base64');
  return [
    `<E><A KH="${key}" ID="${name}-${id}"/>`,
    `<C><T ID="1" SID="${serial}"><L P="49152" N="192.0.2.1"/></T></C></E>`,
  ].join('');
}
