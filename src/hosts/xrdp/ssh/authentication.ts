import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2';
import type { UsherError } from '../../../sessions/errors.ts';
import type { Secret } from '../../credential.ts';
import type { LogonMeans, LogonProgress } from './logon.ts';
import { logonFailure } from './logon-failure.ts';
import { type KeyOffer, type OfferedKey, OneKeyAgent } from './offered-key.ts';
import { asksForPassword } from './password-prompt.ts';

/** The connection that is being logged on. */
export interface LogonConnection {
  readonly isOpen: () => boolean;
  readonly fail: (error: UsherError) => void;
}

/**
 * Decides what ssh2 tries next: `none`, which costs no attempt and tells what the host takes, then one key after
 * another, then the password once. A wrong password is never sent twice, whatever the methods are called, so that no
 * account is locked.
 */
export function authenticate(means: LogonMeans, connection: LogonConnection): AuthHandlerMiddleware {
  const progress: LogonProgress = {
    takes: null,
    choice: null,
    offers: [],
    password: 'untried',
    unansweredPrompt: null,
  };
  const attempts = planAttempts(means, progress, connection);
  return (takes: readonly string[] | null, _partial, tryNow) => {
    if (takes !== null) progress.takes = takes;
    attempts.next().then(
      (attempt) => {
        if (!connection.isOpen()) return;
        if (attempt.done) connection.fail(logonFailure(means, progress));
        else tryNow(attempt.value);
      },
      (error: unknown) => connection.fail(logonFailure(means, progress, error)),
    );
  };
}

async function* planAttempts(
  means: LogonMeans,
  progress: LogonProgress,
  connection: LogonConnection,
): AsyncGenerator<AnyAuthMethod, void, void> {
  const username = means.user;
  yield { type: 'none', username };
  for (;;) {
    const key = takes(progress, 'publickey') ? await nextKey(means, progress) : undefined;
    if (key !== undefined) {
      const offer: KeyOffer = { key, accepted: false, failure: null };
      progress.offers.push(offer);
      yield { type: 'agent', username, agent: new OneKeyAgent(offer, connection.isOpen) };
      // ssh2 hides what the host takes after a key: where more than the key is wanted, ask once more.
      if (offer.accepted && offer.failure === null) yield { type: 'none', username };
    } else if (progress.password === 'untried' && (takes(progress, 'password') || takes(progress, interactive))) {
      const password = await means.password();
      progress.password = password === null ? 'absent' : 'sent';
      if (password !== null) yield passwordAttempt(means, progress, password, connection);
    } else {
      return;
    }
  }
}

async function nextKey(means: LogonMeans, progress: LogonProgress): Promise<OfferedKey | undefined> {
  progress.choice ??= await means.keys();
  return progress.choice.keys[progress.offers.length];
}

const interactive = 'keyboard-interactive';

function takes(progress: LogonProgress, method: string): boolean {
  return progress.takes?.includes(method) ?? false;
}

function passwordAttempt(
  means: LogonMeans,
  progress: LogonProgress,
  password: Secret,
  connection: LogonConnection,
): AnyAuthMethod {
  const username = means.user;
  if (takes(progress, 'password')) return { type: 'password', username, password: password.reveal() };
  let answered = false;
  return {
    type: interactive,
    username,
    prompt: (_name, _instructions, _language, prompts, finish) => {
      if (!answered && asksForPassword(prompts)) {
        answered = true;
        finish([password.reveal()]);
      } else {
        // sshd ends the connection on a wrong number of answers; hanging up leaves nothing half answered.
        if (!answered) progress.password = 'absent';
        progress.unansweredPrompt = prompts[0]?.prompt ?? '';
        connection.fail(logonFailure(means, progress));
      }
    },
  };
}
