import { milliseconds } from '../../sessions/duration.ts';
import { showMessage } from '../world/acts/message.ts';
import { type BoxEnd, messageButtons, type MessageText } from '../world/message-box.ts';
import type { SimulatedSession } from '../world/session.ts';
import { hresults, mustBeTakenOn, ntStatuses } from './refusal.ts';
import type { Caller, Later } from './served-call.ts';

/** What becomes of a message, in the words of both interfaces that show one ([MS-TSTS] 3.3.4.1.10, 3.7.4.1.8). */
export interface MessageTold {
  /** IDOK and its like. */
  readonly response: number;
  readonly hresult: number;
  readonly ntStatus: number;
}

const asynchronous = 32_001;
const timedOut = 32_000;

/** Shows a message, and answers at once or when it has ended. Throws `Refused`. */
export function message<A>(
  caller: Caller,
  session: SimulatedSession,
  text: MessageText,
  doNotWait: boolean,
  answerOf: (told: MessageTold) => A,
): A | Later<A> {
  const { outcome, box } = showMessage(caller.host, session, text, caller.actor);
  mustBeTakenOn(outcome);
  if (doNotWait) return answerOf(succeeded(asynchronous));
  if (box !== null) return { later: (answer) => box.whenEnded((end) => answer(answerOf(told(end)))) };
  // It was taken on, and never reached the desktop: nobody answers.
  return {
    later(answer) {
      if (text.seconds === 0) return { [Symbol.dispose]: () => undefined };
      return caller.host.after(milliseconds(1000 * text.seconds), () => answer(answerOf(succeeded(timedOut))));
    },
  };
}

const succeeded = (response: number): MessageTold => ({ response, hresult: 0, ntStatus: 0 });

function told(end: BoxEnd): MessageTold {
  switch (end.kind) {
    case 'answered':
      return succeeded(messageButtons[end.button]);
    case 'timed-out':
      return succeeded(timedOut);
    case 'swept-away':
      return { response: 0, hresult: hresults.closing | 0, ntStatus: ntStatuses.closing };
  }
}
