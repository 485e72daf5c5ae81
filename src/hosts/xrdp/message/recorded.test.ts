import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Recording, recorded, recordedBytes } from '../../../wire/x11/testing/vectors.ts';
import { type BoxTurn, openBox, received, ticked } from './box.ts';
import { contentOf } from './testing/content.ts';
import { requestsIn } from './testing/desktop.ts';

/** The text of the box that the recordings are of. */
const content = contentOf({ title: 'Title', text: 'Text' });

function replay(recording: Recording): readonly BoxTurn[] {
  let box = openBox(content);
  return recording.map(({ at, hex }) => {
    const turn = received(box, hex, at);
    box = turn.box;
    return turn;
  });
}

test.each([
  ['xvfb-24-click', { kind: 'answered', answer: 'now' }],
  ['xvfb-16-keyboard', { kind: 'answered', answer: 'now' }],
  ['xvfb-8-closed', { kind: 'closed' }],
] as const)('%s comes to its end', (name, outcome) => {
  const turns = replay(recorded(name));
  expect(turns.map((turn) => turn.outcome).filter((one) => one !== null)).toEqual([outcome]);
});

test('it is the same byte for byte', () => {
  const whole = recordedBytes('xvfb-24-click');
  const times = recorded('xvfb-24-click').flatMap(({ at, hex }) => Array.from(hex, () => at));
  const pieces = Array.from(whole, (byte, index) => ({ at: times[index] ?? 0, hex: new Uint8Array([byte]) }));
  const sentBy = (turns: readonly BoxTurn[]): string =>
    turns.map(({ send }) => Buffer.from(send).toString('hex')).join('');
  expect(sentBy(replay(pieces))).toBe(sentBy(replay(recorded('xvfb-24-click'))));
});

test('whatever the server says, the box goes on or is lost, and sends whole requests', () => {
  const name = fc.constantFrom('xvfb-24-click', 'xvfb-16-keyboard', 'xvfb-8-closed');
  const change = fc.tuple(fc.nat(), fc.nat(255), fc.boolean());
  const cuts = fc.array(fc.nat(400), { maxLength: 20 });
  fc.assert(
    fc.property(name, fc.array(change, { maxLength: 12 }), cuts, (name, changes, cuts) => {
      const bytes = garbled(recordedBytes(name), changes);
      let box = openBox({ ...content, until: 90_000, countdown: (left) => `${left}` });
      let outcomes = 0;
      let sent = 0;
      const take = (turn: BoxTurn): void => {
        box = turn.box;
        sent += requestsIn(turn.send, sent).length;
        outcomes += turn.outcome === null ? 0 : 1;
      };
      let from = 0;
      for (const [index, length] of [...cuts, bytes.length].entries()) {
        take(received(box, bytes.subarray(from, from + length), index * 700));
        take(ticked(box, index * 700));
        from += length;
      }
      take(ticked(box, 100_000));
      expect(outcomes).toBe(1);
    }),
    { numRuns: 300 },
  );
});

/** Bytes changed, or with those before them left out; most changes fall beyond the setup. */
function garbled(bytes: Uint8Array, changes: readonly (readonly [number, number, boolean])[]): Uint8Array {
  const kept = [...bytes];
  for (const [at, value, leaveOut] of changes) {
    if (leaveOut) kept.splice(at % kept.length, 1 + (value % 40));
    else kept[at % kept.length] = value;
  }
  return new Uint8Array(kept);
}
