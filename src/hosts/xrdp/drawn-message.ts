import { seconds } from '../../sessions/duration.ts';
import type { UsherError } from '../../sessions/errors.ts';
import type { Message } from '../message.ts';
import { type Box, type BoxTurn, openBox, received, takenBack, ticked, undrawableIn } from './message/box.ts';
import type { BoxContent, BoxOutcome } from './message/content.ts';
import { type Attempt, changed, type MessageJob } from './message-job.ts';
import type { Subscription } from './probe-session.ts';

/** The passing of time for a box. */
export interface BoxTime {
  /** Milliseconds since 1970-01-01Z. */
  now(): number;
  everySecond(run: () => void): Disposable;
}

export const realTime: BoxTime = {
  now: () => Date.now(),
  everySecond(run) {
    const timer = setInterval(run, 1000);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};

/** Bytes of one x-send request: its line must stay below the probe's limit. */
const longestPart = 200_000;

/** Shows a message in a box that is drawn on the session's X server, through the probe. */
export async function drawMessage(job: MessageJob, time: BoxTime): Promise<Attempt> {
  const content = contentOf(job.message, time.now());
  const missing = undrawableIn(content);
  if (missing.length > 0)
    return { kind: 'next', why: `it holds what cannot be drawn here: ${missing.slice(0, 12).join(' ')}` };
  return new Promise((resolve, reject) => {
    const drawing = new Drawing(job, openBox(content), time, resolve, reject);
    drawing.start();
  });
}

function contentOf({ title, text, buttons, stays, countdown }: Message, now: number): BoxContent {
  return {
    title,
    text,
    buttons,
    until: now + stays * 1000,
    countdown: countdown === null ? null : (left) => countdown(seconds(left)),
  };
}

/** One box while it is up. */
class Drawing {
  readonly #job: MessageJob;
  readonly #time: BoxTime;
  readonly #resolve: (outcome: Attempt) => void;
  readonly #request: Subscription;
  readonly #ending = new DisposableStack();
  #box: Box;
  #shown = false;
  #seen = false;

  constructor(
    job: MessageJob,
    box: Box,
    time: BoxTime,
    resolve: (outcome: Attempt) => void,
    reject: (error: UsherError) => void,
  ) {
    this.#job = job;
    this.#box = box;
    this.#time = time;
    this.#resolve = resolve;
    this.#request = {
      verb: `x-open ${job.target}`,
      stop: 'stop',
      receive: (event) => {
        if (event.kind !== 'x') return;
        if (event.event === 'open') this.#seen = event.connected === true;
        else if (event.event === 'data')
          this.#take(received(this.#box, Buffer.from(event.data ?? '', 'hex'), time.now()));
        else if (event.event === 'changed') this.#end(() => reject(changed(event.why)));
        else this.#lost(event.why ?? 'its X server is gone');
      },
      end: (reason) => this.#end(() => reject(reason)),
    };
  }

  start(): void {
    const { probe, signal } = this.#job;
    const back = (): void => this.#take(takenBack(this.#box));
    const subscription = probe.subscribe(this.#request);
    if (this.#ending.disposed) return;
    this.#ending.use(subscription);
    this.#ending.use(this.#time.everySecond(() => this.#take(ticked(this.#box, this.#time.now()))));
    this.#ending.defer(() => signal.removeEventListener('abort', back));
    if (signal.aborted) back();
    else signal.addEventListener('abort', back, { once: true });
  }

  #take({ box, send, shown, outcome }: BoxTurn): void {
    this.#box = box;
    for (let at = 0; at < send.length; at += longestPart) {
      this.#job.probe.tell(this.#request, 'x-send', Buffer.from(send.subarray(at, at + longestPart)).toString('hex'));
    }
    if (shown && !this.#shown) {
      this.#shown = true;
      this.#job.watcher.shown('usher');
    }
    if (outcome !== null) void this.#conclude(outcome);
  }

  async #conclude(outcome: BoxOutcome): Promise<void> {
    switch (outcome.kind) {
      case 'answered':
        return this.#end(() => this.#resolve(outcome));
      case 'closed':
        return this.#end(() => this.#resolve({ kind: 'closed' }));
      case 'timed-out':
        return this.#timedOut();
      case 'lost':
        return this.#lost(outcome.why);
    }
  }

  async #timedOut(): Promise<void> {
    if (!this.#shown) return this.#lost('its X server did not draw it in time');
    const seen = this.#seen || (await this.#job.isConnected().catch(() => false)) === true;
    this.#end(() => this.#resolve({ kind: seen ? 'timed-out' : 'unseen' }));
  }

  /** Before it was on the screen another way may be tried; afterwards it is gone. */
  #lost(why: string): void {
    this.#end(() => this.#resolve(this.#shown ? { kind: 'not-shown', why } : { kind: 'next', why }));
  }

  #end(tell: () => void): void {
    if (this.#ending.disposed) return;
    this.#ending.dispose();
    tell();
  }
}
