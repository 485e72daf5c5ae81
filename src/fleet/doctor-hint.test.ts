import { expect, test } from 'vitest';
import { type ErrorCode, UsherError } from '../sessions/errors.ts';
import { parseHostUrl } from '../sessions/host.ts';
import { tellingOfDoctor } from './doctor-hint.ts';
import { hostOfUrl } from './selection.ts';
import { aHost } from './testing/inventory.ts';

const hintOf = (code: ErrorCode, hint?: string) => {
  const told = tellingOfDoctor(new UsherError({ code, message: 'it failed', hint }), aHost('ts01'));
  return told instanceof UsherError ? told.hint : undefined;
};

test('a failure that nothing is known to help against names the doctor', () => {
  expect(hintOf('unreachable')).toBe('usher doctor ts01 says why');
});

test('a failure with a hint of its own keeps it', () => {
  expect(hintOf('logon_failed', 'load a key')).toBe('load a key');
});

test('a refusal names the doctor beside its own hint', () => {
  expect(hintOf('access_denied', 'log on as root')).toBe('log on as root; usher doctor ts01 says why');
});

test.each(['session_changed', 'usage', 'credential_rested'] as const)('%s is not the host’s fault', (code) => {
  expect(hintOf(code)).toBeNull();
});

test('what is no failure of Usher’s passes', () => {
  const defect = new TypeError('x is undefined');
  expect(tellingOfDoctor(defect, aHost('ts01'))).toBe(defect);
});

test('the name is one word of a shell', () => {
  const error = new UsherError({ code: 'unreachable', message: 'gone' });
  expect(tellingOfDoctor(error, hostOfUrl(parseHostUrl('windows://CORP\\anna@ts01')))).toMatchObject({
    hint: "usher doctor 'windows://CORP\\anna@ts01' says why",
  });
});
