import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2';
import type { UsherError } from '../../../sessions/errors.ts';
import type { Secret } from '../../credential.ts';
import type { LogonMethod } from './logon-method.ts';
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
 * another and the password once, in the order of the methods. A wrong password is never sent twice, whatever the methods are called, so that no
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
    if (takes === null) means.begun?.(progress);
    else progress.takes = takes;
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
  for (let next = await nextMeans(means, progress); next !== null; next = await nextMeans(means, progress)) {
    if ('password' in next) {
      yield passwordAttempt(means, progress, next, connection);
    } else {
      const offer: KeyOffer = { key: next.key, accepted: false, failure: null };
      progress.offers.push(offer);
      yield { type: 'agent', username, agent: new OneKeyAgent(offer, connection.isOpen) };
      // ssh2 hides what the host takes after a key: where more than the key is wanted, ask once more.
      if (offer.accepted && offer.failure === null) yield { type: 'none', username };
    }
  }
}

interface PasswordMeans {
  readonly method: Exclude<LogonMethod, 'publickey'>;
  readonly password: Secret;
}

/** What is left to try of the first method that the host takes; null where nothing is left of any. */
async function nextMeans(
  means: LogonMeans,
  progress: LogonProgress,
): Promise<{ readonly key: OfferedKey } | PasswordMeans | null> {
  for (const method of means.methods.filter((one) => progress.takes?.includes(one))) {
    if (method === 'publickey') {
      const key = await nextKey(means, progress);
      if (key !== undefined) return { key };
    } else if (progress.password === 'untried') {
      const password = await means.password();
      progress.password = password === null ? 'absent' : 'sent';
      if (password !== null) return { method, password };
    }
  }
  return null;
}

async function nextKey(means: LogonMeans, progress: LogonProgress): Promise<OfferedKey | undefined> {
  progress.choice ??= await means.keys();
  return progress.choice.keys[progress.offers.length];
}

function passwordAttempt(
  means: LogonMeans,
  progress: LogonProgress,
  { method, password }: PasswordMeans,
  connection: LogonConnection,
): AnyAuthMethod {
  const username = means.user;
  if (method === 'password') return { type: method, username, password: password.reveal() };
  let answered = false;
  return {
    type: method,
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
