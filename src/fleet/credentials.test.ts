import { expect, test } from 'vitest';
import { Secret } from '../hosts/credential.ts';
import { parseHostUrl } from '../sessions/host.ts';
import { createSecrets, type Offer, type SecretSources } from './credentials.ts';
import { aCredential, aHost } from './testing/inventory.ts';

const credential = aCredential('ops', { passwordFile: '/ops', passwordEnv: 'OPS', user: 'ops' });

function sources(given: Partial<SecretSources>): SecretSources {
  const readFile = async (file: string): Promise<Secret> => new Secret(`in ${file}`);
  return { env: {}, passwordFile: null, identityFiles: [], ask: null, readFile, ...given };
}

async function passwordWith(given: Partial<SecretSources>, host = aHost('xh1')): Promise<string | undefined> {
  return (await createSecrets(sources(given))(host).password(host, 'root'))?.secret.reveal();
}

const everything = { passwordFile: '/opt', env: { USHER_PASSWORD: 'env', OPS: 'ops' }, ask: async () => 'typed' };

test.each([
  ['--password-file before all', everything, '/ops', 'in /opt'],
  ["the credential's file", { ...everything, passwordFile: null }, '/ops', 'in /ops'],
  ["the credential's variable", { ...everything, passwordFile: null }, null, 'ops'],
])('%s', async (_what, given, passwordFile, expected) => {
  expect(await passwordWith(given, aHost('xh1', { credential: { ...credential, passwordFile } }))).toBe(expected);
});

test('USHER_PASSWORD before a question', async () => {
  expect(await passwordWith({ ...everything, passwordFile: null })).toBe('env');
});

test('a question last', async () => {
  expect(await passwordWith({ ask: async () => 'typed' })).toBe('typed');
});

test('none without a terminal', async () => {
  expect(await passwordWith({})).toBeUndefined();
});

test('none where the person answers nothing', async () => {
  expect(await passwordWith({ ask: async () => '' })).toBeUndefined();
});

test('a variable that the inventory names must be set', async () => {
  const host = aHost('xh1', { credential: aCredential('ops', { passwordEnv: 'OPS' }) });
  await expect(passwordWith({}, host)).rejects.toMatchObject({ code: 'no_credential' });
});

test('a person is asked once for an account, however many hosts ask at once', async () => {
  const questions: string[] = [];
  const secretsOf = createSecrets(sources({ ask: async (question) => questions.push(question).toString() }));
  const hosts = [aHost('xh1'), aHost('xh2'), aHost('xh3')];
  const answers = await Promise.all(hosts.map((host) => secretsOf(host).password(host, 'root')));
  expect(questions).toEqual(['xh1 asks for the password of root: ']);
  expect(new Set(answers.map((offer) => offer?.account)).size).toBe(1);
});

test('one question waits for the answer to the one before', async () => {
  const events: string[] = [];
  const ask = async (question: string): Promise<string> => {
    events.push(question.slice(0, 10));
    await Promise.resolve();
    events.push('answered');
    return 'typed';
  };
  const secrets = createSecrets(sources({ ask }))(aHost('xh1'));
  await Promise.all([secrets.passphrase('/key'), secrets.password(aHost('xh1'), 'root')]);
  expect(events).toEqual(['Passphrase', 'answered', 'xh1 asks f', 'answered']);
});

/** What is offered to these accounts, each named by its host's URL and the user as the driver says it. */
async function offersTo(accounts: readonly (readonly [string, string])[]): Promise<(Offer | null)[]> {
  const secretsOf = createSecrets(sources({ env: { USHER_PASSWORD: 'x' } }));
  return Promise.all(
    accounts.map(([url, user]) => {
      const host = aHost('h', { url: parseHostUrl(url) });
      return secretsOf(host).password(host, user);
    }),
  );
}

type Account = readonly [string, string];

test.each<[string, Account, Account]>([
  ['case', ['windows://h', 'bob'], ['ssh://h', 'BOB']],
  ['domain', ['windows://h', 'CORP\\bob'], ['ssh://h', 'bob']],
  ['form', ['windows://h', 'bob@corp.example'], ['windows://h', 'bob']],
  ['protocol', ['windows://h', 'bob'], ['ssh://h', 'bob']],
])('accounts that differ only in %s are namesakes, but not one account', async (_what, ...pair) => {
  const [one, other] = await offersTo(pair);
  expect(one?.namesakes).toBe(other?.namesakes);
  expect(one?.account).not.toBe(other?.account);
});

test.each<[string, Account, Account]>([
  ['SSH hosts', ['ssh://g', 'bob'], ['ssh://h', 'bob']],
  ['Windows hosts of a domain', ['windows://g', 'CORP\\bob'], ['windows://h', 'corp\\Bob']],
  [
    'Windows hosts by a name of the whole forest',
    ['windows://g', 'bob@corp.example'],
    ['windows://h', 'bob@CORP.example'],
  ],
  ["ways to name a Windows host's own", ['windows://h', 'bob'], ['windows://H', '.\\bob']],
])('one account is over all %s', async (_what, ...pair) => {
  const [one, other] = await offersTo(pair);
  expect(one?.account).toBe(other?.account);
});

test("a Windows host's own account is not another one's", async () => {
  const [one, other] = await offersTo([
    ['windows://g', 'bob'],
    ['windows://h', 'bob'],
  ]);
  expect(one?.account).not.toBe(other?.account);
});

test('other users are other accounts, and no namesakes', async () => {
  const [bob, rob] = await offersTo([
    ['windows://h', 'bob'],
    ['windows://h', 'rob'],
  ]);
  expect(bob?.account).not.toBe(rob?.account);
  expect(bob?.namesakes).not.toBe(rob?.namesakes);
});

test('no secret is in what is logged', async () => {
  const host = aHost('xh1');
  const offer = await createSecrets(sources({ env: { USHER_PASSWORD: 'hunter2' } }))(host).password(host, 'root');
  expect(JSON.stringify(offer)).not.toContain('hunter2');
});

test("identity files of the command line come before the credential's", () => {
  const host = aHost('xh1', { credential: aCredential('ops', { identityFiles: ['/b'] }) });
  expect(createSecrets(sources({ identityFiles: ['/a'] }))(host).identityFiles).toEqual(['/a', '/b']);
});
