import { describe, expect, test } from 'vitest';
import type { ProcessFacts, SessionFacts } from './facts.ts';
import { ago, alice, disconnected, now, process, services, winlogon } from './testing/facts.ts';
import { troublesOf } from './troubles.ts';

function troubles(session: Partial<SessionFacts>, own: readonly ProcessFacts[] | null = [winlogon, process()]) {
  return troublesOf({ ...alice, ...session }, own, now).map(({ code, reason }) => `${code}: ${reason}`);
}

const times = (changes: Partial<NonNullable<SessionFacts['times']>>): Pick<SessionFacts, 'times'> => ({
  times: { connected: ago(3600), disconnected: 0n, loggedOn: ago(7200), lastInput: ago(600), ...changes },
});

test('a healthy session has none', () => {
  expect(troubles({})).toEqual([]);
  expect(troubles(disconnected)).toEqual([]);
});

test('a session that is down says so', () => {
  expect(troubles({ state: 8 })).toEqual(['down: its state is down: it failed to start, or does not end']);
});

describe('a disconnected session of nobody', () => {
  const ended = { state: 4, user: '', domain: '' };

  test('ends too long after a minute', () => {
    expect(troubles({ ...ended, ...times({ disconnected: ago(90) }) })).toEqual([
      'ending: nobody is logged on, and it has not ended for 1m 30s',
    ]);
  });

  test.each([
    ['a minute is not over', times({ disconnected: ago(59) })],
    ['nobody tells since when', { times: null }],
    ['its time is zero', times({ disconnected: 0n })],
    ['its time is a few hours after 1601', times({ disconnected: 108_000_000_000n })],
  ])('is not called so where %s', (_, changes) => {
    expect(troubles({ ...ended, ...changes })).toEqual([]);
  });
});

describe('a session without a process of its user', () => {
  test.each([
    ["where only Windows' own are left", [winlogon, process({ name: 'DWM.exe', sid: 'S-1-5-90-0-2' })]],
    ['where none is left', []],
    ['where a service account has one', [process({ name: 'agent.exe', sid: 'S-1-5-18' })]],
  ])('says so %s', (_, own) => {
    expect(troubles({}, own)).toEqual(['no-user-process: no process of its user is left']);
  });

  test.each([
    ['where processes are not told', {}, null],
    ['where nobody is logged on', { user: '' }, []],
    ['in the first minute after the logon', times({ loggedOn: ago(59) }), []],
    ["where the process' user is hidden", {}, [process({ sid: null })]],
  ])('does not say so %s', (_, changes, own) => {
    expect(troubles(changes, own)).toEqual([]);
  });
});

test('calls that were not answered are told, each once', () => {
  expect(troubles({ silent: ['its state', 'its client', 'its state'] })).toEqual([
    'no-answer: the host does not answer for its state, its client',
  ]);
});

test('services have no troubles', () => {
  expect(troubles({ ...services, state: 8 }, [])).toEqual([]);
});

test('every trouble of a session is told', () => {
  const codes = troublesOf({ ...alice, state: 8, silent: ['its state'] }, [], now).map(({ code }) => code);
  expect(codes).toEqual(['down', 'no-answer', 'no-user-process']);
});
