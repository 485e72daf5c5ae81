import { aSession } from './testing/session.ts';
import { expect, test } from 'vitest';
import { type Act, acts, allowedActions, whyNotAllowed, whyReasonGone } from './allowed-actions.ts';
import type { SessionIdentity } from './identity.ts';
import { sessionStates } from './state.ts';

test('a listener can have nothing done to it', () => {
  expect(acts.filter((act) => whyNotAllowed(act, aSession({ id: 1, state: 'listen' })) === null)).toEqual([]);
});

test.each(['services', 'listener'] as const)('%s can have nothing done to it in any state', (kind) => {
  const allowed = sessionStates.flatMap((state) =>
    acts.filter((act) => whyNotAllowed(act, aSession({ id: 1, kind, state })) === null),
  );
  expect(allowed).toEqual([]);
});

const atWindows: SessionIdentity = {
  kind: 'windows-winlogon',
  host: 'ts1',
  boot: '1',
  sessionId: 1,
  pid: 612,
  startTime: '2',
};

test('a session of a Windows host can be connected to, one of an xrdp host goes to its user', () => {
  const session = aSession({ id: 1, state: 'disconnected' });
  expect(whyNotAllowed('connect', { ...session, identity: atWindows })).toBeNull();
  expect(whyNotAllowed('connect', session)).toMatch(/whoever logs on as its user/);
});

test('a console that nobody is logged on to can be reset, and neither logged off nor ended', () => {
  const console = aSession({ id: 1, kind: 'console', state: 'connected', identity: atWindows });
  const allowed = (act: Act): boolean => whyNotAllowed(act, console) === null;
  expect([allowed('reset'), allowed('logoff'), allowed('end')]).toEqual([true, false, false]);
});

test('a user at the console is treated like any other', () => {
  const session = aSession({ id: 1, state: 'active', protocol: 'console', identity: atWindows });
  expect(acts.filter((act) => whyNotAllowed(act, session) !== null)).toEqual([]);
});

test('an act is refused with the state and the reason', () => {
  expect(whyNotAllowed('disconnect', aSession({ id: 1, state: 'disconnected' }))).toBe(
    'the session is disconnected: no client is connected',
  );
});

test.each<[Act, string[]]>([
  ['disconnect', ['active', 'connected', 'connect-query', 'shadow', 'idle']],
  ['logoff', ['active', 'shadow', 'idle', 'disconnected']],
  ['unfreeze', ['active', 'shadow', 'idle']],
])('%s makes sense in %j alone', (act, states) => {
  expect(sessionStates.filter((state) => whyNotAllowed(act, aSession({ id: 1, state })) === null).toSorted()).toEqual(
    states.toSorted(),
  );
});

test('a session that hangs in any state but listening can be ended by force', () => {
  const forceful: Act[] = ['reset', 'kill-logon', 'kill-all', 'end'];
  for (const act of forceful)
    expect(allowedActions[act].states).toEqual(expect.arrayContaining(['down', 'init', 'reset']));
});

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const reason = { state: 'disconnected', lastInputAt: at('2026-11-22T10:00:00Z') } as const;

test('a reason holds while state and last input stay', () => {
  expect(whyReasonGone(reason, { state: 'disconnected', lastInputAt: at('2026-11-22T10:00:00.4Z') })).toBeNull();
});

test('a reconnect takes the reason away', () => {
  expect(whyReasonGone(reason, { state: 'active', lastInputAt: reason.lastInputAt })).toBe(
    'it was disconnected, it is active now',
  );
});

test('new input takes the reason away', () => {
  expect(whyReasonGone(reason, { state: 'disconnected', lastInputAt: at('2026-11-22T10:07:00Z') })).toBe(
    'its user came back at 2026-11-22T10:07:00Z',
  );
});

test('an unknown last input takes nothing away', () => {
  expect(whyReasonGone(reason, { state: 'disconnected', lastInputAt: null })).toBeNull();
});
