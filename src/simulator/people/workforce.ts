import type { Behaviour } from '../behaviours/behaviour.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { LedgerEntry } from '../world/ledger.ts';
import type { MessageBox } from '../world/message-box.ts';
import { readMessage } from './messages.ts';
import type { Person } from './person.ts';
import { cutOff, lose } from './rhythm.ts';

/**
 * The people who work at one host. To the host they are a behaviour, its last: what somebody does by himself comes after what is
 * wrong with his session or his host.
 */
export class Workforce implements Behaviour {
  readonly name = 'people';
  readonly people: readonly Person[];
  readonly #bySid: ReadonlyMap<string, Person>;

  constructor(people: readonly Person[]) {
    this.people = people;
    this.#bySid = new Map(people.map((person) => [person.who.account.sid, person]));
  }

  /** What others do to sessions, and the host, is noticed by their users. */
  happened({ session, what, by }: LedgerEntry, host: SimulatedHost): void {
    if (session === null || session.user === null) return;
    if (what.kind !== 'ended' && what.kind !== 'disconnected') return;
    const person = this.people.find(({ session: own }) => own?.serial === session.serial);
    if (person === undefined) return;
    const isOwn = by.kind === 'user' && by.account?.sid === person.who.account.sid;
    if (what.kind === 'ended') lose(host, person, !isOwn);
    else if (!isOwn) cutOff(host, person);
  }

  boxShown(box: MessageBox, host: SimulatedHost): boolean {
    const { account } = box.session;
    const person = account === null ? undefined : this.#bySid.get(account.sid);
    if (person === undefined) return false;
    readMessage(host, person, box);
    return true;
  }
}
