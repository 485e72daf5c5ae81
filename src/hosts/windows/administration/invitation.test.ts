import { describe, expect, test, vi } from 'vitest';
import { shadow2 } from '../../../wire/ms-tsts/sess-env-public-rpc/shadow2.ts';
import { getState } from '../../../wire/ms-tsts/term-srv-session/get-state.ts';
import { getTimes } from '../../../wire/ms-tsts/term-srv-session/get-times.ts';
import { getUserName } from '../../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { openSession } from '../../../wire/ms-tsts/term-srv-session/open-session.ts';
import { echo } from '../../../wire/smb/messages/echo.ts';
import type { Handler } from '../../../wire/smb/testing/server.ts';
import type { ActTarget } from '../../act.ts';
import { administer } from '../testing/administered.ts';
import { readingOf } from '../sessions.ts';
import { ago, alice, hostFacts } from '../testing/facts.ts';
import { type Answer, answer, type LoopbackHost } from '../testing/host.ts';
import { never } from '../testing/reading.ts';

const facts = hostFacts({ sessions: [alice] });
const [read] = readingOf('wh1', facts, null).sessions;
if (read === undefined || read.identity.kind === 'xrdp') throw new Error('alice is logged on to a Windows host');
const { identity } = read;
const target: ActTarget = {
  identity,
  id: alice.id,
  reason: { state: 'active', lastInputAt: null },
  traces: [],
};
const asking = { control: true, ask: true };
const text = '<E><A KH="k" ID="i"/><C><T ID="1" SID="0"><L P="49152" N="192.0.2.1"/></T></C></E>';

interface Now {
  readonly logon?: bigint;
  readonly state?: number;
  readonly response?: number;
  readonly result?: number;
  readonly text?: string;
}

/** What a host says of alice's session, and to who wants to see it. */
function saying({ logon = ago(7200), state = 0, response = 0, result = 0, text: told = text }: Now = {}) {
  const asked: unknown[] = [];
  const answers: readonly Answer[] = [
    answer(getTimes, () => ({ pConnectTime: 0n, pDisconnectTime: 0n, pLogonTime: logon, returnValue: 0 })),
    answer(getState, () => ({ plState: state, returnValue: 0 })),
    answer(shadow2, (request) => {
      asked.push(request);
      const pszInvitation = { maximum: request.cchInvitation, text: told };
      return { pePermission: response, pszInvitation, returnValue: result };
    }),
  ];
  return { asked, answers };
}

const shadowed = (server: LoopbackHost): boolean => server.calls.includes('RpcShadow2');

test.each([
  [{ control: true, ask: true }, 1, 1],
  [{ control: false, ask: true }, 0, 1],
  [{ control: true, ask: false }, 1, 0],
  [{ control: false, ask: false }, 0, 0],
])('an invitation for %j is asked for as %i and %i', async (request, eRequestControl, eRequestPermission) => {
  const { asked, answers } = saying();
  const { administration } = await administer(answers);
  expect(await administration.invitation(target, request, never)).toBe(text);
  expect(asked).toEqual([{ targetSessionId: 2, eRequestControl, eRequestPermission, cchInvitation: 8192 }]);
});

test('the session is held while it is shadowed, and let go', async () => {
  const { answers } = saying();
  const { server, administration } = await administer(answers);
  await administration.invitation(target, asking, never);
  expect(server.calls.slice(-6)).toEqual([
    'RpcOpenSession',
    'RpcGetTimes',
    'RpcGetUserName',
    'RpcGetState',
    'RpcShadow2',
    'RpcCloseSession',
  ]);
});

describe('nobody is asked where the session', () => {
  test.each<[string, readonly Answer[]]>([
    ['is of a later logon', saying({ logon: ago(5) }).answers],
    ['is disconnected by now', saying({ state: 4 }).answers],
    [
      'is of another user',
      [...saying().answers, answer(getUserName, () => ({ pszUserName: 'bob', pszDomain: 'CORP', returnValue: 0 }))],
    ],
    [
      'is not there',
      [
        ...saying().answers,
        answer(openSession, () => ({
          phSession: { attributes: 0, uuid: '00000000-0000-0000-0000-000000000000' },
          returnValue: 0x8007_1b6e | 0,
        })),
      ],
    ],
  ])('%s: session_changed', async (_, answers) => {
    const { server, administration } = await administer(answers);
    await expect(administration.invitation(target, asking, never)).rejects.toMatchObject({
      code: 'session_changed',
      host: 'wh1',
    });
    expect(shadowed(server)).toBe(false);
  });

  test('is of another boot of the host: session_changed', async () => {
    const { server, administration } = await administer(saying().answers);
    const before = { ...target, identity: { ...identity, boot: '1' } };
    await expect(administration.invitation(before, asking, never)).rejects.toMatchObject({ code: 'session_changed' });
    expect(shadowed(server)).toBe(false);
  });

  test('has no user: not_allowed', async () => {
    const { server, administration } = await administer(saying().answers);
    const { boot } = identity;
    const nobody = { kind: 'windows-winlogon', host: 'wh1', boot, sessionId: 2, pid: 5, startTime: '1' } as const;
    await expect(administration.invitation({ ...target, identity: nobody }, asking, never)).rejects.toMatchObject({
      code: 'not_allowed',
    });
    expect(shadowed(server)).toBe(false);
  });
});

describe('a host that denies it', () => {
  test.each([
    [1, 'access_denied', 'the user said no'],
    [2, 'not_allowed', 'demands that the user be asked'],
    [3, 'not_allowed', 'forbids it'],
    [4, 'not_allowed', 'allows to look, not to control'],
    [5, 'not_allowed', 'allows to look once the user was asked'],
    [6, 'not_allowed', 'somebody else controls the session'],
    [9, 'bad_answer', 'the host answered 9'],
  ])('with %i is %s: %s', async (response, code, message) => {
    const { administration } = await administer(saying({ response, text: '' }).answers);
    await expect(administration.invitation(target, asking, never)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('because of a right is not told as the user who said no', async () => {
    const { administration } = await administer(saying({ response: 1, result: 0x8007_0005 | 0, text: '' }).answers);
    await expect(administration.invitation(target, asking, never)).rejects.toMatchObject({
      code: 'access_denied',
      message: expect.stringContaining('WINSTATION_SHADOW for session 2'),
    });
  });

  test('because of its policy says so, whatever code comes with it', async () => {
    const { administration } = await administer(saying({ response: 3, result: 0x8007_0005 | 0, text: '' }).answers);
    await expect(administration.invitation(target, asking, never)).rejects.toMatchObject({ code: 'not_allowed' });
  });

  test('not, and gives no invitation either, is a bad answer', async () => {
    const { administration } = await administer(saying({ text: '' }).answers);
    await expect(administration.invitation(target, asking, never)).rejects.toMatchObject({ code: 'bad_answer' });
  });
});

test('a host without the service of shadowing says how to start it', async () => {
  const { administration } = await administer(saying().answers, { missing: ['SessEnvPublicRpc'] });
  await expect(administration.invitation(target, asking, never)).rejects.toMatchObject({
    code: 'unsupported',
    hint: expect.stringContaining('Start-Service SessionEnv'),
  });
});

test('a host that falls silent while the user is asked is given up 45 seconds later', async () => {
  const unanswered = answer(shadow2, () => new Promise<never>(() => undefined));
  const isAsked = Promise.withResolvers<void>();
  const ignored: Handler = () => {
    isAsked.resolve();
    return [];
  };
  const { server, administration, timers } = await administer([...saying().answers, unanswered], {
    handlers: [[echo.code, ignored]],
  });
  const inviting = administration.invitation(target, asking, never);
  inviting.catch(() => undefined);
  await vi.waitUntil(() => shadowed(server));
  timers.pass(30_000);
  await isAsked.promise;
  timers.pass(15_000);
  await expect(inviting).rejects.toMatchObject({
    code: 'timeout',
    host: 'wh1',
    operation: 'inviting to a session',
    message: expect.stringContaining('said nothing for 15 s'),
  });
  expect(timers.pending).toBe(0);
});
