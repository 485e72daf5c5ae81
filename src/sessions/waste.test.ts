import { expect, test } from 'vitest';
import { seconds } from './duration.ts';
import { aSession } from './testing/session.ts';
import { heldBy, isWasted } from './waste.ts';

test.each([
  ['disconnected', null, true],
  ['active', 1801, true],
  ['active', 1800, false],
  ['active', null, false],
] as const)('a session that is %s and idle for %s s is wasted: %s', (state, idle, expected) => {
  const idleFor = idle === null ? null : seconds(idle);
  expect(isWasted(aSession({ id: 1, state, idleFor }), seconds(1800))).toBe(expected);
});

test('sums say how many did not tell', () => {
  const held = heldBy([
    aSession({ id: 1, memoryBytes: 5, cpuPercent: 10, bytesInPerSecond: 1, bytesOutPerSecond: 2 }),
    aSession({ id: 2, memoryBytes: 7, bytesInPerSecond: 1 }),
    aSession({ id: 3, state: 'disconnected' }),
  ]);
  expect(held).toEqual({
    sessions: 3,
    disconnected: 1,
    memoryBytes: { sum: 12, untold: 1 },
    cpuPercent: { sum: 10, untold: 2 },
    bytesPerSecond: { sum: 3, untold: 1 },
  });
});

test('where none told there is no sum, and nobody holds nothing', () => {
  expect(heldBy([aSession({ id: 1 })]).memoryBytes).toEqual({ sum: null, untold: 1 });
  expect(heldBy([]).memoryBytes).toEqual({ sum: 0, untold: 0 });
});
