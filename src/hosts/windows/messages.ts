import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import { termSrvSession } from '../../wire/ms-tsts/interfaces.ts';
import { showMessageBox } from '../../wire/ms-tsts/term-srv-session/show-message-box.ts';
import { winStationStateClass } from '../../wire/ms-tsts/winstation-state-class.ts';
import type { ActTarget } from '../act.ts';
import type { Message, MessageOutcome, MessageWatcher } from '../message.ts';
import { type ActingHost, checked, lookForSame } from './act.ts';
import { type Box, boxOf, type Slice, slicesOf, speakable, textOf, timedOut } from './message-box.ts';
import { needs, orRefused, refusedByCode } from './refusals.ts';
import { failureOfHresult } from './results.ts';
import type { OpenPipe, RpcPipe } from './rpc-pipe.ts';
import type { WindowsIdentity } from './same-session.ts';
import { lookAt, onHandle, type SessionHandle } from './session-handle.ts';

/** How many boxes of one connection wait for their answers at once: each has a pipe, and a read that is parked. */
export const mostBoxes = 32;
/** An answer that comes sooner is none to several buttons: what was typed for something else. */
const quickest = milliseconds(1000);
/** How often such a box is shown again. */
const mostTries = 5;
/** A call that was not answered for so long has put its box on the screen. */
const settled = milliseconds(500);
/** How much longer than its message stays a host may take: one that is silent then is not there any more. */
const grace = milliseconds(30_000);

/** What a message is shown by, over a kept connection. */
export interface Showing extends ActingHost {
  readonly open: OpenPipe;
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
}

/** The boxes of one connection. */
export class MessageBoxes {
  readonly #host: Showing;
  #waiting = 0;

  constructor(host: Showing) {
    this.#host = host;
  }

  /**
   * Shows a box on the session's desktop and waits for its answer, on a pipe of its own: a call that waits would hold up those behind
   * it. Where too many wait already the box is shown all the same, and its answer is not heard. Throws `UsherError`.
   */
  async show(
    target: ActTarget,
    message: Message,
    watcher: MessageWatcher,
    signal: AbortSignal,
  ): Promise<MessageOutcome> {
    const identity = await checked(this.#host, target);
    const box = boxOf(message.buttons);
    if (box === null) return { kind: 'not-shown', why: `Windows has no box of ${message.buttons.length} buttons` };
    if (signal.aborted) return calledOff;
    if (this.#waiting >= mostBoxes) {
      return await this.#inTime(
        message,
        signal,
        () => left,
        showAndLeave(this.#host, { target, identity, message, watcher }),
      );
    }
    this.#waiting += 1;
    const opening = this.#host.open(termSrvSession);
    try {
      const pipe = await this.#inTime(message, signal, () => null, opening);
      if (pipe === null) return calledOff;
      let isAsked = false;
      const asked = (): void => void (isAsked = true);
      const shown = showOn(pipe, this.#host, { target, identity, message, box, watcher, signal, asked });
      return await this.#inTime(message, signal, () => (isAsked ? left : calledOff), shown);
    } finally {
      opening.then(
        (pipe) => pipe.close(),
        () => undefined,
      );
      this.#waiting -= 1;
    }
  }

  /**
   * The outcome, or that of `whenLeft` once the signal aborts: no box can be taken back, so an abort leaves it, and whoever waits for it. Throws
   * `timeout` where the host says nothing for longer than the message stays.
   */
  async #inTime<T, Left>(
    { stays }: Message,
    signal: AbortSignal,
    whenLeft: () => Left,
    outcome: Promise<T>,
  ): Promise<T | Left> {
    const over = Promise.withResolvers<Left>();
    const leave = (): void => over.resolve(whenLeft());
    const late = (): void =>
      over.reject(new UsherError({ code: 'timeout', message: 'the host does not answer any more' }));
    using _timer = this.#host.after(milliseconds(stays * 1000 + grace), late);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    outcome.catch(() => undefined);
    try {
      return await Promise.race([outcome, over.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}

const left: MessageOutcome = { kind: 'left' };
const calledOff: MessageOutcome = { kind: 'not-shown', why: 'it was called off before it was shown' };

interface Job {
  readonly target: ActTarget;
  readonly identity: WindowsIdentity;
  readonly message: Message;
  readonly watcher: MessageWatcher;
}

async function showAndLeave(host: Showing, { target, identity, message, watcher }: Job): Promise<MessageOutcome> {
  const { id } = target;
  return await onHandle(host.pipes.lsm, id, operationOf(id), async (session) => {
    await lookForSame(host, target, identity, session);
    const plain = boxOf([{ answer: '', label: 'OK' }]);
    if (plain === null) throw new TypeError('Windows has a box of one button');
    const [{ left }] = slicesOf(message.stays, false);
    await ask(session, {
      title: message.title,
      text: textOf(message, plain, left),
      style: plain.style,
      lasts: left,
      waits: false,
    });
    watcher.shown('Windows');
    return { kind: 'left' };
  });
}

const operationOf = (id: number): string => `showing a message in session ${id}`;

interface Waited extends Job {
  readonly box: Box;
  readonly signal: AbortSignal;
  /** Called right before a box is asked for: from then on one may be on the screen. */
  readonly asked: () => void;
}

async function showOn(lsm: RpcPipe, host: Showing, waited: Waited): Promise<MessageOutcome> {
  const { target, identity, message, signal } = waited;
  const on: ActingHost = { ...host, pipes: { ...host.pipes, lsm } };
  return await onHandle(lsm, target.id, operationOf(target.id), async (session) => {
    const { seen } = await lookForSame(on, target, identity, session);
    const watcher = once(waited.watcher);
    let wasSeen = isConnected(seen.state);
    try {
      for (const slice of slicesOf(message.stays, message.countdown !== null)) {
        if (signal.aborted) return { kind: 'left' };
        const outcome = await hear(session, host, { ...waited, watcher }, slice);
        if (outcome.kind !== 'timed-out') return outcome;
        wasSeen &&= isConnected((await lookAt(session)).state);
      }
    } catch (error) {
      if (!(error instanceof UsherError) || error.code !== 'session_changed') throw error;
      return { kind: 'not-shown', why: 'the session ended while it was shown' };
    }
    return { kind: wasSeen ? 'timed-out' : 'unseen' };
  });
}

const isConnected = (state: number): boolean => state === winStationStateClass.active;

function once(watcher: MessageWatcher): MessageWatcher {
  let told = false;
  return {
    shown(by) {
      if (!told) watcher.shown(by);
      told = true;
    },
  };
}

/** Shows one box until it is answered by somebody who can have read it, or its time is over. */
async function hear(
  session: SessionHandle,
  { after }: Showing,
  { message, box, watcher, signal, asked }: Waited,
  { left, lasts }: Slice,
): Promise<MessageOutcome> {
  const text = textOf(message, box, left);
  for (let tries = 1; tries <= mostTries && !signal.aborted; tries += 1) {
    let readable = message.buttons.length === 1;
    using _shown = after(settled, () => watcher.shown('Windows'));
    using _readable = after(quickest, () => {
      readable = true;
    });
    // What the tries before took of it is a second each at most.
    const time = Math.max(1, lasts - (tries - 1));
    asked();
    const response = await ask(session, { title: message.title, text, style: box.style, lasts: time, waits: true });
    if (response === timedOut) return { kind: 'timed-out' };
    const answer = box.answers.get(response);
    if (answer === undefined) return { kind: 'closed' };
    if (readable) return { kind: 'answered', answer };
  }
  return { kind: signal.aborted ? 'left' : 'closed' };
}

interface Question {
  readonly title: string;
  readonly text: string;
  readonly style: number;
  readonly lasts: number;
  readonly waits: boolean;
}

/** What MessageBox answers. Throws `UsherError`. */
async function ask(
  { lsm, handle, id, operation }: SessionHandle,
  { title, text, style, lasts, waits }: Question,
): Promise<number> {
  const request = {
    hSession: handle,
    szTitle: speakable(title),
    szMessage: text,
    ulStyle: style,
    ulTimeout: lasts,
    bDoNotWait: !waits,
  };
  const call = (): Promise<{ pulResponse: number; returnValue: number }> =>
    lsm.call(showMessageBox, request, { operation });
  const { pulResponse, returnValue } = await orRefused(needs.message(id), call);
  const failure = failureOfHresult(returnValue, operation);
  if (failure !== null) throw refusedByCode(failure, needs.message(id));
  return pulResponse;
}
