import { expect, test } from 'vitest';
import { Chance } from '../../src/simulator/people/random.ts';
import { nothingLeft, turn } from './harness/left.ts';
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

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await turn();
}
