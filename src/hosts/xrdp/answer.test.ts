import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer } from './answer.ts';
import { foreignFailureOf } from './testing/failure.ts';
import { answerWith, disconnected, healthy } from './testing/facts.ts';

/** As it comes from the probe: ticks are text, since Perl's numbers may not hold them. */
function onTheWire(): Record<string, unknown> {
  const { unread: _, ...answer } = answerWith(healthy);
  const document = JSON.parse(JSON.stringify(answer)) as Record<string, unknown>;
  return mapValues(document, (key, value) => (key === 'start' ? String(value) : value)) as Record<string, unknown>;
}

function mapValues(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapValues(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValues(change(key, item), change)]));
}

test('a whole answer is taken', () => {
  expect(readAnswer(onTheWire())).toEqual(answerWith(healthy));
});

test.each([
  ['another version', { version: 2 }, 'version'],
  ['no boot id', { bootId: '' }, 'bootId'],
  ['sessions that are no list', { sessions: {} }, 'sessions'],
  ['a field nobody knows', { extra: 1 }, 'extra'],
  ['a clock that is no number', { now: 'soon' }, 'now'],
])('%s is refused, and the field named', (_, difference, field) => {
  expect(() => readAnswer({ ...onTheWire(), ...difference })).toThrow(
    expect.objectContaining({ code: 'bad_answer', message: expect.stringContaining(field) as unknown }),
  );
});

test('a session that is not understood costs its own row, and its place is named', () => {
  const broken = { ...healthy, xServer: { start: '1', name: 'Xorg', state: 'S' } };
  const whole = mapValues(disconnected, (key, value) => (key === 'start' ? String(value) : value));
  expect(readAnswer({ ...onTheWire(), sessions: [broken, whole] })).toMatchObject({
    sessions: [disconnected],
    unread: [expect.stringMatching(/^sessions\.0: xServer\.pid/)],
  });
});

test('any JSON at all gives an answer or bad_answer', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('kind', 'sessions', 'now', 'bootId', 'version'), (value, key) => {
      for (const document of [value, { ...onTheWire(), [key]: value }]) {
        expect(foreignFailureOf(() => readAnswer(document))).toBeNull();
      }
    }),
  );
});
