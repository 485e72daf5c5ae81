import type { Credential } from '../hosts/credential.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Host } from '../sessions/host.ts';
import type { HostSecrets, Offer } from './credentials.ts';
import type { Aside } from './deadline.ts';

/** What became of the secrets that one logon used. */
export type LogonOutcome = 'accepted' | 'rejected' | 'unknown';

/** One logon: what the driver asks for secrets, and where its outcome is told. */
export interface LogonAttempt {
  readonly credential: Credential;
  /** Why the password was held back in this attempt, where it was. */
  readonly rested: UsherError | null;
  /** Why the password for sudo was held back, where it was: the host is read without it. */
  readonly restedSudo: UsherError | null;
  /** Settles the password. */
  settle(outcome: LogonOutcome): void;
  /** Settles the password that was offered to sudo. */
  settleSudo(outcome: LogonOutcome): void;
}

/**
 * Keeps Usher from locking accounts: the first logon with a password runs alone, and once one host refused it, no host
 * is offered it again in this run. Keys are not held back: they lock no account.
 */
export interface LogonGate {
  /** `aside` runs what may wait for people or other hosts, outside of the host's own deadline. */
  attempt(host: Host, secrets: HostSecrets, signal: AbortSignal, aside: Aside): LogonAttempt;
}

interface Account {
  standing: 'untried' | 'trying' | 'proven' | 'rested';
  /** The host that refused it. */
  refusedBy: string | null;
  waiting: (() => void)[];
}

export function createLogonGate(): LogonGate {
  const accounts = new Map<string, Account>();
  return {
    attempt(host, secrets, signal, aside) {
      const used = new Map<'logon' | 'sudo', Hold>();
      const rested = new Map<'logon' | 'sudo', UsherError>();
      const admit = async (kind: 'logon' | 'sudo', offer: Offer | null) => {
        if (offer === null) return null;
        const account = accountAt(accounts, offer.account);
        try {
          used.set(kind, used.get(kind) ?? { account, onTrial: await enter(account, offer, signal) });
        } catch (error) {
          if (!(error instanceof UsherError)) throw error;
          rested.set(kind, error);
          // Without sudo a host tells less, which is better than nothing.
          if (kind === 'sudo') return null;
          throw error;
        }
        return offer.secret;
      };
      const settle = (kind: 'logon' | 'sudo', outcome: LogonOutcome): void => {
        const hold = used.get(kind);
        used.delete(kind);
        if (hold !== undefined) leave(hold, outcome, host.name);
      };
      let logonPassword: (Offer & { readonly user: string }) | null = null;
      return {
        credential: {
          user: secrets.user,
          identityFiles: secrets.identityFiles,
          password: (target, user) =>
            aside(async () => {
              const offer = await secrets.password(target, user);
              logonPassword = offer && { ...offer, user };
              return admit('logon', offer);
            }),
          passphrase: (keyFile) => aside(() => secrets.passphrase(keyFile)),
          sudoPassword: (target, user) =>
            aside(async () => {
              const own = await secrets.sudoPassword(target, user);
              const logon = secrets.sudoTakesLogon && logonPassword?.user === user ? logonPassword : null;
              return admit('sudo', own ?? (logon && asSudoOffer(logon)));
            }),
        },
        get rested() {
          return rested.get('logon') ?? null;
        },
        get restedSudo() {
          return rested.get('sudo') ?? null;
        },
        settle: (outcome) => settle('logon', outcome),
        settleSudo: (outcome) => settle('sudo', outcome),
      };
    },
  };
}

/** What logs on somewhere may still be refused by sudo, so it is counted apart. */
const asSudoOffer = ({ account, called, secret }: Offer): Offer => ({
  account: `sudo ${account}`,
  called: `${called} for sudo`,
  secret,
});

interface Hold {
  readonly account: Account;
  /** Whether everybody else waits for what becomes of it. */
  readonly onTrial: boolean;
}

function accountAt(accounts: Map<string, Account>, key: string): Account {
  const account = accounts.get(key) ?? { standing: 'untried', refusedBy: null, waiting: [] };
  accounts.set(key, account);
  return account;
}

/** Waits for the account's turn; answers whether this logon is its trial. */
async function enter(account: Account, offer: Offer, signal: AbortSignal): Promise<boolean> {
  while (account.standing === 'trying') await turn(account, signal);
  if (account.standing === 'proven') return false;
  if (account.standing === 'untried') {
    account.standing = 'trying';
    return true;
  }
  throw new UsherError({
    code: 'credential_rested',
    message: `${offer.called} was refused by ${account.refusedBy ?? 'another host'} and is not tried again`,
    hint: 'so that the account is not locked: correct the password and run the command again',
  });
}

function leave({ account, onTrial }: Hold, outcome: LogonOutcome, host: string): void {
  if (outcome === 'rejected') {
    account.standing = 'rested';
    account.refusedBy ??= host;
  } else if (onTrial && account.standing === 'trying') {
    account.standing = outcome === 'accepted' ? 'proven' : 'untried';
  }
  for (const wake of account.waiting.splice(0)) wake();
}

function turn(account: Account, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    account.waiting.push(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
