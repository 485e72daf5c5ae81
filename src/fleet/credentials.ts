import { Secret } from '../hosts/credential.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Host } from '../sessions/host.ts';
import type { CredentialReference, FleetHost } from './inventory.ts';

/** Asks a person for a secret, without echo. Null where the person gives none. */
export type AskSecret = (question: string) => Promise<string | null>;

/** Where secrets may come from, besides the inventory. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--password-file`. */
  readonly passwordFile: string | null;
  /** `--identity`. */
  readonly identityFiles: readonly string[];
  /** Null where there is no terminal. */
  readonly ask: AskSecret | null;
  readFile(file: string): Promise<Secret>;
}

/** A secret, and whose it is. */
export interface Offer {
  /** Opaque. The one account that is let in where another offer with the same one was. */
  readonly account: string;
  /** Opaque. Accounts that may be the same one by another spelling: what one of them was refused, the others may not try. */
  readonly namesakes: string;
  /** For people: `the password of root`. */
  readonly called: string;
  readonly secret: Secret;
}

/** What is known to log on to one host with. */
export interface HostSecrets {
  readonly user: string | null;
  readonly identityFiles: readonly string[];
  password(host: Host, user: string): Promise<Offer | null>;
  passphrase(keyFile: string): Promise<Secret | null>;
  /** Only one that was set apart for sudo. */
  sudoPassword(host: Host, user: string): Promise<Offer | null>;
  /** Whether the password that logged the account on may be offered to sudo too. Never without being asked for. */
  readonly sudoTakesLogon: boolean;
}

export type SecretsOf = (host: FleetHost) => HostSecrets;

/**
 * The password is the one of `--password-file`, else of the inventory's credential, else USHER_PASSWORD, else what a
 * person answers. Files are read and people asked once in a run, one question at a time.
 */
export function createSecrets(sources: SecretSources): SecretsOf {
  const remembered = new Map<string, Promise<Secret | null>>();
  const once = (key: string, find: () => Promise<Secret | null>): Promise<Secret | null> => {
    const found = remembered.get(key) ?? find();
    remembered.set(key, found);
    return found;
  };
  const file = (path: string): Promise<Secret | null> => once(`file ${path}`, () => sources.readFile(path));
  const ask = inTurn(sources.ask);
  const question = (key: string, text: string): Promise<Secret | null> =>
    once(`ask ${key}`, async () => secretOf((await ask?.(text)) ?? undefined));

  return (host) => {
    const reference = host.credential;
    return {
      user: reference?.user ?? null,
      sudoTakesLogon: reference?.sudoTakesLogon ?? false,
      identityFiles: [...sources.identityFiles, ...(reference?.identityFiles ?? [])],
      async password(target, user) {
        const name = bareName(user);
        const text = `${target.name} asks for the password of ${user}: `;
        const found =
          (await fromFile(sources.passwordFile, file)) ??
          (await fromReference(reference, 'password', sources, file)) ??
          secretOf(sources.env['USHER_PASSWORD']) ??
          (await question(name, text));
        const account = accountKey(target, user);
        return found && { account, namesakes: name, called: `the password of ${user}`, secret: found };
      },
      async passphrase(keyFile) {
        const found = await fromReference(reference, 'passphrase', sources, file);
        return found ?? question(`key ${keyFile}`, `Passphrase of the key ${keyFile}: `);
      },
      async sudoPassword(target, user) {
        const found = await fromReference(reference, 'sudoPassword', sources, file);
        const [account, namesakes] = [accountKey(target, user), `sudo ${bareName(user)}`];
        return found && { account, namesakes, called: `the sudo password of ${user}`, secret: found };
      },
    };
  };
}

type ReadFile = (file: string) => Promise<Secret | null>;

async function fromFile(path: string | null, file: ReadFile): Promise<Secret | null> {
  return path === null ? null : file(path);
}

async function fromReference(
  reference: CredentialReference | null,
  kind: 'password' | 'passphrase' | 'sudoPassword',
  sources: SecretSources,
  file: ReadFile,
): Promise<Secret | null> {
  if (reference === null) return null;
  const found = await fromFile(reference[`${kind}File`], file);
  const variable = reference[`${kind}Env`];
  if (found !== null || variable === null) return found;
  const secret = secretOf(sources.env[variable]);
  if (secret !== null) return secret;
  throw new UsherError({
    code: 'no_credential',
    message: `the credential ${reference.name} needs the variable ${variable}, which is not set`,
  });
}

const secretOf = (text: string | undefined): Secret | null =>
  text === undefined || text === '' ? null : new Secret(text);

/**
 * The name alone, in any case: a Linux host of a domain asks the same domain controller as a Windows host, and both spell a
 * name as they like. Better one logon too few than one wrong password too many.
 */
function bareName(user: string): string {
  const name = user.slice(user.indexOf('\\') + 1).replace(/@.*$/s, '');
  return name.toLowerCase();
}

/** An account without a domain is a Windows host's own; SSH hosts are taken to share theirs. */
function accountKey({ url }: Host, user: string): string {
  if (url.scheme !== 'windows') return `${url.scheme} ${user}`;
  const isItsOwn = user.startsWith('.\\') || !/[\\@]/.test(user);
  return `windows ${isItsOwn ? `${url.address} ${user.replace('.\\', '')}` : user}`.toLowerCase();
}

/** The same question-asker, that asks the next one only after the last one was answered. */
function inTurn(ask: AskSecret | null): AskSecret | null {
  if (ask === null) return null;
  let last: Promise<unknown> = Promise.resolve();
  return (question) => {
    const answer = last.then(() => ask(question));
    last = answer.catch(() => undefined);
    return answer;
  };
}
