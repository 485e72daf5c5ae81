import { type ActOutcome, perform, refuse } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import { type BoxEnd, MessageBox, type MessageText } from '../message-box.ts';
import type { SimulatedSession } from '../session.ts';

/** A box is shown; what comes of it is told by the box. Null where the message did not get that far, and nothing will come of it. */
export interface MessageOutcome {
  readonly outcome: ActOutcome;
  readonly box: MessageBox | null;
}

/** Puts a message on a session's desktop, connected or not. Whether somebody answers is up to its behaviours. */
export function showMessage(
  host: SimulatedHost,
  session: SimulatedSession,
  message: MessageText,
  by: Actor,
): MessageOutcome {
  const attempt = { act: 'message', session, process: null, by, detail: message.title } as const;
  if (session.kind === 'services') return { outcome: refuse(host, attempt, 'wrong-state'), box: null };
  const shown: MessageBox[] = [];
  const outcome = perform(host, attempt, () => {
    shown.push(show(host, session, message, by));
  });
  return { outcome, box: shown[0] ?? null };
}

function show(host: SimulatedHost, session: SimulatedSession, message: MessageText, by: Actor): MessageBox {
  const { title, text } = message;
  const box = new MessageBox({ serial: host.numbering.box(), session, message, by }, (ended, end) => {
    session.boxes.delete(ended);
    host.note(by, session, { kind: 'message-ended', box: ended.serial, end: endText(end) });
  });
  session.boxes.add(box);
  host.note(by, session, { kind: 'message-shown', box: box.serial, title, text });
  if (box.stays !== null) host.after(box.stays, () => box.end({ kind: 'timed-out' }));
  host.behavioursOf(session).some((behaviour) => behaviour.boxShown?.(box, host) === true);
  return box;
}

const endText = (end: BoxEnd): string => (end.kind === 'answered' ? `answered ${end.button}` : end.kind);
