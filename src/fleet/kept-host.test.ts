import { expect, test } from 'vitest';
import type { HostConnection } from '../hosts/driver.ts';
import { UsherError } from '../sessions/errors.ts';
import { keepHost } from './kept-host.ts';
import { anEstate, type HostPlan } from './testing/estate.ts';
import { aFleet } from './testing/fleet.ts';
import { anInventory } from './testing/inventory.ts';

const never = new AbortController().signal;
const host = [...anInventory({ xh1: [] }).hosts.values()][0];

function kept(plan: HostPlan) {
  if (host === undefined) throw new Error('the inventory has no host');
  const estate = anEstate({ xh1: plan });
  return { estate, keeper: keepHost(aFleet(estate, { password: 'x' }), host, null) };
}

const list = (connection: HostConnection, signal: AbortSignal) => connection.list(signal);
const lost = async (): Promise<never> => {
  throw new UsherError({ code: 'connection_lost', message: 'it ended' });
};

test('one connection serves every work', async () => {
  const { estate, keeper } = kept({});
  await keeper.use(list, never);
  await keeper.use(list, never);
  expect(estate.events).toEqual(['connect xh1']);
});

test('a connection that is lost is closed, and made anew by the next work', async () => {
  const { estate, keeper } = kept({});
  await expect(keeper.use(lost, never)).rejects.toMatchObject({ code: 'connection_lost' });
  await keeper.use(list, never);
  expect(estate.events).toEqual(['connect xh1', 'close xh1', 'connect xh1']);
});

test('a host that says no keeps its connection', async () => {
  const { estate, keeper } = kept({});
  const refused = async (): Promise<never> => {
    throw new UsherError({ code: 'session_changed', message: 'another one' });
  };
  await expect(keeper.use(refused, never)).rejects.toMatchObject({ code: 'session_changed' });
  await keeper.use(list, never);
  expect(estate.events).toEqual(['connect xh1']);
});

test('one caller who gives up does not fail the others', async () => {
  const judging = Promise.withResolvers<void>();
  const { keeper } = kept({ password: 'x', judging: judging.promise });
  const impatient = new AbortController();
  const first = keeper.hold(async () => 'first', impatient.signal);
  const second = keeper.hold(async () => 'second', never);
  impatient.abort();
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  judging.resolve();
  expect(await second).toBe('second');
});

test('after a connection that failed the failure is told again for a while, without another one', async () => {
  const { estate, keeper } = kept({ failure: new UsherError({ code: 'unreachable', message: 'nothing listens' }) });
  for (const _ of [1, 2]) await expect(keeper.use(list, never)).rejects.toMatchObject({ code: 'unreachable' });
  expect(estate.events).toEqual(['connect xh1']);
});

test('works are done one after the other', async () => {
  const { keeper } = kept({});
  const told: string[] = [];
  const gate = Promise.withResolvers<void>();
  const slow = keeper.use(async () => {
    await gate.promise;
    told.push('slow');
  }, never);
  const quick = keeper.use(async () => void told.push('quick'), never);
  gate.resolve();
  await Promise.all([slow, quick]);
  expect(told).toEqual(['slow', 'quick']);
});

test('after it was disposed of nothing connects any more', async () => {
  const { estate, keeper } = kept({});
  await keeper.use(list, never);
  await keeper[Symbol.asyncDispose]();
  await expect(keeper.use(list, never)).rejects.toMatchObject({ code: 'connection_lost' });
  expect(estate.events).toEqual(['connect xh1', 'close xh1']);
});
