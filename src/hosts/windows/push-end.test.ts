import { afterEach, expect, test, vi } from 'vitest';
import { termSrvEnumeration, termSrvNotification } from '../../wire/ms-tsts/interfaces.ts';
import { registerAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import type { HostReading } from '../driver.ts';
import { answer } from './testing/host.ts';
import { closeAll, rested, watching } from './testing/watching.ts';

afterEach(closeAll);

test('a host that does not answer who registers for 30 s is asked again 30 s later', async () => {
  const watched = await watching(answer(registerAsyncNotification, () => new Promise<never>(() => undefined)));
  const registers = (): number => watched.server.calls.filter((call) => call === registerAsyncNotification.name).length;
  const first = watched.readings.next();
  await vi.waitFor(() => expect(registers()).toBe(1));
  watched.timers.pass(3000);
  await first;
  watched.timers.pass(27_000);
  // What both sides have to say has arrived when a pipe was opened and closed again.
  await (await watched.open(termSrvEnumeration)).close();
  watched.timers.pass(30_000);
  await vi.waitFor(() => expect(registers()).toBe(2));
});

test('a host that ends the wait twice is read at once', async () => {
  const watched = await watching();
  const { notifier, readings, timers } = watched;
  await readings.next();
  await vi.waitFor(() => expect(notifier.waiting).toBe(1));
  notifier.abort();
  await vi.waitFor(() => expect(notifier.asked).toHaveLength(2));
  await vi.waitFor(() => expect(notifier.waiting).toBe(1));
  const second = readings.next();
  timers.pass(50);
  await second;
  const third = readings.next();
  third.catch(() => undefined);
  const pending = timers.pending;
  timers.pass(250);
  await vi.waitFor(() => expect(timers.pending).toBeLessThan(pending));
  notifier.abort();
  const { value } = await third;
  expect((value as HostReading).notes.map(({ code }) => code)).toEqual(['no-push']);
});

test('a watch that is over closes its pipe, and leaves no timer behind although the host has just told of something', async () => {
  const watched = await watching();
  await watched.readings.next();
  const pipes = (): number => watched.server.openPipes.filter((name) => name === termSrvNotification.pipe).length;
  expect(pipes()).toBe(2);
  const { next } = await rested(watched);
  watched.notifier.tell();
  await next;
  const last = watched.readings.next();
  watched.abort.abort();
  await last;
  await vi.waitFor(() => expect(pipes()).toBe(1));
  expect(watched.timers.pending).toBe(0);
});
