import { seconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Message } from '../message.ts';
import type { MessageEvent } from './answer.ts';
import { type Attempt, changed, type MessageJob } from './message-job.ts';
import type { Subscription } from './probe-session.ts';

/** The host's dialog programs, best first: each draws any text, knows several buttons and tells which was pressed. */
const programs = 'zenity,yad,kdialog,xmessage';

/** Shows a message by a dialog program of the host, run as the session's user. */
export const showByPrograms = ({ probe, target, message, watcher, signal }: MessageJob): Promise<Attempt> =>
  new Promise((resolve, reject) => {
    const words = [
      message.title,
      fullText(message),
      ...message.buttons.flatMap(({ answer, label }) => [answer, label]),
    ];
    let seen = false;
    const request: Subscription = {
      verb: ['message', target, Math.ceil(message.stays), programs, ...words.map(hexOf)].join(' '),
      stop: 'stop',
      receive(event) {
        if (event.kind !== 'message') return;
        seen ||= event.connected === true;
        if (event.event === 'shown') watcher.shown(event.by ?? 'a program of the host');
        else {
          const outcome = outcomeOf(event, seen);
          settle(() => (outcome instanceof UsherError ? reject(outcome) : resolve(outcome)));
        }
      },
      end: (reason) => settle(() => reject(reason)),
    };
    const subscription = probe.subscribe(request);
    const onAbort = (): void => settle(() => resolve({ kind: 'closed' }));
    const settle = (outcome: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      subscription[Symbol.dispose]();
      outcome();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });

const hexOf = (text: string): string => Buffer.from(text === '' ? ' ' : text, 'utf8').toString('hex');

/** A program of the host cannot count: it tells the time that was left when it began. */
function fullText({ text, countdown, stays }: Message): string {
  return countdown === null ? text : `${text}\n\n${countdown(seconds(stays))}`;
}

function outcomeOf(event: MessageEvent, seen: boolean): Attempt | UsherError {
  switch (event.event) {
    case 'answered':
      return { kind: 'answered', answer: event.answer ?? '' };
    case 'closed':
      return { kind: 'closed' };
    case 'timed-out':
      return { kind: seen ? 'timed-out' : 'unseen' };
    case 'no-program':
      return { kind: 'next', why: 'the host has no program that can show it (zenity, yad, kdialog, xmessage)' };
    case 'session-ended':
    case 'shown':
      return { kind: 'not-shown', why: 'the session ended while it was up' };
    case 'refused':
      return new UsherError({ code: 'access_denied', message: event.why ?? 'the host refused' });
    case 'changed':
      return changed(event.why);
  }
}
