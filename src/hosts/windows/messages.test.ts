import { describe, expect, test, vi } from 'vitest';
import { seconds } from '../../sessions/duration.ts';
import { getState } from '../../wire/ms-tsts/term-srv-session/get-state.ts';
import { showMessageBox } from '../../wire/ms-tsts/term-srv-session/show-message-box.ts';
import type { Message, MessageOutcome } from '../message.ts';
import { kept } from './connection.ts';
import type { OpenPipe } from './rpc-pipe.ts';
import type { HostFacts } from './facts.ts';
import { mostBoxes } from './messages.ts';
import { type Acting, actingOn, bob, host, targetIn, world } from './testing/acting.ts';
import { alice, services } from './testing/facts.ts';
import { answer } from './testing/host.ts';
import { never } from './testing/reading.ts';
import { refuse } from './testing/started.ts';

const [ok, yes, no, timedOut] = [1, 6, 7, 32_000];
const plain: Message = {
  title: 'Usher',
  text: 'Hello',
  buttons: [{ answer: 'ok', label: 'OK' }],
  stays: seconds(60),
  countdown: null,
};
const question: Message = {
  ...plain,
  buttons: [
    { answer: 'later', label: '5 minutes more' },
    { answer: 'now', label: 'Log off now' },
  ],
  stays: seconds(300),
  countdown: (left) => `${left} s left.`,
};
const target = targetIn(world, 2);
const disconnected: HostFacts = { ...world, sessions: [services, { ...alice, state: 4 }, bob] };

interface Shown {
  readonly text: string;
  readonly lasts: number;
  readonly waits: boolean;
  readonly style: number;
  readonly answer: (pulResponse: number) => void;
}

interface Desk extends Acting {
  readonly boxes: Shown[];
  readonly said: string[];
  readonly show: (message: Message, signal?: AbortSignal) => Promise<MessageOutcome>;
  /** The box that was shown as this one, counted from 1. */
  readonly box: (count: number) => Promise<Shown>;
}

/** A host whose boxes the test answers. */
async function desk(facts: HostFacts = world): Promise<Desk> {
  const boxes: Shown[] = [];
  const said: string[] = [];
  const showing = answer(showMessageBox, ({ szMessage, ulTimeout, ulStyle, bDoNotWait }) => {
    const { promise, resolve } = Promise.withResolvers<{ pulResponse: number; returnValue: number }>();
    boxes.push({
      text: szMessage,
      lasts: ulTimeout,
      waits: !bDoNotWait,
      style: ulStyle,
      answer: (pulResponse) => resolve({ pulResponse, returnValue: 0 }),
    });
    return bDoNotWait ? { pulResponse: 32_001, returnValue: 0 } : promise;
  });
  const acting = await actingOn(facts, showing);
  await acting.connection.list(never);
  return {
    ...acting,
    boxes,
    said,
    show: (message, signal = never) =>
      acting.connection.message(target, message, { shown: (by) => void said.push(by) }, signal),
    async box(count) {
      return await vi.waitFor(() => {
        const shown = boxes[count - 1];
        if (shown === undefined) throw new Error(`box ${count} is not shown yet`);
        return shown;
      });
    },
  };
}

describe('a message', () => {
  test('is answered, on a pipe of its own', async () => {
    const { show, box, opened } = await desk();
    const outcome = show(plain);
    const { answer: press, lasts, waits } = await box(1);
    expect([lasts, waits]).toEqual([60, true]);
    expect(opened).toEqual(['TermSrvSession']);
    press(ok);
    expect(await outcome).toEqual({ kind: 'answered', answer: 'ok' });
  });

  test('is said to be shown by Windows once its call stands, and once', async () => {
    const { show, box, said, timers } = await desk();
    const outcome = show(plain);
    const first = await box(1);
    expect(said).toEqual([]);
    timers.pass(500);
    expect(said).toEqual(['Windows']);
    first.answer(ok);
    await outcome;
    expect(timers.pending).toBe(0);
  });

  test('that nobody answers is over in time', async () => {
    const { show, box } = await desk();
    const outcome = show(plain);
    (await box(1)).answer(timedOut);
    expect(await outcome).toEqual({ kind: 'timed-out' });
  });

  test('to a session without a client is unseen', async () => {
    const { show, box } = await desk(disconnected);
    const outcome = show(plain);
    (await box(1)).answer(timedOut);
    expect(await outcome).toEqual({ kind: 'unseen' });
  });

  test('whose client left meanwhile is unseen', async () => {
    const { show, box, become } = await desk();
    const outcome = show(plain);
    const first = await box(1);
    become(disconnected);
    first.answer(timedOut);
    expect(await outcome).toEqual({ kind: 'unseen' });
  });

  test('to a session that changed is session_changed, and nothing is shown', async () => {
    const { show, boxes } = await desk({ ...world, sessions: [services, { ...alice, user: 'mallory' }, bob] });
    await expect(show(plain)).rejects.toMatchObject({ code: 'session_changed', host: 'wh1' });
    expect(boxes).toEqual([]);
  });

  test('whose session ends meanwhile is not called unanswered', async () => {
    const { show, box, become } = await desk();
    const outcome = show(question);
    const first = await box(1);
    become({ ...world, sessions: [services, bob] });
    first.answer(timedOut);
    expect(await outcome).toMatchObject({ kind: 'not-shown' });
  });

  test('that the host refuses names WINSTATION_MSG', async () => {
    const { connection } = await actingOn(world, refuse(showMessageBox));
    await expect(connection.message(target, plain, { shown: () => undefined }, never)).rejects.toMatchObject({
      code: 'access_denied',
      message: 'the account may not do this, it needs WINSTATION_MSG for session 2: nothing was done',
    });
  });

  test('of four buttons is not shown', async () => {
    const { show, boxes } = await desk();
    const four = { ...plain, buttons: [...question.buttons, ...question.buttons] } as Message;
    expect(await show(four)).toMatchObject({ kind: 'not-shown' });
    expect(boxes).toEqual([]);
  });
});

describe('an answer to several buttons', () => {
  test('that comes when it could be read counts', async () => {
    const { show, box, timers } = await desk();
    const outcome = show(question);
    const first = await box(1);
    timers.pass(1000);
    first.answer(no);
    expect(await outcome).toEqual({ kind: 'answered', answer: 'now' });
  });

  test('that comes sooner is what was being typed: the box is shown again', async () => {
    const { show, box, timers } = await desk();
    const outcome = show(question);
    const first = await box(1);
    timers.pass(999);
    first.answer(no);
    const again = await box(2);
    expect([again.text, again.lasts]).toEqual([first.text, first.lasts - 1]);
    timers.pass(1000);
    again.answer(yes);
    expect(await outcome).toEqual({ kind: 'answered', answer: 'later' });
  });

  test('that always comes sooner is none', async () => {
    const { show, box, boxes } = await desk();
    const outcome = show(question);
    for (let count = 1; count <= 5; count += 1) (await box(count)).answer(no);
    expect(await outcome).toEqual({ kind: 'closed' });
    expect(boxes).toHaveLength(5);
  });
});

test('a countdown is a box after another, each with what is left', async () => {
  const { show, box, boxes } = await desk();
  const outcome = show(question);
  (await box(1)).answer(timedOut);
  (await box(2)).answer(timedOut);
  expect(await outcome).toEqual({ kind: 'timed-out' });
  expect(boxes.map(({ text, lasts }) => [text.split('\n\n')[1], lasts])).toEqual([
    ['300 s left.', 240],
    ['60 s left.', 60],
  ]);
});

describe('an abort', () => {
  test('leaves the box, and the connection stands', async () => {
    const { show, box, smb, connection } = await desk();
    const abort = new AbortController();
    const outcome = show(question, abort.signal);
    await box(1);
    abort.abort();
    expect(await outcome).toEqual({ kind: 'left' });
    expect(smb.lost).toBeNull();
    expect((await connection.list(never)).complete).toBe(true);
  });

  test('that comes before a box was asked for leaves none', async () => {
    const looking = Promise.withResolvers<void>();
    const silent = answer(getState, () => {
      looking.resolve();
      return new Promise(() => undefined);
    });
    const { connection, server } = await actingOn(world, silent);
    const abort = new AbortController();
    const outcome = connection.message(target, plain, { shown: () => undefined }, abort.signal);
    await looking.promise;
    abort.abort();
    expect(await outcome).toMatchObject({ kind: 'not-shown' });
    expect(server.calls).not.toContain('RpcShowMessageBox');
  });

  test('that came before shows nothing', async () => {
    const { show, boxes } = await desk();
    expect(await show(plain, AbortSignal.abort())).toMatchObject({ kind: 'not-shown' });
    expect(boxes).toEqual([]);
  });
});

describe('a host that falls silent', () => {
  test('while a box is shown is given up half a minute after its time', async () => {
    const { show, box, timers } = await desk();
    const outcome = show(plain);
    outcome.catch(() => undefined);
    await box(1);
    timers.pass(89_999);
    expect(timers.pending).toBeGreaterThan(0);
    timers.pass(1);
    await expect(outcome).rejects.toMatchObject({ code: 'timeout', host: 'wh1' });
    expect(timers.pending).toBe(0);
  });

  test('while its pipe is opened is left at once where the message is called off', async () => {
    const { timers, ...connected } = await actingOn(world);
    const opening = Promise.withResolvers<void>();
    const open: OpenPipe = () => {
      opening.resolve();
      return new Promise(() => undefined);
    };
    const silent = kept({ ...connected, host, open, after: timers.after });
    const abort = new AbortController();
    await silent.list(never);
    const outcome = silent.message(target, plain, { shown: () => undefined }, abort.signal);
    await opening.promise;
    abort.abort();
    expect(await outcome).toMatchObject({ kind: 'not-shown' });
    expect(timers.pending).toBe(0);
  });
});

test('beyond so many boxes that wait, one is shown and not waited for', async () => {
  const { show, box, boxes, said } = await desk();
  const waiting = Array.from({ length: mostBoxes }, () => show(plain));
  await box(mostBoxes);
  expect(await show(question)).toEqual({ kind: 'left' });
  const { waits, text, style, lasts } = await box(mostBoxes + 1);
  expect([waits, style & 0xf, lasts]).toEqual([false, 0, 300]);
  expect(text).toBe('Hello\n\n300 s left.');
  expect(said).toEqual(['Windows']);
  for (const one of boxes) one.answer(ok);
  expect(await Promise.all(waiting)).toHaveLength(mostBoxes);
});
