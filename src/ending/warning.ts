import { formatDuration, type Seconds } from '../sessions/duration.ts';
import type { Message, MessageButton } from '../hosts/message.ts';
import type { Step } from './ladder/plan.ts';

/** What the user is told before the session ends. */
export interface Warning {
  readonly title: string;
  /** Why, and what to do; the time that is left is told below it. */
  readonly text: string;
}

/** What the answer to a warning means: end it now, give it more time, or only that it was read. */
export type WarningAnswer = 'now' | 'later' | 'read';

/** The warning as a message that stays this long; `more` is what one "more time" grants, null where none is left. */
export function warningMessage({ title, text }: Warning, first: Step, stays: Seconds, more: Seconds | null): Message {
  const disconnects = first === 'disconnect';
  const now = button('now', disconnects ? 'Disconnect now' : 'Log off now');
  const other = more === null ? button('read', 'OK') : button('later', `${inWords(more)} more`);
  const what = disconnects ? 'disconnected' : 'logged off';
  return {
    title,
    text,
    buttons: [other, now],
    stays,
    countdown: (left) => `You will be ${what} in ${formatDuration(left)}.`,
  };
}

const button = (answer: WarningAnswer, label: string): MessageButton => ({ answer, label });

/** `5 minutes`, `1 hour`, `90 seconds`. */
function inWords(time: Seconds): string {
  const [value, unit] =
    time % 3600 === 0 ? [time / 3600, 'hour'] : time % 60 === 0 ? [time / 60, 'minute'] : [time, 'second'];
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}
