import { describe, expect, test } from 'vitest';
import { UsherError } from '../sessions/errors.ts';
import { aSession } from '../sessions/testing/session.ts';
import { findEverySession, findSessions } from './find-sessions.ts';
import { anEstate, type HostPlan } from './testing/estate.ts';
import { aFleet } from './testing/fleet.ts';
import { anInventory } from './testing/inventory.ts';

const never = new AbortController().signal;
const inventory = anInventory({ xh1: [], xh2: [] });
const on = (host: string, ...users: readonly string[]): HostPlan => ({
  readings: [users.map((user, index) => aSession({ host, id: 10 + index, user }))],
});
const dead: HostPlan = { failure: new UsherError({ code: 'unreachable', message: 'nothing listens' }) };

function find(text: string, plans: Readonly<Record<string, HostPlan>>) {
  const estate = anEstate(plans);
  return { estate, found: findSessions(aFleet(estate), [text], { inventory, hosts: null }, never) };
}

test('the one match is taken and its connection kept until it is disposed of', async () => {
  const { estate, found } = find('alice', { xh1: on('xh1', 'bob'), xh2: on('xh2', 'alice') });
  const all = await found;
  expect(all.sessions).toMatchObject([{ host: { host: { name: 'xh2' } }, session: { id: 10 }, namedBy: 'user' }]);
  expect(estate.events).not.toContain('close xh2');
  await all[Symbol.asyncDispose]();
  expect(estate.events).toContain('close xh2');
});

test('every session that passes is found, though a host fails; where none answers each failure is told', async () => {
  const hosts = [...inventory.hosts.values()];
  const everyone = { passes: () => true, mostKept: 2 };
  await using found = await findEverySession(
    aFleet(anEstate({ xh1: on('xh1', 'bob', 'eve'), xh2: dead })),
    hosts,
    everyone,
    never,
  );
  expect(found).toMatchObject({
    sessions: [{ namedBy: 'filter', session: { user: 'bob' } }, { session: { user: 'eve' } }],
    unsearched: [{ host: 'xh2' }],
  });
  const none = findEverySession(aFleet(anEstate({ xh1: dead, xh2: dead })), hosts, everyone, never);
  await expect(none).rejects.toMatchObject({ errors: [{ host: 'xh1' }, { host: 'xh2' }] });
});

test('what passes is told in the order of the hosts, whichever answers first', async () => {
  const slow = Promise.withResolvers<void>();
  const hosts = [...inventory.hosts.values()];
  const estate = anEstate({ xh1: { ...on('xh1', 'bob'), after: slow.promise }, xh2: on('xh2', 'eve') });
  const finding = findEverySession(
    aFleet(estate),
    hosts,
    { passes: (session) => (slow.resolve(), session.user !== null), mostKept: 2 },
    never,
  );
  await using found = await finding;
  expect(found.sessions.map(({ session }) => session.host)).toEqual(['xh1', 'xh2']);
});

describe('of more hosts than may be acted on', () => {
  const names = Array.from({ length: 40 }, (_, index) => `h${index}`);
  const many = [...anInventory(Object.fromEntries(names.map((name) => [name, []]))).hosts.values()];
  const parallel = 4;

  function findOn(mostKept: number) {
    const estate = anEstate(Object.fromEntries(names.map((name) => [name, on(name, 'bob')])));
    const closed = () => estate.events.filter((event) => event.startsWith('close')).length;
    const wanted = { passes: () => true, mostKept };
    return { estate, closed, found: findEverySession(aFleet(estate, { parallel }), many, wanted, never) };
  }

  test('every session is told and no connection kept', async () => {
    const { estate, closed, found } = findOn(3);
    await using all = await found;
    expect([all.sessions.length, closed()]).toEqual([40, 40]);
    expect(estate.mostOpen()).toBeLessThanOrEqual(3 + 2 * parallel);
  });

  test('one is connected to again where something is asked of it', async () => {
    const { estate, found } = findOn(3);
    await using all = await found;
    const [first] = all.sessions;
    const again = await first?.host.use((connection, signal) => connection.list(signal), never);
    expect([again?.sessions.length, estate.events.at(-1)]).toEqual([1, 'connect h0']);
  });

  test('as many as may be are kept', async () => {
    const { closed, found } = findOn(40);
    await using _all = await found;
    expect(closed()).toBe(0);
  });
});

test('several matches are listed and none is taken', async () => {
  const { estate, found } = find('alice', { xh1: on('xh1', 'bob', 'alice'), xh2: on('xh2', 'alice') });
  await expect(found).rejects.toMatchObject({ code: 'ambiguous' });
  await expect(found).rejects.toThrow(/2 sessions: .*xh1 11 \(alice, active\)/);
  expect(estate.events.filter((event) => event.startsWith('close'))).toHaveLength(2);
});

test('no match is not found, with the hosts that could not be searched', async () => {
  const { found } = find('eve', { xh1: on('xh1', 'bob'), xh2: dead });
  await expect(found).rejects.toMatchObject({ code: 'not_found', hint: expect.stringContaining('xh2') as unknown });
});

test('a match besides a dead host tells of the dead one', async () => {
  const { found } = find('bob', { xh1: on('xh1', 'bob'), xh2: dead });
  await using all = await found;
  expect(all.unsearched.map(({ host }) => host)).toEqual(['xh2']);
});

test('where the only host does not answer its failure is told', async () => {
  await expect(find('xh1:10', { xh1: dead }).found).rejects.toMatchObject({ code: 'unreachable', host: 'xh1' });
});

test('where no host answers each failure is told', async () => {
  const slow: HostPlan = { failure: new UsherError({ code: 'timeout', message: 'no answer' }) };
  await expect(find('alice', { xh1: dead, xh2: slow }).found).rejects.toMatchObject({
    errors: [
      { code: 'unreachable', host: 'xh1' },
      { code: 'timeout', host: 'xh2' },
    ],
  });
});

test.each([
  ['alice@xh3', "there is no host 'xh3' in /etc/usher/inventory.yaml", ': alice -s windows://xh3 or ssh://xh3'],
  ['xh3:10', "there is no host 'xh3' in /etc/usher/inventory.yaml", ': 10 -s windows://xh3 or ssh://xh3'],
])('%s names a host that is not there, whatever became of the others', async (text, message, hint) => {
  const { found } = find(text, { xh1: dead, xh2: dead });
  await expect(found).rejects.toThrow(message);
  await expect(found).rejects.toMatchObject({ code: 'not_found', hint: expect.stringContaining(hint) as unknown });
  await expect(found).rejects.toMatchObject({
    hint: expect.stringMatching(/^did you mean xh1 or xh2\?; .*; not searched, .*: xh1, xh2$/) as unknown,
  });
});

test('a user whose name holds an @ is found without a host of that name', async () => {
  await using found = await find('bob@corp', { xh1: on('xh1', 'bob@corp') }).found;
  expect(found.sessions[0]?.session.user).toBe('bob@corp');
});

test('a display name of a host that is there is not taken for another host', async () => {
  await expect(find('xh1:rdp@x', { xh1: on('xh1', 'bob') }).found).rejects.toThrow("no session 'xh1:rdp@x'");
});

test('a key whose session is not there any more is session_changed', async () => {
  const { key } = aSession({ host: 'xh1', id: 10, user: 'alice' });
  const { found } = find(key, { xh1: on('xh1') });
  await expect(found).rejects.toMatchObject({ code: 'session_changed', host: 'xh1' });
});
