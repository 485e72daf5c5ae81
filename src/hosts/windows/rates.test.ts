import { describe, expect, test } from 'vitest';
import type { HostFacts, SessionFacts } from './facts.ts';
import { baselineOf, ratesOf } from './rates.ts';
import { ago, alice, hostFacts, now, process } from './testing/facts.ts';

const unknown = { cpuPercent: null, bytesInPerSecond: null, bytesOutPerSecond: null };

/** Two readings of alice's session, two seconds apart, of which the later has these differences. */
function rates(changes: Partial<SessionFacts>, was: Partial<SessionFacts> = {}, others: Partial<HostFacts> = {}) {
  const before = hostFacts({ now: ago(2), sessions: [{ ...alice, ...was }] });
  return ratesOf(2, hostFacts({ sessions: [{ ...alice, ...changes }], ...others }), baselineOf(before));
}

test('the first reading tells no rate', () => {
  expect(ratesOf(2, hostFacts(), null)).toEqual(unknown);
});

test.each([
  ['less than half a second apart', now - 4_999_999n],
  ['of the same moment', now],
  ['between which the clock went back', now + 10_000_000n],
])('readings %s tell no rate', (_, then) => {
  expect(ratesOf(2, hostFacts(), baselineOf(hostFacts({ now: then })))).toEqual(unknown);
});

describe('bytes', () => {
  test('are told for a second', () => {
    expect(rates({ traffic: { fromClient: 1400, toClient: 9000 } })).toMatchObject({
      bytesInPerSecond: 200,
      bytesOutPerSecond: 2000,
    });
  });

  test('go on where a counter of 32 bits begins anew', () => {
    const was = { traffic: { fromClient: 2 ** 32 - 100, toClient: 2 ** 32 - 1 } };
    expect(rates({ traffic: { fromClient: 300, toClient: 0 } }, was)).toMatchObject({
      bytesInPerSecond: 200,
      bytesOutPerSecond: 0.5,
    });
  });

  test.each([
    ['after the client came anew', { times: { ...alice.times, connected: ago(1) } }, {}],
    ['where it is not known when the client came', { times: null }, { times: null }],
    [
      'where it is told as zero',
      { times: { ...alice.times, connected: 0n } },
      { times: { ...alice.times, connected: 0n } },
    ],
    ['where only one reading told when the client came', {}, { times: null }],
    ['where the traffic is not told', { traffic: null }, {}],
    ['where the traffic was not told', {}, { traffic: null }],
  ])('are not told %s', (_, changes, was) => {
    const traffic = { fromClient: 5, toClient: 5 };
    const told = rates({ traffic, ...changes } as Partial<SessionFacts>, was as Partial<SessionFacts>);
    expect(told).toMatchObject({ bytesInPerSecond: null, bytesOutPerSecond: null });
  });

  test('are not told of a session that was not there', () => {
    const before = hostFacts({ now: ago(2), sessions: [] });
    expect(ratesOf(2, hostFacts(), baselineOf(before))).toMatchObject({
      bytesInPerSecond: null,
      bytesOutPerSecond: null,
    });
  });
});

describe('processor time', () => {
  const cpuOf = (...processes: readonly ReturnType<typeof process>[]): number | null =>
    rates({}, {}, { processes }).cpuPercent;
  const second = 10_000_000n;
  const was = process().cpuTime;

  test('of all processes of the session is 100 for one core', () => {
    expect(cpuOf(process({ cpuTime: was + 3n * second }))).toBe(150);
  });

  test('of a process that began meanwhile is all of it', () => {
    const young = process({ pid: 5000, createTime: ago(1), cpuTime: second / 2n });
    expect(cpuOf(process(), young)).toBe(25);
  });

  test('of another process with the same pid is not compared', () => {
    expect(cpuOf(process({ createTime: ago(1), cpuTime: second }))).toBe(50);
  });

  test('of another session is left out', () => {
    expect(cpuOf(process({ sessionId: 3, cpuTime: was + second }))).toBe(0);
  });

  test('of the idle process, which is the time that nobody used, is left out', () => {
    expect(cpuOf(process(), process({ pid: 0, cpuTime: 99n * second }))).toBe(0);
  });

  test('is never less than nothing', () => {
    expect(cpuOf(process({ cpuTime: 0n }))).toBe(0);
  });

  test('is not told without processes', () => {
    expect(rates({}, {}, { processes: null }).cpuPercent).toBeNull();
  });
});
