import { UsherError } from '../../sessions/errors.ts';
import { type Answer, readAnswer } from './answer.ts';
import { frameDecoder } from './frames.ts';
import { programFailed } from './probe/command.ts';
import type { RunningCommand } from './transport.ts';

/** What the greeting goes by. */
export const helloId = 0;

/** Who waits for the answers that carry one id. */
interface Waiting {
  readonly receive: (answer: Answer) => void;
  readonly end: (reason: UsherError) => void;
}

/** Hands each answer of a running probe to who waits for it, until the probe ends. */
export interface Mailbox {
  /** Why nothing comes any more; null while it does. */
  readonly ended: UsherError | null;
  wait(id: number, waiting: Waiting): void;
  /** Whether anyone had been waiting. */
  forget(id: number): boolean;
  /** Ends the probe, and tells everyone who waits why. */
  end(reason: UsherError): void;
}

/** `complaint` tells what the probe wrote on standard error so far. */
export function mailboxOf(command: RunningCommand, complaint: () => string): Mailbox {
  const waiting = new Map<number, Waiting>();
  const decoder = frameDecoder();
  let ended: UsherError | null = null;

  const end = (reason: UsherError): void => {
    if (ended !== null) return;
    ended = reason;
    command[Symbol.dispose]();
    for (const { end: tell } of waiting.values()) tell(reason);
    waiting.clear();
  };
  const deliver = (document: unknown): void => {
    const answer = readAnswer(document);
    waiting.get(answer.kind === 'hello' ? helloId : answer.id)?.receive(answer);
  };
  command.stdout.on('data', (bytes: Buffer) => {
    if (ended !== null) return;
    try {
      decoder.push(bytes).forEach(deliver);
    } catch (error) {
      end(error instanceof UsherError ? error : unreadable(error));
    }
  });
  command.stdout.on('error', () => {});
  command.stdin.on('error', () => {});
  void command.exited.then((code) => end(whyEnded(code, complaint())));

  return {
    get ended() {
      return ended;
    },
    wait: (id, who) => void waiting.set(id, who),
    forget: (id) => waiting.delete(id),
    end,
  };
}

/** The next answer that carries this id. A signal that aborts ends the whole probe, since its answer may still come. */
export async function answerTo(mailbox: Mailbox, id: number, signal: AbortSignal): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const onAbort = (): void => mailbox.end(timedOut(signal));
    const settle = (outcome: () => void): void => {
      mailbox.forget(id);
      signal.removeEventListener('abort', onAbort);
      outcome();
    };
    if (mailbox.ended !== null) {
      reject(mailbox.ended);
      return;
    }
    mailbox.wait(id, {
      receive: (answer) => settle(() => resolve(answer)),
      end: (reason) => settle(() => reject(reason)),
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function unreadable(cause: unknown): UsherError {
  return new UsherError({ code: 'bad_answer', message: 'the probe said something unreadable', cause });
}

/** Why a wait ended with its signal. */
export function timedOut(signal: AbortSignal): UsherError {
  if (signal.reason instanceof UsherError) return signal.reason;
  return new UsherError({ code: 'timeout', message: 'the host did not answer in time', cause: signal.reason });
}

function whyEnded(code: number | null, complaint: string): UsherError {
  const said = printable(complaint.trim().split('\n').at(-1) ?? '');
  if (code === 127) {
    return new UsherError({
      code: 'unsupported',
      message: `the host has no perl${said === '' ? '' : ` (${said})`}`,
      hint: 'install perl-base there: it is all that the host needs beside xrdp and an SSH server',
    });
  }
  if (code === programFailed) {
    return new UsherError({ code: 'unsupported', message: `the probe cannot run on this host: ${said}` });
  }
  const what = code === null ? 'the connection ended' : `the probe ended with exit code ${code}`;
  return new UsherError({
    code: 'connection_lost',
    message: said === '' ? `${what} before it had answered` : `${what} before it had answered: ${said}`,
  });
}

/** Without control characters, and short enough for a line. */
export function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
