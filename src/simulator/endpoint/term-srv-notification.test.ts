import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { termSrvNotification } from '../../wire/ms-tsts/interfaces.ts';
import { registerAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { unregisterAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/unregister-async-notification.ts';
import { waitAsyncNotification } from '../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { waitForSessionState } from '../../wire/ms-tsts/term-srv-notification/wait-for-session-state.ts';
import { PipeClient } from '../testing/pipe.ts';
import { accounts, anActiveSession, aWorld } from '../testing/world.ts';
import { user } from '../world/actor.ts';
import { disconnect } from '../world/acts/disconnect.ts';
import { logOff } from '../world/acts/log-off.ts';
import { setLocked } from '../world/acts/lock.ts';

const all = { sessionId: -1, mask: 0xffffffff };
const byAlice = user(accounts.alice);

function lsm(mask = all) {
  const world = aWorld();
  const session = anActiveSession(world.host);
  const client = new PipeClient(world.host, accounts.nobody, [termSrvNotification]);
  const { phNotify } = client.ask(registerAsyncNotification, mask);
  return { ...world, session, client, hNotify: phNotify };
}

describe('who waits for what happens', () => {
  test('hears of it when it does', () => {
    const { host, session, client, hNotify } = lsm();
    const waits = client.begin(waitAsyncNotification, { hNotify });
    expect(waits.answer()).toBeNull();
    disconnect(host, session, byAlice);
    expect(waits.answer()).toEqual({ sessionChange: [{ sessionId: session.id, notificationId: 4 }], returnValue: 0 });
  });

  test('hears of all that happened since the last time at once', () => {
    const { host, session, client, hNotify } = lsm();
    setLocked(host, session, true, byAlice);
    logOff(host, session, byAlice);
    const { sessionChange } = client.ask(waitAsyncNotification, { hNotify });
    expect((sessionChange ?? []).map(({ notificationId }) => notificationId)).toEqual([0x400, 0x10, 4, 0x80]);
  });

  test('does not hear of what was not asked for', () => {
    const { host, session, client, hNotify } = lsm({ sessionId: -1, mask: 0x10 });
    const waits = client.begin(waitAsyncNotification, { hNotify });
    setLocked(host, session, true, byAlice);
    expect(waits.answer()).toBeNull();
  });

  test('is told that it is over when the registration ends', () => {
    const { client, hNotify, host } = lsm();
    const waits = client.begin(waitAsyncNotification, { hNotify });
    client.ask(unregisterAsyncNotification, { phNotify: hNotify });
    expect(waits.answer()).toMatchObject({ sessionChange: null, returnValue: 0x800703e3 | 0 });
    expect(host.notifications.count).toBe(0);
  });

  test('waits alone', () => {
    const { client, hNotify } = lsm();
    client.begin(waitAsyncNotification, { hNotify });
    expect(client.ask(waitAsyncNotification, { hNotify }).returnValue).toBeLessThan(0);
  });

  test('leaves nothing behind when its pipe is closed', () => {
    const { client, hNotify, host } = lsm();
    client.begin(waitAsyncNotification, { hNotify });
    client.close();
    expect(host.notifications.count).toBe(0);
  });

  test('may give a call up', () => {
    const { client, hNotify, host, session } = lsm();
    const call = client.send(waitAsyncNotification, stubOf(hNotify.uuid));
    client.cancel(call);
    setLocked(host, session, true, byAlice);
    // What it would have heard waits for the next one who asks.
    expect(client.ask(waitAsyncNotification, { hNotify }).sessionChange).toHaveLength(1);
  });
});

/** A context handle as it travels. */
function stubOf(uuid: string): Uint8Array {
  const [one = '', two = '', three = '', ...rest] = uuid.split('-');
  const little = [one, two, three].map((part) => part.replace(/../g, '$& ').trim().split(' ').toReversed().join(''));
  return new Uint8Array(Buffer.from(`00000000${little.join('')}${rest.join('')}`, 'hex'));
}

describe('who waits for a state', () => {
  const disconnected = 4;

  function waiting(timeout: number) {
    const { host, session, clock } = lsm();
    const client = new PipeClient(host, accounts.anna, [termSrvNotification]);
    const waits = client.begin(waitForSessionState, { sessionId: session.id, state: disconnected, timeout });
    return { host, session, clock, client, waits };
  }

  test('hears when the session has it', () => {
    const { host, session, waits } = waiting(60_000);
    setLocked(host, session, true, byAlice);
    expect(waits.answer()).toBeNull();
    disconnect(host, session, byAlice);
    expect(waits.answer()).toEqual({ returnValue: 0 });
  });

  test('hears at once where it has it already', () => {
    const { client, session } = waiting(60_000);
    expect(client.ask(waitForSessionState, { sessionId: session.id, state: 0, timeout: 0 })).toEqual({
      returnValue: 0,
    });
  });

  test('waits no longer than he says', () => {
    const { clock, waits } = waiting(60_000);
    clock.step(milliseconds(60_000));
    expect(waits.answer()).toEqual({ returnValue: 0x800705b4 | 0 });
  });

  test('hears that the session has ended', () => {
    const { host, session, waits } = waiting(0xffffffff);
    logOff(host, session, byAlice);
    expect(waits.answer()).toEqual({ returnValue: 0x80070002 | 0 });
  });

  test('leaves nothing behind when its pipe is closed', () => {
    const { host, client } = waiting(60_000);
    const before = host.notifications.count;
    client.close();
    expect(host.notifications.count).toBe(before - 1);
  });
});
