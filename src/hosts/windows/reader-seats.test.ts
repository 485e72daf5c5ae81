import { describe, expect, test, vi } from 'vitest';
import { getClientData } from '../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getRemoteAddress } from '../../wire/ms-tsts/rcm-public/get-remote-address.ts';
import type { HostFacts, SessionFacts } from './facts.ts';
import { answersOf } from './testing/answers.ts';
import { ago, alice, disconnected, hostFacts, services, system } from './testing/facts.ts';
import { hang, hostOf, refuse, type Started } from './testing/started.ts';

const only = (session: SessionFacts): HostFacts => hostFacts({ sessions: [services, session] });
const seatOf = ({ sessions }: HostFacts): unknown => {
  const { client, address } = sessions.find(({ id }) => id === alice.id) ?? alice;
  return { client, address };
};
const { client, address } = alice;

/** What the next reading tells of the client of alice's session, and how often it asks for that. */
async function next({ host, reader }: Started): Promise<readonly [unknown, number]> {
  const before = host.calls.length;
  const facts = await reader.read();
  const asked = host.calls.slice(before);
  return [seatOf(facts), asked.filter((name) => [getClientData.name, getRemoteAddress.name].includes(name)).length];
}

describe('the client of a session', () => {
  test('is asked for until two readings tell of the same connection, and then no more', async () => {
    const started = await hostOf(only(alice));
    const told = [await next(started), await next(started), await next(started)];
    expect(told).toEqual([2, 2, 0].map((asked) => [{ client, address }, asked]));
  });

  test('is asked for now and then all the same, as some change their display', async () => {
    const started = await hostOf(only(alice));
    await next(started);
    await next(started);
    const wider = only({ ...alice, client: client === null ? null : { ...client, width: 2560 } });
    started.host.answers = answersOf(wider);
    const asked: number[] = [];
    let last: unknown = null;
    for (let reading = 0; reading < 15; reading++) {
      const [seat, count] = await next(started);
      asked.push(count);
      last = seat;
    }
    expect([asked.reduce((sum, count) => sum + count), last]).toEqual([2, seatOf(wider)]);
  });

  test.each<[string, Partial<SessionFacts>]>([
    ['another one connects', { times: { ...(alice.times ?? never()), connected: ago(10) } }],
    ['somebody logs on over the same connection', { times: { ...(alice.times ?? never()), loggedOn: ago(20) } }],
    ['another session takes its id', { times: { ...(alice.times ?? never()), loggedOn: ago(20), connected: ago(20) } }],
  ])('is told in the same reading where %s', async (_, changes) => {
    const started = await hostOf(only(alice));
    await next(started);
    await next(started);
    const after = {
      ...alice,
      ...changes,
      client: { name: 'PC-2', width: 1, height: 2, colorDepth: 32, protocolType: 2 },
    };
    started.host.answers = answersOf(only({ ...after, address: '192.0.2.9' }));
    expect(await next(started)).toEqual([{ client: after.client, address: '192.0.2.9' }, 2]);
  });

  const elsewhere: SessionFacts = {
    ...alice,
    client: { name: 'PC-2', width: 1, height: 2, colorDepth: 32, protocolType: 2 },
    address: '192.0.2.9',
  };

  test('is asked for anew where the session was seen disconnected, whatever its times say', async () => {
    const started = await hostOf(only(alice));
    await next(started);
    await next(started);
    started.host.answers = answersOf(only({ ...disconnected, times: alice.times }));
    await next(started);
    started.host.answers = answersOf(only(elsewhere));
    expect(await next(started)).toEqual([seatOf(only(elsewhere)), 2]);
  });

  test('is asked for anew where the host told of the session, whatever its times say', async () => {
    const started = await hostOf(only(alice));
    await next(started);
    await next(started);
    started.host.answers = answersOf(only(elsewhere));
    const some = await started.reader.readSome([alice.id]);
    expect(some?.sessions).toEqual([elsewhere]);
  });

  test('is asked for anew where the session was gone for a reading, whatever its times say', async () => {
    const started = await hostOf(only(alice));
    await next(started);
    await next(started);
    started.host.answers = answersOf(hostFacts({ sessions: [services], processes: [system] }));
    await started.reader.read();
    started.host.answers = answersOf(only(elsewhere));
    expect(await next(started)).toEqual([seatOf(only(elsewhere)), 2]);
  });

  test('that hung is asked for anew where the session was gone', async () => {
    const started = await hostOf(only(alice), hang(getClientData));
    const reading = started.reader.read();
    await vi.waitFor(() => expect(started.host.calls).toContain('RpcGetClientData'));
    while (started.timers.pending > 0) {
      started.timers.pass(4000);
      await new Promise(setImmediate);
    }
    await reading;
    started.host.answers = answersOf(hostFacts({ sessions: [services] }));
    expect(await started.reader.readSome([alice.id])).toMatchObject({ gone: new Set([alice.id]) });
    started.host.answers = answersOf(only(alice));
    expect(await next(started)).toEqual([{ client, address }, 2]);
  });

  test('that the host keeps back is asked for every time', async () => {
    const started = await hostOf(only(alice), refuse(getRemoteAddress));
    const told = [await next(started), await next(started), await next(started)];
    expect(told).toEqual([2, 2, 2].map((asked) => [{ client, address: null }, asked]));
  });
});

function never(): never {
  throw new TypeError('the session has times');
}
