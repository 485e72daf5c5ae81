import { describe, expect, test } from 'vitest';
import { aCrowd, type Crowd, type CrowdFate, type CrowdPlan, seeded } from './testing/crowd.ts';
import { aFleet } from './testing/fleet.ts';
import { aHost } from './testing/inventory.ts';
import { RunningTime } from './testing/running-time.ts';
import type { Fleet } from './fleet.ts';
import { type HostOutcome, listSessions, sweep } from './sweep.ts';
import { anEstate } from './testing/estate.ts';

const never = new AbortController().signal;
const faults: readonly CrowdFate[] = ['stalls', 'ignores', 'drops', 'refuses', 'babbles'];

/** So many hosts, each as quick as a host is, of which every one passes through `fate`. */
function plansOf(count: number, seed: number, fate: (index: number, random: () => number) => CrowdFate) {
  const random = seeded(seed);
  const plans = new Map<string, CrowdPlan>();
  for (let index = 0; index < count; index += 1) {
    const [logon, answer] = [40 + random() * 40, 20 + random() * 20];
    plans.set(`h${index}`, { fate: fate(index, random), logon, answer });
  }
  return plans;
}

interface Swept {
  readonly crowd: Crowd;
  readonly time: RunningTime;
  /** Host → what became of it and when. */
  readonly outcomes: ReadonlyMap<string, { readonly at: number; readonly outcome: HostOutcome<unknown> }>;
}

async function swept(plans: ReadonlyMap<string, CrowdPlan>, more: Partial<Fleet> = {}): Promise<Swept> {
  const time = new RunningTime();
  const crowd = aCrowd(plans, time);
  const base = aFleet(anEstate({}), { timers: time, parallel: 256, password: 'right' });
  const fleet: Fleet = { ...base, drivers: [crowd.driver], machine: time, random: seeded(7), ...more };
  const outcomes = new Map<string, { at: number; outcome: HostOutcome<unknown> }>();
  const hosts = [...plans.keys()].map((name) => aHost(name));
  for await (const outcome of sweep(fleet, { hosts, signal: never, read: listSessions, repeatable: true })) {
    outcomes.set(outcome.host.name, { at: time.now(), outcome });
  }
  return { crowd, time, outcomes };
}

const answersOf = ({ outcomes }: Swept) => [...outcomes].filter(([, { outcome }]) => outcome.ok);
const lastAnswer = (one: Swept): number => Math.max(...answersOf(one).map(([, { at }]) => at));

describe.each([1, 2, 3])('while a third of 400 hosts stall, drop, refuse or babble (seed %i)', (seed) => {
  const plans = plansOf(400, seed, (index, random) =>
    index > 0 && random() < 1 / 3 ? (faults[Math.floor(random() * faults.length)] ?? 'stalls') : 'answers',
  );
  const healthy = new Map([...plans].filter(([, { fate }]) => fate === 'answers'));

  test('every other host answers, as soon after it was asked as it always does', async () => {
    const one = await swept(plans);
    expect(answersOf(one)).toHaveLength(healthy.size);
    const first = answersOf(one)[0]?.[1].at ?? 0;
    for (const [name, { at }] of answersOf(one)) {
      const { logon, answer } = plans.get(name) ?? { logon: 0, answer: 0 };
      // What waits for the first logon with the password waits for that one.
      const asked = Math.max(one.crowd.begun.get(name) ?? 0, first);
      expect(at - asked).toBeLessThan(logon + answer + 1);
    }
  });

  test('the answers of all others are there almost as soon as if these were alone', async () => {
    const [one, alone] = [await swept(plans), await swept(healthy)];
    expect(lastAnswer(one)).toBeLessThan(lastAnswer(alone) * 2);
  });

  test('nothing is left open, and no timer', async () => {
    const { crowd, time } = await swept(plans);
    expect([crowd.open(), time.pending]).toEqual([0, 0]);
  });

  test('no host takes longer than its time-out', async () => {
    const { crowd, outcomes } = await swept(plans);
    for (const [name, { at }] of outcomes) expect(at - (crowd.begun.get(name) ?? 0)).toBeLessThan(16_000);
  });
});

test('hosts that hang up once answer all the same, as far as the budget goes', async () => {
  const plans = plansOf(100, 1, (index) => (index % 20 === 10 ? 'drops once' : 'answers'));
  expect(answersOf(await swept(plans))).toHaveLength(100);
});

test.each<CrowdFate>(['refuses', 'drops'])('an estate of which every host %s is not hammered', async (fate) => {
  const { crowd } = await swept(plansOf(400, 1, () => fate));
  expect(crowd.tries()).toBeLessThanOrEqual(440);
});

test('hosts that all fall silent are asked a few at a time', async () => {
  const { crowd } = await swept(plansOf(400, 1, () => 'stalls'));
  expect(crowd.mostOpen()).toBeLessThanOrEqual(6 * 16);
});

test('hosts that are all slow are asked as many at a time as quick ones', async () => {
  const slow = new Map([...plansOf(400, 1, () => 'answers')].map(([name, plan]) => [name, { ...plan, answer: 4000 }]));
  const one = await swept(slow);
  expect(answersOf(one)).toHaveLength(400);
  expect(lastAnswer(one)).toBeLessThan((400 / 16) * 4100);
});

test('more hosts are asked at once as long as they answer quickly', async () => {
  const { crowd } = await swept(plansOf(1000, 1, () => 'answers'));
  expect(crowd.mostOpen()).toBe(256);
});

test('the first logon with a password costs the sweep no more than the time of one host', async () => {
  const plans = plansOf(400, 1, () => 'answers');
  const { gate } = aFleet(anEstate({}));
  const open: Fleet['gate'] = {
    attempt: (host, secrets, signal, aside) => ({
      ...gate.attempt(host, secrets, signal, aside),
      credential: {
        ...secrets,
        password: async (...asked) => (await secrets.password(...asked))?.secret ?? null,
        sudoPassword: async () => null,
      },
    }),
  };
  const [gated, free] = [await swept(plans), await swept(plans, { gate: open })];
  expect(lastAnswer(gated) - lastAnswer(free)).toBeLessThan(80);
});

test('hosts that need no password do not wait for those that wait for the first logon', async () => {
  const waiting = [...plansOf(40, 1, () => 'answers')].map(([name, plan]) => [name, { ...plan, logon: 60 }] as const);
  const first = ['first', { fate: 'answers', logon: 10, answer: 20, asks: 'and is silent' }] as const;
  const open = [...plansOf(20, 2, () => 'answers')].map(
    ([name, plan]) => [`open-${name}`, { ...plan, asks: false }] as const,
  );
  const { outcomes } = await swept(new Map<string, CrowdPlan>([first, ...waiting, ...open]));
  const last = Math.max(...open.map(([name]) => outcomes.get(name)?.at ?? Number.POSITIVE_INFINITY));
  expect(last).toBeLessThan(1500);
});
