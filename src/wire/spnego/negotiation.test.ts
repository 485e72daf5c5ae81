import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { toHex } from '../crypto/testing/vectors.ts';
import { NtlmClient } from '../ntlm/client.ts';
import { NtlmServer } from '../ntlm/server.ts';
import { NtlmSessionSecurity } from '../ntlm/session-security.ts';
import { ntlmMechType } from '../ntlm/mech-type.ts';
import { ntowfv1 } from '../ntlm/keys.ts';
import { clientFacts, serverFacts } from '../ntlm/testing/logon.ts';
import { traced, tracedMessages, tracedTokens } from '../ntlm/testing/vectors.ts';
import type { MechanismExchange, SecurityMechanism } from '../security/mechanism.ts';
import { SpnegoAcceptor } from './acceptor.ts';
import { SpnegoInitiator } from './initiator.ts';
import { decodeNegTokenInit2, encodeNegTokenInit2 } from './neg-token-init2.ts';
import { decodeNegTokenResp, encodeNegTokenResp, type NegTokenResp } from './neg-token-resp.ts';
import { Scripted } from './testing/scripted.ts';

const kerberos = '1.2.840.48018.1.2.2';
const none = new Uint8Array();
const silent = { reqFlags: null, mechToken: null, negHints: null, mechListMIC: null };

const complaint = (act: () => unknown): string => {
  try {
    act();
    return 'nothing';
  } catch (error) {
    return error instanceof UsherError ? `${error.code}: ${error.message}` : String(error);
  }
};

/** NTLM that says what it said in the trace, with the security that it led to. */
function tracedMechanism(role: 'client' | 'server'): SecurityMechanism {
  const security = new NtlmSessionSecurity(role, traced.ntlm.ExportedSessionKey);
  let steps = 0;
  return {
    mechType: ntlmMechType,
    start: () => tracedMessages.negotiate,
    step() {
      steps++;
      if (role === 'client') return { token: tracedMessages.authenticate, context: security };
      return steps === 1 ? { token: tracedMessages.challenge, context: null } : { token: null, context: security };
    },
    signMechTypes: (mechTypes) => security.signMechTypes(mechTypes),
    verifyMechTypes: (mechTypes, mic) => security.verifyMechTypes(mechTypes, mic),
  };
}

test("the initiator's tokens are those of Windows' trace, and it takes its answers", () => {
  const initiator = new SpnegoInitiator([tracedMechanism('client')]);
  expect(toHex(initiator.start())).toBe(toHex(tracedTokens.negTokenInit));
  expect(toHex(initiator.step(tracedTokens.first).token)).toBe(toHex(tracedTokens.second));
  const { token, context } = initiator.step(tracedTokens.last);
  expect([token, toHex(context?.sessionKey ?? null)]).toEqual([null, toHex(traced.ntlm.ExportedSessionKey)]);
});

test.each([
  ['an empty hint', none],
  ["the hint of Windows' trace", tracedTokens.negTokenInit2],
  ['a hint that names nothing', encodeNegTokenInit2({ ...silent, mechTypes: null })],
])('the first token is the same with %s', (_, hint) => {
  const offer = (): SpnegoInitiator =>
    new SpnegoInitiator([new Scripted(kerberos, ['ap-req']), tracedMechanism('client')]);
  expect(toHex(offer().start(hint))).toBe(toHex(offer().start()));
});

test('a host that has none of the mechanisms is unsupported', () => {
  const hint = encodeNegTokenInit2({ ...silent, mechTypes: [kerberos] });
  expect(complaint(() => new SpnegoInitiator([tracedMechanism('client')]).start(hint))).toBe(
    `unsupported: the host logs nobody on by ${ntlmMechType}, but by ${kerberos}`,
  );
});

test("the acceptor's tokens are those of Windows' trace", () => {
  const acceptor = new SpnegoAcceptor([tracedMechanism('server')]);
  expect(toHex(acceptor.step(tracedTokens.negTokenInit).token)).toBe(toHex(tracedTokens.first));
  const { token, context } = acceptor.step(tracedTokens.second);
  expect(toHex(token)).toBe(toHex(tracedTokens.last));
  expect(toHex(context?.sessionKey ?? null)).toBe(toHex(traced.ntlm.ExportedSessionKey));
});

/** Both sides until both are done. */
function negotiate(
  initiator: readonly [SecurityMechanism, ...SecurityMechanism[]],
  acceptor: readonly MechanismExchange[],
): readonly string[] {
  const client = new SpnegoInitiator(initiator);
  const server = new SpnegoAcceptor(acceptor);
  const states: string[] = [];
  let token = client.start();
  for (let round = 0; round < 8; round++) {
    const answer = server.step(token);
    states.push(decodeNegTokenResp(answer.token ?? none).negState ?? 'none');
    const step = client.step(answer.token ?? none);
    if (step.context !== null) return [...states, answer.context === null ? 'server is not done' : 'done'];
    token = step.token ?? none;
  }
  return [...states, 'no end'];
}

test('NTLM goes through, and its first message afterwards is opened', () => {
  const client = new SpnegoInitiator([new NtlmClient(clientFacts)]);
  const server = new SpnegoAcceptor([new NtlmServer(serverFacts)]);
  const authenticate = client.step(server.step(client.start()).token ?? none).token ?? none;
  const { token, context: serverContext } = server.step(authenticate);
  const { context: clientContext } = client.step(token ?? none);
  const made = clientContext?.seal(new Uint8Array([1, 2, 3])) ?? { sealed: none, signature: none };
  expect(serverContext?.unseal(made)).toEqual(new Uint8Array([1, 2, 3]));
  expect(toHex(made.signature.subarray(12))).toBe('01000000');
  const back = serverContext?.sign(made.sealed) ?? none;
  expect(complaint(() => clientContext?.verify(back, made.sealed))).toBe('nothing');
});

test('another password is logon_failed through SPNEGO too', () => {
  const client = new NtlmClient({ ...clientFacts, ntHash: ntowfv1('other') });
  expect(complaint(() => negotiate([client], [new NtlmServer(serverFacts)]))).toContain('logon_failed: NTLM refused');
});

test('a mechanism of one round ends without a list proof, where it is the best of both', () => {
  const client = new Scripted(kerberos, ['ap-req', null]);
  const server = new Scripted(kerberos, ['ap-rep']);
  expect(negotiate([client, new NtlmClient(clientFacts)], [server])).toEqual(['accept-completed', 'done']);
  expect([client.heard, server.heard]).toEqual([['ap-rep'], ['ap-req']]);
});

test('an acceptor without the best mechanism takes the next, and both prove the list', () => {
  const states = negotiate(
    [new Scripted(kerberos, ['ap-req', null]), new NtlmClient(clientFacts)],
    [new NtlmServer(serverFacts)],
  );
  expect(states).toEqual(['request-mic', 'accept-incomplete', 'accept-completed', 'done']);
});

test('a mechanism of one round that is second best proves the list in a round of its own', () => {
  const client = new Scripted(kerberos, ['ap-req', null]);
  const server = new Scripted(kerberos, ['ap-rep']);
  expect(negotiate([new NtlmClient(clientFacts), client], [server])).toEqual([
    'request-mic',
    'request-mic',
    'accept-completed',
    'done',
  ]);
  expect([client.heard, server.heard]).toEqual([
    ['ap-rep', `mic of ${kerberos}`],
    ['ap-req', `mic of ${kerberos}`],
  ]);
});

test("a host's hint tells its mechanisms", () => {
  const hint = new SpnegoAcceptor([new NtlmServer(serverFacts)]).hint();
  expect(decodeNegTokenInit2(hint)).toMatchObject({
    mechTypes: [ntlmMechType],
    negHints: { hintName: 'not_defined_in_RFC4178@please_ignore' },
  });
});

const said = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

test.each<[string, readonly Partial<NegTokenResp>[], string]>([
  ['rejects', [{ negState: 'reject' }], 'logon_failed: the host refused the logon (SPNEGO reject)'],
  ['chooses nothing', [{ negState: 'accept-incomplete', responseToken: said('b') }], 'it chose no mechanism'],
  ['chooses what was not offered', [{ supportedMech: '1.2.3' }], 'it chose 1.2.3, which was not offered'],
  ['answers for another', [{ supportedMech: '1.3.9', responseToken: said('b') }], '1.3.9, which had not begun'],
  ['ends before the logon does', [{ supportedMech: '1.3.8', negState: 'accept-completed' }], 'ended before the logon'],
  [
    'ends while there is more to say',
    [{ supportedMech: '1.3.8', negState: 'accept-completed', responseToken: said('b') }],
    'it ended before the logon was finished',
  ],
  ['says nothing', [{ supportedMech: '1.3.8', negState: 'accept-incomplete' }], 'it neither went on nor ended'],
  ['proves its list at once', [{ supportedMech: '1.3.8', mechListMIC: said('m') }], 'before the logon was finished'],
  [
    'does not prove its list',
    [{ supportedMech: '1.3.8', responseToken: said('b') }, { negState: 'accept-completed' }],
    'it did not prove which mechanisms it was offered',
  ],
  [
    'goes on after the mechanism ended',
    [{ supportedMech: '1.3.8', responseToken: said('b') }, { responseToken: said('d') }],
    'its mechanism went on after its end',
  ],
  [
    'goes on after its end',
    [
      { supportedMech: '1.3.8', responseToken: said('b') },
      { negState: 'accept-completed', mechListMIC: said('m') },
      { negState: 'accept-completed' },
    ],
    'it went on after its end',
  ],
])('a host that %s is refused', (_, responses, expected) => {
  const initiator = new SpnegoInitiator([new Scripted('1.3.8', ['a', 'c']), new Scripted('1.3.9', ['x'])]);
  initiator.start();
  expect(complaint(() => responses.map((response) => initiator.step(encodeNegTokenResp(response))))).toContain(
    expected,
  );
});

test('a list that was changed on its way is found out', () => {
  const initiator = new SpnegoInitiator([new Scripted(kerberos, ['x', null]), new NtlmClient(clientFacts)]);
  const acceptor = new SpnegoAcceptor([new NtlmServer(serverFacts)]);
  initiator.start();
  const onlyNtlm = new SpnegoInitiator([new NtlmClient(clientFacts)]).start();
  const challenge = decodeNegTokenResp(acceptor.step(onlyNtlm).token ?? none);
  const begun = initiator.step(encodeNegTokenResp({ supportedMech: ntlmMechType, negState: 'accept-incomplete' }));
  expect(begun.context).toBeNull();
  const authenticate = initiator.step(encodeNegTokenResp({ responseToken: challenge.responseToken })).token ?? none;
  expect(complaint(() => acceptor.step(authenticate))).toContain(
    "bad_answer: a message's NTLM signature does not belong",
  );
});

test('an acceptor refuses what makes no sense', () => {
  const acceptor = (): SpnegoAcceptor => new SpnegoAcceptor([new Scripted('1.3.8', ['b', null])]);
  const only = (mechType: string): Uint8Array => new SpnegoInitiator([new Scripted(mechType, ['a'])]).start();
  expect(complaint(() => acceptor().step(only('1.3.7')))).toBe(
    'logon_failed: the client offers no mechanism that is known here',
  );
  const second = (response: Partial<NegTokenResp>): string =>
    complaint(() => {
      const one = acceptor();
      one.step(only('1.3.8'));
      one.step(encodeNegTokenResp(response));
      one.step(encodeNegTokenResp(response));
    });
  expect(second({ negState: 'reject' })).toContain('it gave up');
  expect(second({})).toContain('its mechanism is not finished');
  expect(second({ responseToken: said('c') })).toContain('it went on after its end');
});

test('any bytes in place of a token are bad_answer on both sides', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(complaint(() => new SpnegoInitiator([new NtlmClient(clientFacts)]).step(bytes))).toMatch(/^bad_answer: /);
      expect(complaint(() => new SpnegoAcceptor([new NtlmServer(serverFacts)]).step(bytes))).toMatch(/^bad_answer: /);
    }),
  );
});
