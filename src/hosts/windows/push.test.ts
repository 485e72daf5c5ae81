import { afterEach, describe, expect, test, vi } from 'vitest';
import { waitAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { answer } from './testing/host.ts';
import { closeAll, lists, watching } from './testing/watching.ts';

afterEach(closeAll);

describe('a host', () => {
  test('that ends each wait after it told once is registered with again at once, and then polled', async () => {
    const watched = await watching();
    await watched.readings.next();
    const { notifier, server } = watched;
    for (const _times of [1, 2]) {
      await vi.waitFor(() => expect(notifier.waiting).toBe(1));
      notifier.tell();
      await vi.waitFor(() => expect(notifier.waiting).toBe(1));
      notifier.abort();
    }
    const left = (): number => server.calls.filter((call) => call === 'RpcUnRegisterAsyncNotification').length;
    await vi.waitFor(() => expect(left()).toBe(2));
    expect(notifier.asked).toHaveLength(2);
  });

  test('that tells without end is asked a few times until it is read', async () => {
    let waits = 0;
    const babbling = answer(waitAsyncNotification, () => {
      waits += 1;
      return { sessionChange: [{ sessionId: 2, notificationId: 0x400 }], returnValue: 0 };
    });
    const watched = await watching(babbling);
    await watched.readings.next();
    await vi.waitFor(() => expect(waits).toBeGreaterThanOrEqual(4));
    for (let turn = 0; turn < 10; turn += 1) await watched.smb.echo();
    expect(waits).toBeLessThanOrEqual(8);
  });

  test('that tells of no session is not read', async () => {
    const nothing = answer(waitAsyncNotification, () => ({ sessionChange: [], returnValue: 0 }));
    const watched = await watching(nothing);
    await watched.readings.next();
    let readings = 0;
    void watched.readings
      .next()
      .then(() => (readings += 1))
      .catch(() => undefined);
    for (let turn = 0; turn < 5; turn += 1) {
      await watched.smb.echo();
      watched.timers.pass(50);
    }
    expect(readings).toBe(0);
  });

  test('of more than are read apart is left alone for longer', async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ sessionId: 100 + at, notificationId: 0x400 }));
    const mass = answer(waitAsyncNotification, () => ({ sessionChange: many, returnValue: 0 }));
    const watched = await watching(mass);
    await watched.readings.next();
    void watched.readings.next().catch(() => undefined);
    await vi.waitFor(() => expect(lists(watched)).toBe(1));
    watched.timers.pass(50);
    await vi.waitFor(() => expect(lists(watched)).toBe(2));
    void watched.readings.next().catch(() => undefined);
    watched.timers.pass(249);
    await watched.smb.echo();
    const early = lists(watched);
    watched.timers.pass(1);
    await vi.waitFor(() => expect([early, lists(watched)]).toEqual([2, 3]));
  });
});
