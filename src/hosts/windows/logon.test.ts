import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseHostUrl } from '../../sessions/host.ts';
import { ntowfv1 } from '../../wire/ntlm/keys.ts';
import { NtlmServer } from '../../wire/ntlm/server.ts';
import { serverFacts } from '../../wire/ntlm/testing/logon.ts';
import { SpnegoAcceptor } from '../../wire/spnego/acceptor.ts';
import { type Credential, Secret } from '../credential.ts';
import { accountOf, initiatorFor, type LogonSurroundings } from './logon.ts';
import { nowInstant } from './testing/facts.ts';

const secret = 'correct horse';

function credential(changes: Partial<Credential> = {}): Credential {
  return {
    user: null,
    identityFiles: [],
    password: async () => new Secret(secret),
    passphrase: async () => null,
    sudoPassword: async () => null,
    ...changes,
  };
}

const host = (url: string) => ({ name: 'wh1', url: parseHostUrl(url) });

describe('whoever logs on is', () => {
  test.each([
    [String.raw`windows://CORP\alice@wh1`, null, 'CORP', 'alice'],
    ['windows://alice@wh1', null, '', 'alice'],
    ['windows://alice%40corp.example@wh1', null, '', 'alice@corp.example'],
    [String.raw`windows://CORP\alice@wh1`, String.raw`OTHER\bob`, 'CORP', 'alice'],
    ['windows://wh1', String.raw`CORP\bob`, 'CORP', 'bob'],
    ['windows://wh1', 'bob', '', 'bob'],
    ['windows://wh1', String.raw`.\bob`, '.', 'bob'],
  ])('of %s with the credential of %s: %s, %s', async (url, named, domain, user) => {
    expect(await accountOf(host(url), credential({ user: named }))).toEqual({ domain, user, ntHash: ntowfv1(secret) });
  });
});

test('the password is asked for with the whole name of the account', async () => {
  const asked: string[] = [];
  const password = async (_host: unknown, user: string): Promise<Secret> => {
    asked.push(user);
    return new Secret(secret);
  };
  await accountOf(host(String.raw`windows://CORP\alice@wh1`), credential({ password }));
  await accountOf(host('windows://alice@wh1'), credential({ password }));
  expect(asked).toEqual([String.raw`CORP\alice`, 'alice']);
});

test('nobody logs on whom nobody names', async () => {
  await expect(accountOf(host('windows://wh1'), credential())).rejects.toMatchObject({ code: 'no_credential' });
});

test('without a password nobody logs on, and the error says who', async () => {
  const none = credential({ user: String.raw`CORP\bob`, password: async () => null });
  await expect(accountOf(host('windows://wh1'), none)).rejects.toMatchObject({
    code: 'no_credential',
    message: String.raw`there is no password for CORP\bob`,
  });
});

const surroundings: LogonSurroundings = {
  machine: 'ADMIN7',
  now: () => nowInstant,
  random: (count) => new Uint8Array(count).fill(0x33),
};

/** How a logon of this account ends at a server of CORP\zoë. */
async function logOnTo(acceptor: SpnegoAcceptor, password: string): Promise<unknown> {
  const account = await accountOf(
    host(`windows://CORP%5Czo%C3%AB@wh1`),
    credential({ password: async () => new Secret(password) }),
  );
  const initiator = initiatorFor(account, 'cifs/wh1', surroundings);
  let said = initiator.start(new Uint8Array());
  for (let leg = 0; leg < 4; leg++) {
    const { token: heard, context: served } = acceptor.step(said);
    const { token, context } = heard === null ? { token: null, context: null } : initiator.step(heard);
    if (context !== null && (served !== null || token === null)) return context.sessionKey.length;
    said = token ?? new Uint8Array();
  }
  return 'never';
}

test('a logon with the right password comes to a key', async () => {
  expect(await logOnTo(new SpnegoAcceptor([new NtlmServer(serverFacts)]), 'geheim')).toBe(16);
});

test('neither the password nor its hash is in the error of a logon that fails', async () => {
  const failure: unknown = await logOnTo(new SpnegoAcceptor([new NtlmServer(serverFacts)]), secret).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: 'logon_failed' });
  const text = inspect(failure, { depth: 20, showHidden: true });
  expect(text).not.toContain(secret);
  expect(text).not.toContain(Buffer.from(ntowfv1(secret)).toString('hex'));
});
