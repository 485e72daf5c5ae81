import { expect, test } from 'vitest';
import type { ActTarget } from '../act.ts';
import { actVerb, reportOf, xrdpIdentity } from './act.ts';

const host = { name: 'xh1', url: { scheme: 'local' } } as const;
const identity = {
  kind: 'xrdp',
  host: 'xh1',
  bootId: '9e2609a2-f9d3-498c-b1b3-bac1d0f3a15c',
  anchor: 'x-server',
  pid: 148,
  startTicks: 64_498,
  uid: 1002,
} as const;
const target: ActTarget = { identity, id: 10, reason: null, traces: [] };
const lastInputAt = Temporal.Instant.from('2026-11-23T00:00:00.5Z');

test('an act names the boot, the display, the X server, its start and its user', () => {
  expect(actVerb(identity, target, { act: 'logoff' })).toBe(
    'act logoff 9e2609a2-f9d3-498c-b1b3-bac1d0f3a15c 10 148 64498 1002 - -',
  );
});

test('an act with a reason names the state and the last input that must still hold', () => {
  const reason = { state: 'disconnected', lastInputAt } as const;
  expect(actVerb(identity, { ...target, reason }, { act: 'reset' })).toMatch(/ disconnected 1795392000\.5$/);
});

test('killing a process names its pid and start', () => {
  expect(actVerb(identity, target, { act: 'kill-process', pid: 200, start: '70001' })).toMatch(/ - - 200 70001$/);
});

test('a session of another kind of host is session_changed', () => {
  const windows = {
    kind: 'windows-logon',
    host: 'ts1',
    boot: '1',
    sessionId: 3,
    logonTime: '2',
    account: 'bob',
  } as const;
  expect(() => xrdpIdentity(host, { ...target, identity: windows })).toThrow(
    expect.objectContaining({ code: 'session_changed' }),
  );
});

const answer = { kind: 'act', id: 1, version: 1, did: ['SIGTERM to Xorg 148'], changed: null, refused: null } as const;

test('what was done is reported', () => {
  expect(reportOf(host, { ...answer, did: [...answer.did] })).toEqual({ did: ['SIGTERM to Xorg 148'] });
});

test('a session that changed is session_changed, and nothing was done', () => {
  expect(() => reportOf(host, { ...answer, did: [], changed: 'its user came back' })).toThrow(
    expect.objectContaining({ code: 'session_changed', message: 'its user came back: nothing was done' }),
  );
});

test('a refusal is access_denied, and tells what was done before it', () => {
  const refused = { ...answer, did: [...answer.did], refused: 'SIGKILL to Xorg 148: Operation not permitted' };
  expect(() => reportOf(host, refused)).toThrow(
    expect.objectContaining({
      code: 'access_denied',
      message: expect.stringContaining('SIGTERM to Xorg 148') as unknown,
    }),
  );
});
