import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cancel } from '../messages/cancel.ts';
import { echo } from '../messages/echo.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { Dialogue } from '../testing/dialogue.ts';
import { TwoTokens } from '../testing/initiator.ts';
import type { Handler, ScriptedServer } from '../testing/server.ts';
import type { SmbEvent, Ticket } from './events.ts';

type Choice = 'answer' | 'refuse' | 'later' | 'pending' | 'expired';
type Act = 'echo' | 'cancel' | 'deliver';

/** A server that answers at once, later, out of order, or not before the user has logged on again. */
class World {
  readonly dialogue: Dialogue;
  readonly tickets: Ticket[] = [];
  readonly #kept: Uint8Array[] = [];
  readonly #choices: Iterator<Choice>;

  constructor(choices: Iterator<Choice>, credits: number) {
    this.#choices = choices;
    const handler: Handler = (request, server) => this.#handle(request, server);
    this.dialogue = new Dialogue({
      script: { credits },
      handlers: [
        [echo.code, handler],
        [cancel.code, () => []],
      ],
    });
  }

  act(act: Act, number: number): void {
    const { connection } = this.dialogue;
    if (act === 'echo') this.tickets.push(connection.echo());
    if (act === 'cancel') connection.cancel(this.tickets[number % Math.max(1, this.tickets.length)] ?? 0);
    if (act === 'deliver') this.#deliver(number);
    this.#settle();
  }

  /** Until nothing is left to be answered. */
  finish(): void {
    for (let left = 500; left > 0 && this.#kept.length > 0; left--) {
      this.#deliver(left);
      this.#settle();
    }
  }

  #deliver(number: number): void {
    const [answer] = this.#kept.splice(number % Math.max(1, this.#kept.length), 1);
    if (answer !== undefined) this.dialogue.connection.receive(answer);
  }

  #settle(): void {
    while (this.dialogue.run().some(({ kind }) => kind === 'session-expired')) {
      this.dialogue.connection.reauthenticate(new TwoTokens());
    }
  }

  #handle(request: Parameters<Handler>[0], server: ScriptedServer): readonly Uint8Array[] {
    const choice: Choice = this.#choices.next().value ?? 'answer';
    switch (choice) {
      case 'answer':
        return [server.answer(request, echo, null)];
      case 'refuse':
        return [server.error(request, ntStatus.STATUS_INVALID_PARAMETER)];
      case 'expired':
        return [server.error(request, ntStatus.STATUS_NETWORK_SESSION_EXPIRED)];
      case 'later':
        this.#kept.push(server.answer(request, echo, null));
        return [];
      case 'pending': {
        const asyncId = request.header.messageId + 1000n;
        this.#kept.push(server.answer(request, echo, null, { asyncId, credits: 0 }));
        return [server.error(request, ntStatus.STATUS_PENDING, { asyncId })];
      }
    }
  }
}

const endsOf = (events: readonly SmbEvent[]): readonly Ticket[] =>
  events.flatMap((event) => ('ticket' in event ? [event.ticket] : [])).sort((one, other) => one - other);

test('whatever a server does within the protocol, every request ends once and the connection stays', () => {
  const choices = fc.infiniteStream(fc.constantFrom<Choice>('answer', 'refuse', 'later', 'pending', 'expired'));
  const acts = fc.array(fc.tuple(fc.constantFrom<Act>('echo', 'echo', 'echo', 'cancel', 'deliver'), fc.nat(50)), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(choices, acts, fc.integer({ min: 1, max: 4 }), (stream, script, credits) => {
      const world = new World(stream, credits);
      for (const [act, number] of script) world.act(act, number);
      world.finish();
      const { events, server } = world.dialogue;
      expect(events.filter(({ kind }) => kind === 'closed')).toEqual([]);
      expect(endsOf(events)).toEqual(world.tickets);
      const sent = server.requests.filter(({ header }) => header.command !== cancel.code);
      expect(new Set(sent.map(({ header }) => header.messageId)).size).toBe(sent.length);
    }),
  );
});
