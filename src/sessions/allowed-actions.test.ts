import { aSession } from './testing/session.ts';
import { expect, test } from 'vitest';
import { type Act, acts, allowedActions, whyNotAllowed, whyReasonGone } from './allowed-actions.ts';
import { sessionStates } from './state.ts';

test('a listener can have nothing done to it', () => {
  expect(acts.filter((act) => whyNotAllowed(act, aSession({ id: 1, state: 'listen' })) === null)).toEqual([]);
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
