import { beforeAll, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/sessions/errors.ts';
import { Chance } from '../../src/simulator/people/random.ts';
import { drawFaults } from './harness/draw.ts';
import { type Left, nothingLeft, turns } from './harness/left.ts';
import { type Watched, WatchedFaults } from './harness/watched-faults.ts';
import { WatchedEstate } from './harness/watched.ts';

const [hosts, lives] = [12, 6];

test.each([1, 2])(
  'hosts that die and come back are lost and back as often (seed %i)',
  async (seed) => {
    await using watched = await WatchedEstate.start(hosts, seed);
    const chance = new Chance(seed);
    await watched.connected();
    for (let life = 1; life < lives; life += 1) {
      watched.die(chance);
      await watched.lost();
      await watched.comeBack();
    }
    const expected = ['first', ...Array.from({ length: lives - 1 }, () => ['lost', 'back']).flat()];
    expect(watched.told.size).toBe(hosts);
    for (const told of watched.told.values()) expect(told).toEqual(expected);
    expect(await watched.end()).toEqual(nothingLeft);
  },
  60_000,
);

test.each<[string, (watched: WatchedEstate) => Promise<void>]>([
  ['are dialled', async () => undefined],
  ['log on', () => turns(3)],
  ['are read for the first time', () => turns(6)],
  ['are quiet', (watched) => watched.connected()],
  [
    'are dead and not missed yet',
    async (watched) => {
      await watched.connected();
      watched.die(new Chance(1));
    },
  ],
  [
    'are lost',
    async (watched) => {
      await watched.connected();
      watched.die(new Chance(1));
      await watched.lost();
    },
  ],
])('nothing is left of a watch that ends while hosts %s', async (_what, come) => {
  await using watched = await WatchedEstate.start(hosts, 1);
  await come(watched);
  expect(await watched.end()).toEqual(nothingLeft);
});

/** Of 45 s each: a host that fails at once is tried in each of the first, and in every other one when it is left alone for 60 s. */
const rounds = 20;
const mostTries = 6 + rounds / 2;
const lasting: readonly ErrorCode[] = ['logon_failed', 'unsupported'];

describe.each([1, 2])('while a third of 24 watched hosts stall, drop, refuse or babble (seed %i)', (seed) => {
  let [healthy, faulty]: [readonly Watched[], readonly Watched[]] = [[], []];
  let [dials, waited, left]: [number, number, Left | null] = [0, 0, null];

  beforeAll(async () => {
    await using watched = await WatchedFaults.start(drawFaults(24, seed), seed);
    await watched.known();
    await watched.lost();
    waited = watched.client.now();
    for (let round = 0; round < rounds; round += 1) await watched.round();
    [healthy, faulty] = [watched.healthy(), watched.faulty()];
    dials = watched.client.dials();
    left = await watched.end();
  }, 60_000);

  test('every other host is told of before any time passes, and never lost', () => {
    expect(waited).toBe(0);
    expect(healthy.map(({ told }) => told)).toEqual(Array.from({ length: 16 }, () => ['first']));
  });

  test('every faulty host is lost, for what is wrong with it, and nothing else is told of it', () => {
    const toldOf = ({ of, told, losses }: Watched, code = losses[0]): string =>
      `${of.fault?.name}: ${code} ${[...new Set(told)].join(' ')}`;
    expect(faulty.map((one) => toldOf(one))).toEqual(
      faulty.map((one) => toldOf({ ...one, told: ['lost'] }, one.of.fault?.code)),
    );
  });

  test('faulty hosts are tried again, more and more rarely, but for those at which that cannot help', () => {
    for (const { of, losses } of faulty) {
      const once = losses.some((code) => lasting.includes(code));
      expect.soft(losses.length, of.fault?.name).toBeGreaterThanOrEqual(once ? 1 : 2);
      expect.soft(losses.length, of.fault?.name).toBeLessThanOrEqual(once ? 1 : mostTries);
    }
    // One more proved the password, and what is being tried is not lost yet.
    const tries = faulty.reduce((sum, { losses }) => sum + losses.length, 0);
    expect(dials).toBeLessThanOrEqual(1 + healthy.length + tries + faulty.length);
  });

  test('nothing is left when it ends', () => {
    expect(left).toEqual(nothingLeft);
  });
});
