import { UsherError } from '../../../sessions/errors.ts';
import type { LogonMethod } from './logon-method.ts';
import type { LogonMeans, LogonProgress } from './logon.ts';

const longestPrompt = 60;

/** What is said of a logon that ended without success: what was tried, what the host takes, what would help. */
export function logonFailure(means: LogonMeans, progress: LogonProgress, cause?: unknown): UsherError {
  const { user } = means;
  const unsigned = progress.offers.flatMap((offer) => offer.failure ?? []);
  const refused = progress.offers.filter((offer) => offer.failure === null).map((offer) => offer.key.label);
  const tried = [...refused, ...(progress.password === 'sent' ? ['a password'] : [])];
  const hint = logonHint(means, progress, unsigned);
  // The names are the host's own words: only what looks like names is repeated (RFC 4251, section 6).
  const methods = (progress.takes ?? []).filter((method) => /^[\w.@-]{1,64}$/.test(method)).slice(0, 8);
  const takes = methods.length === 0 ? '' : `; the host takes ${methods.join(', ')}`;
  if (tried.length === 0) {
    const why =
      unsigned.length === 0 ? `no key and no password to log on as ${user} with` : `no usable key for ${user}`;
    return new UsherError({ code: 'no_credential', message: `${why}${takes}`, hint, cause: cause ?? unsigned[0] });
  }
  const message = `the host refused ${user} with ${tried.join(', ')}${takes}`;
  return new UsherError({ code: 'logon_failed', message, hint, cause: cause ?? unsigned[0] });
}

/** The host hung up while keys were tried, sshd's answer to more than its MaxAuthTries. */
export function tooManyAttempts(cause: Error): UsherError {
  return new UsherError({
    code: 'logon_failed',
    message: 'the host hung up after too many attempts to log on',
    hint: 'name the right key with IdentityFile and IdentitiesOnly yes in ~/.ssh/config',
    cause,
  });
}

/** The password is right, and expired: sshd wants another one. */
export function expiredPassword(user: string, hostName: string): UsherError {
  return new UsherError({
    code: 'logon_failed',
    message: `the password of ${user} has expired`,
    hint: `change it with: ssh ${user}@${hostName}`,
  });
}

function logonHint(means: LogonMeans, progress: LogonProgress, unsigned: readonly Error[]): string | undefined {
  const hints = [...unsigned.map((error) => error.message), ...(progress.choice?.complaints ?? [])];
  if (progress.unansweredPrompt !== null) {
    const prompt = progress.unansweredPrompt
      .replace(/[^\p{L}\p{N}\p{P} ]/gu, ' ')
      .slice(0, longestPrompt)
      .trim();
    hints.push(`the host asked '${prompt}', which Usher does not answer: use a key`);
  }
  const withheld = progress.choice?.withheld ?? 0;
  if (withheld > 0) {
    hints.push(
      `${withheld} more keys of the agent were not offered: name the right one with IdentityFile and ` +
        'IdentitiesOnly yes in ~/.ssh/config',
    );
  }
  const barred = keptBack(means, progress);
  if (barred.length > 0) {
    hints.push(
      `the SSH configuration keeps ${barred.join(' and ')} back (PreferredAuthentications, PasswordAuthentication)`,
    );
  } else if (hints.length === 0 && progress.takes?.includes('publickey')) {
    hints.push(
      progress.offers.length === 0
        ? 'load a key into the agent, name one in the inventory or in ~/.ssh/config, or make one with ssh-keygen'
        : `add the key to the host with: ssh-copy-id ${means.user}@${means.hostName}`,
    );
  }
  return hints.length === 0 ? undefined : hints.join('; ');
}

/** What the host would take, and the configuration does not let be tried. */
function keptBack({ methods }: LogonMeans, { takes, password }: LogonProgress): readonly string[] {
  const isBarred = (method: LogonMethod): boolean => takes?.includes(method) === true && !methods.includes(method);
  const passwordBarred = password === 'untried' && (isBarred('password') || isBarred('keyboard-interactive'));
  return [...(isBarred('publickey') ? ['keys'] : []), ...(passwordBarred ? ['the password'] : [])];
}
