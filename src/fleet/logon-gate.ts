import type { Credential, Secret } from '../hosts/credential.ts';
import { type Milliseconds, milliseconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Host } from '../sessions/host.ts';
import type { HostSecrets, Offer } from './credentials.ts';
import type { Aside, Timers } from './deadline.ts';

/** What became of a secret that one logon used: `unjudged` where something else ended it, `unknown` where nothing tells. */
export type LogonOutcome = 'accepted' | 'rejected' | 'unjudged' | 'unknown';

/** So many hosts in a row may take an unproven secret and not tell what they think of it. */
const mostUnknown = 2;
/**
 * A host that has not told for so long counts as one of them until it does: everybody else waits for it. Hosts let who gave a wrong
 * password wait for two or three seconds (pam_faildelay(8)): to take that for silence would try it twice.
 */
const patience = milliseconds(8000);
/** A secret that nobody accepted for so long may have been changed: the next logon is alone with it again. */
const provenFor = milliseconds(60_000);

/** One logon: what the driver asks for secrets, and where its outcome is told. */
export interface LogonAttempt {
  readonly credential: Credential;
  /** Why the password was held back in this attempt, where it was. */
  readonly rested: UsherError | null;
  /** Why the password for sudo was held back, where it was: the host is read without it. */
  readonly restedSudo: UsherError | null;
  /** Whether a secret that nobody is known to accept went to the host, and nothing tells what became of it: it costs a try. */
  readonly risked: boolean;
  /** Settles the password. */
  settle(outcome: LogonOutcome): void;
  /** Settles the password that was offered to sudo. */
  settleSudo(outcome: LogonOutcome): void;
}

/**
 * Keeps Usher from locking accounts: the first logon of an account with a password runs alone, and so do those of its namesakes.
 * Once one host refused the password, no host is offered it again for any of them in this run. Where none has accepted it for a
 * minute, as in a watch whose hosts all come back at once, the first logon is alone again. Keys are not held back: they lock no account.
 */
export interface LogonGate {
  /** `aside` runs what may wait for people or other hosts, outside of the host's own deadline. */
  attempt(host: Host, secrets: HostSecrets, signal: AbortSignal, aside: Aside): LogonAttempt;
}

/** All that may be one account by several spellings. */
interface Namesakes {
  /** Those that are just being tried: one, and where a host keeps one waiting another. */
  readonly trials: Set<Trial>;
  readonly waiting: (() => void)[];
  readonly standings: Standing[];
}

/** What is known of a secret, wherever it was read from. */
interface Standing {
  readonly secret: Secret;
  /** The accounts that were let in with it, and when last. */
  readonly proven: Map<string, Milliseconds>;
  /** The host that refused it to one of them. */
  refusedBy: string | null;
  /** The hosts that did not tell, since it was last accepted. */
  readonly silent: string[];
}

/** What the gate knows of time. Without timers a host that does not tell is waited for as long as it takes. */
interface GateClock {
  readonly timers: Timers | null;
  readonly now: () => Milliseconds;
}

export function createLogonGate(
  timers: Timers | null = null,
  now: () => Milliseconds = () => milliseconds(performance.now()),
): LogonGate {
  const clock: GateClock = { timers, now };
  const all = new Map<string, Namesakes>();
  return {
    attempt(host, secrets, signal, aside) {
      const used = new Map<'logon' | 'sudo', Hold>();
      const rested = new Map<'logon' | 'sudo', UsherError>();
      let risked = false;
      const admit = async (kind: 'logon' | 'sudo', offer: Offer | null) => {
        if (offer === null) return null;
        try {
          used.set(kind, used.get(kind) ?? (await enter(claimOf(all, offer), offer, signal, clock)));
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
        risked ||= outcome === 'unknown' && (hold?.trial ?? null) !== null;
        if (hold !== undefined) leave(hold, outcome, host.name, now());
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
          accepted: () => settle('logon', 'accepted'),
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
        get risked() {
          return risked;
        },
        settle: (outcome) => settle('logon', outcome),
        settleSudo: (outcome) => settle('sudo', outcome),
      };
    },
  };
}

/** What logs on somewhere may still be refused by sudo, so it is counted apart. */
const asSudoOffer = ({ account, namesakes, called, secret }: Offer): Offer => ({
  account,
  namesakes: `sudo ${namesakes}`,
  called: `${called} for sudo`,
  secret,
});

/** An account, with a secret. */
interface Claim {
  readonly namesakes: Namesakes;
  readonly standing: Standing;
  readonly account: string;
}

/** A secret that is being tried, while everybody else waits for what becomes of it. */
interface Trial {
  isLate: boolean;
  timer: Disposable | null;
}

interface Hold extends Claim {
  /** Null where the account was let in with it before. */
  readonly trial: Trial | null;
}

function claimOf(all: Map<string, Namesakes>, { account, namesakes: name, secret }: Offer): Claim {
  const namesakes = all.get(name) ?? { trials: new Set(), waiting: [], standings: [] };
  all.set(name, namesakes);
  const known = namesakes.standings.find((one) => one.secret.reveal() === secret.reveal());
  const standing = known ?? { secret, proven: new Map(), refusedBy: null, silent: [] };
  if (known === undefined) namesakes.standings.push(standing);
  return { namesakes, standing, account };
}

/** Waits for the account's turn, which one that was let in before does not need. */
async function enter(claim: Claim, { called }: Offer, signal: AbortSignal, { timers, now }: GateClock): Promise<Hold> {
  const { namesakes, standing, account } = claim;
  for (;;) {
    signal.throwIfAborted();
    if (standing.refusedBy !== null) {
      throw restedAs(`${called} was refused by ${standing.refusedBy}`, 'correct the password');
    }
    const since = standing.proven.get(account);
    if (since !== undefined && now() - since < provenFor) return { ...claim, trial: null };
    if (since === undefined && standing.silent.length >= mostUnknown) {
      const hosts = standing.silent.join(' and ');
      throw restedAs(
        `${called} was given to ${hosts}, which did not tell whether it is right,`,
        'leave these hosts out',
      );
    }
    if (mayTry(claim)) return { ...claim, trial: beginTrial(namesakes, timers) };
    await turn(namesakes, signal);
  }
}

/** Nobody else is being tried, or only one that may never tell: then there is one more try, as if it had not. */
function mayTry({ namesakes: { trials }, standing, account }: Claim): boolean {
  const silent = standing.proven.has(account) ? 0 : standing.silent.length;
  return [...trials].every(({ isLate }) => isLate) && silent + trials.size < mostUnknown;
}

function beginTrial({ trials, waiting }: Namesakes, timers: Timers | null): Trial {
  const trial: Trial = { isLate: false, timer: null };
  trials.add(trial);
  const late = (): void => {
    trial.isLate = true;
    for (const wake of waiting.splice(0)) wake();
  };
  trial.timer = timers?.after(patience, late) ?? null;
  return trial;
}

const restedAs = (why: string, remedy: string): UsherError =>
  new UsherError({
    code: 'credential_rested',
    message: `${why} and is not tried again`,
    hint: `so that the account is not locked: ${remedy} and run the command again`,
  });

function leave(
  { namesakes, standing, account, trial }: Hold,
  outcome: LogonOutcome,
  host: string,
  now: Milliseconds,
): void {
  if (outcome === 'rejected') standing.refusedBy ??= host;
  if (outcome === 'accepted') {
    standing.proven.set(account, now);
    standing.silent.length = 0;
  }
  if (trial === null) return;
  // Where any host has let it in, it is likely what this one thinks.
  if (outcome === 'unknown' && !standing.proven.has(account)) standing.silent.push(host);
  trial.timer?.[Symbol.dispose]();
  namesakes.trials.delete(trial);
  for (const wake of namesakes.waiting.splice(0)) wake();
}

function turn({ waiting }: Namesakes, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    waiting.push(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
