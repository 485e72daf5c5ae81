import type { MessageOutcome } from '../message.ts';
import { type BoxTime, drawMessage } from './drawn-message.ts';
import { dialogPrograms, lastResort, showByPrograms } from './host-message.ts';
import type { Attempt, MessageJob } from './message-job.ts';

/**
 * Shows a message by what the host has, else drawn by ourselves. One that counts down is drawn first: the host's programs
 * cannot count, and take the keyboard, where a Return that was meant for a document would answer.
 */
export async function showMessage(job: MessageJob, time: BoxTime): Promise<MessageOutcome> {
  const drawn = (): Promise<Attempt> => drawMessage(job, time);
  const by = (programs: readonly string[]) => (): Promise<Attempt> => showByPrograms(job, programs);
  const ways =
    job.message.countdown === null
      ? [by(dialogPrograms), drawn, by(lastResort)]
      : [drawn, by([...dialogPrograms, ...lastResort])];
  const why: string[] = [];
  for (const show of ways) {
    const outcome = await show();
    if (outcome.kind !== 'next') return outcome;
    why.push(outcome.why);
  }
  return { kind: 'not-shown', why: why.join('; ') };
}
