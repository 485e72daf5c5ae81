import { afterEach, describe, expect, test, vi } from 'vitest';
import { nullHandle } from '../../wire/ndr/context-handle.ts';
import { registerAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { waitAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { getAllSessionsEx } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import { getSessionInformationEx } from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import type { HostReading } from '../driver.ts';
import { answer, fault } from './testing/host.ts';
import { asks, closeAll, lists, rested, watching, watchingUnder } from './testing/watching.ts';
import { WatchLoad } from './watch-load.ts';

afterEach(closeAll);

const silence = new Promise<never>(() => undefined);
const hangingList = answer(getAllSessionsEx, () => silence);
const refusing = answer(registerAsyncNotification, () => fault('nca_s_op_rng_error'));

const notesOf = ({ value }: IteratorResult<HostReading>): readonly string[] =>
  (value as HostReading).notes.map(({ code }) => code);

describe('a host that tells of changes', () => {
  test('is registered with, for everything that happens to any session, before it is read', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { calls } = watched.server;
    expect(watched.notifier.asked).toEqual([{ sessionId: -1, mask: 0xffffffff }]);
    expect(calls.indexOf('RpcRegisterAsyncNotification')).toBeLessThan(calls.indexOf('RpcGetAllSessionsEx'));
  });

  test('is read again as soon as it tells', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { next } = await rested(watched);
    const before = asks(watched);
    watched.notifier.tell();
    expect(await next).toMatchObject({ done: false, value: { host: 'wh1', complete: true, notes: [] } });
    expect([lists(watched), asks(watched) - before]).toEqual([1, 1]);
  });

  test('is waited for anew before it is read', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { next } = await rested(watched);
    watched.server.calls.splice(0);
    watched.notifier.tell();
    await next;
    const { calls } = watched.server;
    expect(calls.indexOf('RpcWaitAsyncNotification')).toBeGreaterThanOrEqual(0);
    expect(calls.indexOf('RpcWaitAsyncNotification')).toBeLessThan(calls.indexOf('RpcGetSessionInformationEx'));
  });

  test('is read once more, however much it told while it was read', async () => {
    const told = Promise.withResolvers<void>();
    const watched = await watching();
    await watched.readings.next();
    const { next } = await rested(watched);
    watched.server.answers = watched.server.answers.map((usual) =>
      usual.name === 'RpcGetSessionInformationEx'
        ? { ...usual, respond: (stub) => told.promise.then(() => usual.respond(stub)) }
        : usual,
    );
    const before = asks(watched);
    watched.notifier.tell();
    await vi.waitFor(() => expect(asks(watched)).toBe(before + 1));
    for (const times of [1, 2, 3]) {
      await vi.waitFor(() => expect(watched.notifier.waiting, `time ${times}`).toBe(1));
      watched.notifier.tell();
    }
    await vi.waitFor(() => expect(watched.notifier.waiting).toBe(1));
    told.resolve();
    await next;
    const third = watched.readings.next();
    watched.timers.pass(50);
    await third;
    expect(asks(watched)).toBe(before + 2);
    await rested(watched, { timers: 2 });
    expect([lists(watched), asks(watched)]).toEqual([1, before + 2]);
  });

  test('is left alone for a moment after it was read', async () => {
    const watched = await watching();
    await watched.readings.next();
    watched.notifier.tell();
    const next = watched.readings.next();
    await vi.waitFor(() => expect(watched.notifier.waiting).toBe(1));
    const before = asks(watched);
    watched.timers.pass(49);
    expect(asks(watched)).toBe(before);
    watched.timers.pass(1);
    await next;
    expect(asks(watched)).toBe(before + 1);
  });

  test('is read whole a second after it told, then every 30 s', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { next: told } = await rested(watched);
    watched.notifier.tell();
    await told;
    const { next: settled } = await rested(watched, { timers: 2 });
    watched.timers.pass(949);
    expect(lists(watched)).toBe(1);
    watched.timers.pass(1);
    await settled;
    expect(lists(watched)).toBe(2);
    const { next: slow } = await rested(watched);
    watched.timers.pass(29_949);
    expect(lists(watched)).toBe(2);
    watched.timers.pass(1);
    await slow;
    expect(lists(watched)).toBe(3);
  });

  test('that tells of more before that is read whole a second time after another second', async () => {
    const watched = await watching();
    await watched.readings.next();
    for (const wait of [50, 50, 950, 1000]) {
      const next = watched.readings.next();
      if (wait === 50) watched.notifier.tell();
      watched.timers.pass(wait);
      await next;
    }
    expect(lists(watched)).toBe(3);
  });

  test('among thousands has what it told of read once more after a second and all of it in its turn', async () => {
    const load = new WatchLoad();
    load.enter().weigh(9996);
    const watched = await watchingUnder(load);
    await watched.readings.next();
    const { next: told } = await rested(watched);
    watched.notifier.tell();
    await told;
    const { next: settled } = await rested(watched, { timers: 3 });
    const before = asks(watched);
    watched.timers.pass(949);
    expect(asks(watched)).toBe(before);
    watched.timers.pass(1);
    await settled;
    expect([lists(watched), asks(watched)]).toEqual([1, before + 1]);
    const { next: whole } = await rested(watched, { timers: 2 });
    watched.timers.pass(61_450);
    await whole;
    expect(lists(watched)).toBe(2);
  });

  test('that tells of what cannot be told for certain is read whole', async () => {
    const watched = await watching(answer(getSessionInformationEx, () => fault('ERROR_ACCESS_DENIED')));
    await watched.readings.next();
    const { next } = await rested(watched);
    watched.notifier.tell();
    await next;
    expect(lists(watched)).toBe(2);
  });

  test('is read a second time soon, since rates are told between two readings, and then every 30 s', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { next: second } = await rested(watched);
    watched.timers.pass(1950);
    await second;
    expect(lists(watched)).toBe(2);
    await rested(watched);
    watched.timers.pass(29_949);
    expect(lists(watched)).toBe(2);
  });

  test('that ends the wait is registered with again at once, and read', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { next } = await rested(watched);
    watched.notifier.abort();
    expect(notesOf(await next)).toEqual([]);
    expect(watched.notifier.asked).toHaveLength(2);
    expect(lists(watched)).toBe(2);
    await vi.waitFor(() => expect(watched.notifier.waiting).toBe(1));
  });

  test('that ends the wait again is registered with again at once, if it told for half a minute', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { notifier } = watched;
    for (const times of [2, 3]) {
      await vi.waitFor(() => expect(notifier.waiting).toBe(1));
      notifier.abort();
      await vi.waitFor(() => expect(notifier.asked).toHaveLength(times));
      await vi.waitFor(() => expect(notifier.waiting).toBe(1));
      watched.timers.pass(30_000);
    }
  });

  test('that ends the wait is let go of before', async () => {
    const watched = await watching();
    await watched.readings.next();
    await vi.waitFor(() => expect(watched.notifier.waiting).toBe(1));
    watched.notifier.abort();
    await vi.waitFor(() => expect(watched.notifier.asked).toHaveLength(2));
    expect(watched.server.calls).toContain('RpcUnRegisterAsyncNotification');
  });

  test('that ends every wait is polled', async () => {
    const ending = answer(waitAsyncNotification, () => ({ sessionChange: null, returnValue: -1 }));
    const watched = await watching(ending);
    await watched.readings.next();
    await vi.waitFor(() => expect(watched.timers.pending).toBe(3));
    const next = watched.readings.next();
    watched.timers.pass(50);
    expect(notesOf(await next)).toEqual(['no-push']);
    expect(watched.notifier.asked).toHaveLength(2);
  });
});

describe('a host that does not tell of changes', () => {
  test('is read every 2 s, and that is said', async () => {
    const watched = await watching(refusing);
    const { value } = await watched.readings.next();
    expect((value as HostReading).notes).toMatchObject([
      {
        code: 'no-push',
        columns: [],
        message: expect.stringMatching(/^the host does not tell .*, so it is read every 2 s$/),
      },
    ]);
    const { next } = await rested(watched, { timers: 2 });
    watched.timers.pass(1949);
    expect(lists(watched)).toBe(1);
    watched.timers.pass(1);
    expect(notesOf(await next)).toEqual(['no-push']);
  });

  test('is asked again after 30 s, a minute, 5 minutes and every 5 minutes', async () => {
    const watched = await watching();
    watched.notifier.refusal = -1;
    await watched.readings.next();
    const { asked } = watched.notifier;
    for (const [times, delay] of [30_000, 60_000, 300_000, 300_000].entries()) {
      await vi.waitFor(() => expect(watched.timers.pending).toBe(times === 0 ? 2 : 1));
      watched.timers.pass(delay - 1);
      expect(asked).toHaveLength(times + 1);
      watched.timers.pass(1);
      await vi.waitFor(() => expect(asked).toHaveLength(times + 2));
    }
  });

  test('is told by as soon as it lets one register, and read then', async () => {
    const watched = await watching();
    watched.notifier.refusal = -1;
    expect(notesOf(await watched.readings.next())).toEqual(['no-push']);
    watched.notifier.refusal = 0;
    watched.timers.pass(30_000);
    await vi.waitFor(() => expect(watched.notifier.waiting).toBe(1));
    const next = watched.readings.next();
    watched.timers.pass(50);
    expect(notesOf(await next)).toEqual([]);
  });

  test('nor answers who registers, is read after 3 s all the same', async () => {
    const watched = await watching(answer(registerAsyncNotification, () => silence));
    const first = watched.readings.next();
    await vi.waitFor(() => expect(watched.server.calls).toContain('RpcRegisterAsyncNotification'));
    expect(lists(watched)).toBe(0);
    watched.timers.pass(3000);
    expect(notesOf(await first)).toEqual(['no-push']);
  });
});

test('a host that lets one register late is read when it does, and told by from then on', async () => {
  const later = Promise.withResolvers<void>();
  const watched = await watching(
    answer(registerAsyncNotification, async () => {
      await later.promise;
      return { phNotify: { ...nullHandle, attributes: 1 }, returnValue: 0 };
    }),
  );
  const first = watched.readings.next();
  await vi.waitFor(() => expect(watched.server.calls).toContain('RpcRegisterAsyncNotification'));
  watched.timers.pass(3000);
  expect(notesOf(await first)).toEqual(['no-push']);
  later.resolve();
  await vi.waitFor(() => expect(watched.notifier.waiting).toBe(1));
  const next = watched.readings.next();
  watched.timers.pass(50);
  expect(notesOf(await next)).toEqual([]);
  expect(lists(watched)).toBe(2);
});

describe('a watch', () => {
  test('that is over lets the host know, leaves no timer behind and keeps the connection', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { next } = await rested(watched);
    watched.abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(watched.server.calls).toContain('RpcUnRegisterAsyncNotification'));
    expect(watched.timers.pending).toBe(0);
    expect(watched.smb.lost).toBeNull();
  });

  test('that is over before the host lets it register reads nothing', async () => {
    const watched = await watching(answer(registerAsyncNotification, () => silence));
    const first = watched.readings.next();
    await vi.waitFor(() => expect(watched.server.calls).toContain('RpcRegisterAsyncNotification'));
    watched.abort.abort();
    expect(await first).toEqual({ done: true, value: undefined });
    expect(lists(watched)).toBe(0);
    expect(watched.timers.pending).toBe(0);
  });

  test('that was aborted before asks nothing', async () => {
    const watched = await watching();
    watched.abort.abort();
    expect(await watched.readings.next()).toEqual({ done: true, value: undefined });
    expect(watched.server.calls).toEqual([]);
  });

  test('of a host that is not polled ends as soon as its connection breaks', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { next } = await rested(watched);
    watched.server.hangUp();
    await expect(next).rejects.toMatchObject({ code: 'connection_lost', operation: 'watching sessions', host: 'wh1' });
    expect(watched.timers.pending).toBe(0);
  });

  test('of a host that falls silent ends in a time-out', async () => {
    const watched = await watching(hangingList);
    const next = watched.readings.next();
    await vi.waitFor(() => expect(watched.server.calls).toContain('RpcGetAllSessionsEx'));
    watched.timers.pass(30_000);
    await expect(next).rejects.toMatchObject({ code: 'timeout', operation: 'watching sessions' });
  });

  test('ends in the error that ends a reading', async () => {
    const watched = await watching();
    watched.server.broken = ['LSM_API_service'];
    await expect(watched.readings.next()).rejects.toMatchObject({
      code: 'connection_lost',
      operation: 'watching sessions',
    });
  });
});
