import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aClient } from './harness/client.ts';
import { drawFaults } from './harness/draw.ts';
import { aFaultyEstate, rowsIn, rowsOf } from './harness/estate.ts';
import { faults } from './harness/faults.ts';
import { type Left, leftOf, nothingLeft, resources } from './harness/left.ts';
import { type SweptHost, swept } from './harness/swept.ts';

/** `USHER_FAULTY_HOSTS=400 USHER_FAULTY_SEEDS=7,8 npm test -- test/faults/sweep.test.ts` */
const hosts = Number(process.env['USHER_FAULTY_HOSTS'] ?? 60);
const seeds = (process.env['USHER_FAULTY_SEEDS'] ?? '1,2').split(',').map(Number);

const told = ({ of, outcome }: SweptHost): string => `${of.host.name} ${outcome.ok ? 'ok' : outcome.error.code}`;
const warnings: string[] = [];
const warn = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`);
process.on('warning', warn);
afterAll(() => {
  process.off('warning', warn);
});

describe.each(seeds)(`while a third of ${hosts} hosts stall, drop, refuse or babble (seed %i)`, (seed) => {
  const wrong = drawFaults(hosts, seed);
  let alone: readonly SweptHost[] = [];
  let all: readonly SweptHost[] = [];
  let left: Left | null = null;
  const healthy = (): readonly SweptHost[] => all.filter(({ of }) => of.fault === null);

  beforeAll(
    async () => {
      await using estate = await aFaultyEstate(wrong, seed);
      const [client, { signal }] = [aClient(seed), new AbortController()];
      const before = resources();
      // The first sweep proves the password: no host is alone with it afterwards.
      alone = await swept(
        client,
        estate.hosts.filter(({ fault }) => fault === null),
        signal,
      );
      all = await swept(client, estate.hosts, signal);
      left = await leftOf({ client, estate, signal, before });
    },
    60_000 + 3000 * hosts,
  );

  test('every other host answers, completely and with its own sessions', () => {
    for (const { of, outcome } of healthy()) {
      if (!outcome.ok) throw outcome.error;
      expect(outcome.value.complete).toBe(true);
      expect(outcome.value.notes).toEqual([]);
      expect(rowsIn(outcome.value.sessions)).toEqual(rowsOf(of.simulated));
    }
    expect(healthy()).toHaveLength(alone.length);
  });

  test('no other host waits for a silent one, or for any time to pass, as none does without faulty hosts', () => {
    const waited = [...alone, ...healthy()].filter(({ isPrompt }) => !isPrompt);
    expect(waited.map(told)).toEqual([]);
  });

  test('every faulty host is one failure, of the kind that it is', () => {
    const faulty = all.filter(({ of }) => of.fault !== null);
    const expected = faulty.map(({ of }) => `${of.host.name} ${of.fault?.code}`);
    expect(faulty.map(told)).toEqual(expected);
    expect(new Set(all.map(({ of }) => of.host.name)).size).toBe(all.length);
    expect(all).toHaveLength(hosts);
  });

  test('only hosts that stall are waited for', () => {
    const waited = all.filter(({ isPrompt }) => !isPrompt).map(({ of }) => of.fault?.kind);
    expect(new Set(waited)).toEqual(new Set(['stalls']));
  });

  test('no socket, timer or listener is left', () => {
    expect(left).toEqual(nothingLeft);
  });

  test('nobody is warned of listeners that pile up', () => {
    expect(warnings).toEqual([]);
  });
});

describe('a host that', () => {
  test.each(faults)('$name is told as $code, and leaves nothing behind', { timeout: 30_000 }, async (fault) => {
    await using estate = await aFaultyEstate([null, fault], 1);
    const [client, { signal }] = [aClient(1), new AbortController()];
    const before = resources();
    const [first, second] = estate.hosts;
    if (first === undefined || second === undefined) throw new TypeError('no hosts');
    await swept(client, [first], signal);
    const outcomes = await swept(client, [first, second], signal);
    expect(outcomes.map(told).toSorted()).toEqual([`${first.host.name} ok`, `${second.host.name} ${fault.code}`]);
    expect(await leftOf({ client, estate, signal, before })).toEqual(nothingLeft);
  });
});
