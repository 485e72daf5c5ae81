import { seconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Message } from '../message.ts';
import type { MessageEvent } from './answer.ts';
import { type Attempt, changed, type MessageJob } from './message-job.ts';

/**
 * Those of the host's dialog programs that draw any text, know several buttons and tell which was pressed, best first; and
 * the last resort, which draws no title and Latin letters alone.
 */
export const dialogPrograms = ['zenity', 'yad', 'kdialog'] as const;
export const lastResort = ['xmessage'] as const;

/** The largest word of a request, in bytes. */
const longestWord = 8192;

/** Shows a message by one of these programs of the host, run as the session's user. */
export function showByPrograms(
  { probe, target, message, watcher, signal }: MessageJob,
  programs: readonly string[],
): Promise<Attempt> {
  const words = [message.title, fullText(message), ...message.buttons.flatMap(({ answer, label }) => [answer, label])];
  if (words.some((word) => Buffer.byteLength(word) > longestWord)) {
    return Promise.resolve({ kind: 'next', why: `it is longer than ${longestWord} bytes` });
  }
  return new Promise((resolve, reject) => {
    let subscription: Disposable | null = null;
    let seen = false;
    const onAbort = (): void => settle(() => resolve({ kind: 'closed' }));
    const settle = (outcome: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      subscription?.[Symbol.dispose]();
      outcome();
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    subscription = probe.subscribe({
      verb: ['message', target, Math.ceil(message.stays), programs.join(','), ...words.map(hexOf)].join(' '),
      stop: 'stop',
      receive(event) {
        if (event.kind !== 'message') return;
        seen ||= event.connected === true;
        if (event.event === 'shown') return watcher.shown(event.by ?? 'a program of the host');
        const outcome = outcomeOf(event, seen, programs);
        settle(() => (outcome instanceof UsherError ? reject(outcome) : resolve(outcome)));
      },
      end: (reason) => settle(() => reject(reason)),
    });
  });
}

const hexOf = (text: string): string => Buffer.from(text === '' ? ' ' : text, 'utf8').toString('hex');

/** A program of the host cannot count: it tells the time that was left when it began. */
function fullText({ text, countdown, stays }: Message): string {
  return countdown === null ? text : `${text}\n\n${countdown(seconds(stays))}`;
}

function outcomeOf(event: MessageEvent, seen: boolean, programs: readonly string[]): Attempt | UsherError {
  switch (event.event) {
    case 'answered':
      return { kind: 'answered', answer: event.answer ?? '' };
    case 'closed':
      return { kind: 'closed' };
    case 'timed-out':
      return { kind: seen ? 'timed-out' : 'unseen' };
    case 'no-program':
      return { kind: 'next', why: `none of the host's programs can show it (${programs.join(', ')})` };
    case 'session-ended':
    case 'shown':
      return { kind: 'not-shown', why: 'the session ended while it was up' };
    case 'refused':
      return new UsherError({ code: 'access_denied', message: event.why ?? 'the host refused' });
    case 'changed':
      return changed(event.why);
  }
}
