import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { toHex } from '../crypto/testing/vectors.ts';
import { decodeAuthenticateMessage, encodeAuthenticateMessage } from './authenticate-message.ts';
import { decodeChallengeMessage, encodeChallengeMessage } from './challenge-message.ts';
import { NtlmClient } from './client.ts';
import { ntowfv1 } from './keys.ts';
import { type NegotiateFlag, negotiateFlags } from './negotiate-flags.ts';
import { decodeNtlmv2Response } from './ntlmv2-response.ts';
import { NtlmServer } from './server.ts';
import { type Between, clientFacts, logOn, serverFacts } from './testing/logon.ts';
import { specified, traced, tracedMessages } from './testing/vectors.ts';
import { verifyAuthenticate } from './verify.ts';
import { runs } from '../testing/runs.ts';

const complaint = (act: () => unknown): string => {
  try {
    act();
    return 'nothing';
  } catch (error) {
    return error instanceof UsherError ? `${error.code}: ${error.message}` : String(error);
  }
};

test("the logon of Windows' trace is verified, its MIC too", () => {
  const secrets = { ntHash: ntowfv1(traced.credentials.password), channelBindings: null };
  const logon = verifyAuthenticate(tracedMessages, secrets);
  expect(logon).toMatchObject({
    user: 'administrator',
    domain: 'SUT311',
    workstation: 'DRIVER311',
    targetName: 'cifs/SUT311',
    micProvided: true,
  });
  expect(toHex(logon.exportedSessionKey)).toBe(toHex(traced.ntlm.ExportedSessionKey));
});

test('the example of [MS-NLMP] 4.2.4, which has no MIC, is verified', () => {
  const messages = {
    negotiate: new Uint8Array(),
    challenge: specified.CHALLENGE_MESSAGE,
    authenticate: specified.AUTHENTICATE_MESSAGE,
  };
  const logon = verifyAuthenticate(messages, { ntHash: specified.NTOWFv1, channelBindings: null });
  expect(logon).toMatchObject({ user: 'User', micProvided: false, targetName: null });
  expect(toHex(logon.exportedSessionKey)).toBe(toHex(specified.inputs.random_session_key));
});

test('both sides end with the same key, and the server knows who it is', () => {
  const { server, clientContext, serverContext } = logOn();
  expect(server.logon).toMatchObject({
    user: 'zoë',
    domain: 'CORP',
    workstation: 'ADMIN7',
    targetName: 'cifs/rds1',
    micProvided: true,
  });
  expect(toHex(serverContext.sessionKey)).toBe(toHex(clientFacts.exportedSessionKey));
  serverContext.verify(clientContext.sign(new Uint8Array(3)), new Uint8Array(3));
});

test('names of any script and length are logged on with', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(name, fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (user, domain, workstation) => {
      const { server } = logOn({ user, domain, workstation }, { ntHashOf: () => clientFacts.ntHash });
      expect(server.logon).toMatchObject({ user, domain, workstation });
    }),
  );
});

test("the client sends the server's time, its MIC, and no LM response", () => {
  let seen = new Uint8Array();
  logOn({}, {}, { authenticate: (bytes) => (seen = new Uint8Array(bytes)) });
  const message = decodeAuthenticateMessage(seen);
  const response = decodeNtlmv2Response(message.ntChallengeResponse);
  expect(response.timeStamp).toBe(serverFacts.time);
  expect(toHex(message.lmChallengeResponse)).toBe('00'.repeat(24));
  expect(response.avPairs.map(({ avId }) => avId)).toEqual([2, 1, 4, 3, 7, 6, 10, 9]);
});

test('the channel around the logon is part of its proof', () => {
  const channelBindings = new TextEncoder().encode('tls-server-end-point:abc');
  expect(logOn({ channelBindings }, { channelBindings }).server.logon?.user).toBe('zoë');
  const elsewhere = { channelBindings: new Uint8Array(20) };
  expect(complaint(() => logOn({ channelBindings }, elsewhere))).toBe(
    'logon_failed: NTLM refused the logon: the client is bound to another channel',
  );
  expect(complaint(() => logOn({}, elsewhere))).toContain('another channel');
});

test('another password, or an account that does not exist, is logon_failed', () => {
  expect(complaint(() => logOn({ ntHash: ntowfv1('Geheim') }))).toBe(
    'logon_failed: NTLM refused the logon: the password is another',
  );
  expect(complaint(() => logOn({ user: 'bob' }))).toBe(
    'logon_failed: NTLM refused the logon: there is no such account',
  );
});

const without =
  (...names: readonly NegotiateFlag[]) =>
  (bytes: Uint8Array): Uint8Array => {
    const message = decodeChallengeMessage(bytes);
    const lacking = names.reduce((flags, name) => flags | negotiateFlags[name], 0);
    return encodeChallengeMessage({ ...message, negotiateFlags: (message.negotiateFlags & ~lacking) >>> 0 });
  };

test.each<[NegotiateFlag, string]>([
  ['unicode', 'Unicode'],
  ['sign', 'signing'],
  ['seal', 'sealing'],
  ['extendedSessionSecurity', 'extended session security'],
  ['targetInfo', 'the target information that NTLMv2 needs'],
  ['strength128', '128-bit keys'],
  ['keyExchange', 'key exchange'],
])('a server without %s is refused before anything is proven to it', (name, title) => {
  expect(complaint(() => logOn({}, {}, { challenge: without(name) }))).toBe(
    `unsupported: the host's NTLM is too weak: it does not offer ${title}`,
  );
});

test('a server that does not tell who it is is refused', () => {
  const telling =
    (avIds: readonly number[] | null) =>
    (bytes: Uint8Array): Uint8Array => {
      const message = decodeChallengeMessage(bytes);
      const told = avIds === null ? null : (message.targetInfo ?? []).filter(({ avId }) => avIds.includes(avId));
      return encodeChallengeMessage({ ...message, targetInfo: told });
    };
  expect(complaint(() => logOn({}, {}, { challenge: telling(null) }))).toContain('tells nothing of itself');
  expect(complaint(() => logOn({}, {}, { challenge: telling([1, 7]) }))).toContain("its domain's name");
  expect(complaint(() => logOn({}, {}, { challenge: telling([2, 7]) }))).toContain("its domain's name");
});

test('a client that is too weak, or without NTLMv2, is refused', () => {
  const weaker = (change: (flags: number) => number): Between => ({
    negotiate: (bytes) => {
      const changed = bytes.slice();
      const view = new DataView(changed.buffer);
      view.setUint32(12, change(view.getUint32(12, true)), true);
      return changed;
    },
  });
  expect(
    complaint(() =>
      logOn(
        {},
        {},
        weaker(() => 1),
      ),
    ),
  ).toBe(
    'logon_failed: NTLM refused the logon: the client does not offer signing, extended session security, 128-bit keys, key exchange',
  );
  const changed = (change: object): Between => ({
    authenticate: (bytes) => encodeAuthenticateMessage({ ...decodeAuthenticateMessage(bytes), ...change }),
  });
  expect(complaint(() => logOn({}, {}, changed({ ntChallengeResponse: new Uint8Array(24) })))).toContain(
    'the client sent no NTLMv2 response',
  );
  expect(complaint(() => logOn({}, {}, changed({ negotiateFlags: 1 })))).toContain('the client did without signing');
  expect(complaint(() => logOn({}, {}, changed({ encryptedRandomSessionKey: new Uint8Array() })))).toContain(
    'no key of 16 bytes',
  );
  expect(complaint(() => logOn({}, {}, changed({ mic: null })))).toContain('message integrity code');
});

test('whichever byte of a message is changed on its way, the logon fails', () => {
  const flip =
    (at: number, bit: number) =>
    (bytes: Uint8Array): Uint8Array =>
      bytes.map((byte, index) => (index === at % bytes.length ? byte ^ (1 << bit) : byte));
  const message = fc.constantFrom('negotiate', 'challenge', 'authenticate');
  fc.assert(
    fc.property(message, fc.nat(), fc.nat(7), (name, at, bit) => {
      expect(complaint(() => logOn({}, {}, { [name]: flip(at, bit) }))).toMatch(
        /^(logon_failed|bad_answer|unsupported): /,
      );
    }),
    { numRuns: runs(2000) },
  );
});

test('a step after the end is refused, and a MIC before it is a defect', () => {
  const { client, server } = logOn();
  expect(complaint(() => client.step(new Uint8Array()))).toContain('bad_answer: the host went on');
  expect(complaint(() => server.step(new Uint8Array()))).toContain('bad_answer: the client went on');
  expect(() => new NtlmClient(clientFacts).signMechTypes(new Uint8Array())).toThrow(TypeError);
  expect(() => new NtlmServer(serverFacts).verifyMechTypes(new Uint8Array(), new Uint8Array())).toThrow(TypeError);
});

test('any bytes in place of a message are a typed error on both sides', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(complaint(() => new NtlmClient(clientFacts).step(bytes))).toMatch(/^bad_answer: /);
      expect(complaint(() => new NtlmServer(serverFacts).step(bytes))).toMatch(/^bad_answer: /);
    }),
  );
});
