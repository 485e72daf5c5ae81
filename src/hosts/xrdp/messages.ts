import type { MessageOutcome } from '../message.ts';
import { type BoxTime, drawMessage } from './drawn-message.ts';
import { showByPrograms } from './host-message.ts';
import type { Attempt, MessageJob } from './message-job.ts';

/**
 * Shows a message by what the host has, else drawn by ourselves. One that counts down is drawn first: the host's programs
 * cannot count, and take the keyboard, where a Return that was meant for a document would answer.
 */
export async function showMessage(job: MessageJob, time: BoxTime): Promise<MessageOutcome> {
  const drawn = (): Promise<Attempt> => drawMessage(job, time);
  const byPrograms = (): Promise<Attempt> => showByPrograms(job);
  const why: string[] = [];
  for (const show of job.message.countdown === null ? [byPrograms, drawn] : [drawn, byPrograms]) {
    const outcome = await show();
    if (outcome.kind !== 'next') return outcome;
    why.push(outcome.why);
  }
  return { kind: 'not-shown', why: why.join('; ') };
}
