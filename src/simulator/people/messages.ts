import { milliseconds } from '../../sessions/duration.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { MessageBox } from '../world/message-box.ts';
import type { SimulatedSession } from '../world/session.ts';
import type { Person } from './person.ts';

/** A message is up. Who is not there sees it when he comes back; who is may not care. */
export function readMessage(host: SimulatedHost, person: Person, box: MessageBox): void {
  const { chance, who, activity } = person;
  if (activity !== 'working' || !chance.hits(who.habits.answers)) return;
  host.after(milliseconds(2000 + chance.around(who.habits.answersAfter)), () => answer(host, person, box));
}

/** What has been on the screen while he was not there. */
export function answerOpenBoxes(host: SimulatedHost, person: Person, session: SimulatedSession): void {
  for (const box of session.boxes) readMessage(host, person, box);
}

/** The first button mostly: it is what a message asks for. */
function answer(host: SimulatedHost, { chance }: Person, box: MessageBox): void {
  const { session, buttons } = box;
  const button = chance.hits(0.7) ? buttons[0] : buttons.at(-1);
  if (!box.isOpen || session.state !== 'active' || session.locked === true || button === undefined) return;
  session.lastInputAt = host.now();
  box.end({ kind: 'answered', button });
}
