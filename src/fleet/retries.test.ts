import { describe, expect, test } from 'vitest';
import { type ErrorCode, UsherError } from '../sessions/errors.ts';
import { isStarved, mayPass, RetryBudget, spread } from './retries.ts';
import { milliseconds } from '../sessions/duration.ts';

const failure = (code: ErrorCode, system?: string): UsherError =>
  new UsherError({ code, message: 'it failed', cause: system && Object.assign(new Error(system), { code: system }) });
const lost = failure('connection_lost');
const even = (): number => 0.5;

test.each<ErrorCode>(['connection_lost', 'unreachable', 'timeout'])('another try may mend %s', (code) => {
  expect(mayPass(failure(code))).toBe(true);
});

test.each<ErrorCode>([
  'logon_failed',
  'no_credential',
  'credential_rested',
  'access_denied',
  'bad_answer',
  'unsupported',
])('no other try mends %s', (code) => {
  expect(new RetryBudget(400, even).delayAfter(failure(code), 1)).toBeNull();
});

test('a name that does not exist is not looked up again', () => {
  expect(mayPass(failure('unreachable', 'ENOTFOUND'))).toBe(false);
});

test('each try waits longer than the one before, and the third is the last', () => {
  const budget = new RetryBudget(400, even);
  expect([1, 2, 3].map((tries) => budget.delayAfter(lost, tries))).toEqual([300, 1500, null]);
});

test('a delay is spread by up to half of it', () => {
  const delay = milliseconds(1000);
  expect([spread(delay, () => 0), spread(delay, () => 0.999)]).toEqual([500, 1499]);
});

describe('the budget', () => {
  test.each([
    [400, 40],
    [19, 1],
    [1, 1],
  ])('of %i hosts is %i more tries', (hosts, tries) => {
    const budget = new RetryBudget(hosts, even);
    const granted = Array.from({ length: hosts + 1 }, () => budget.delayAfter(lost, 1)).filter(
      (delay) => delay !== null,
    );
    expect(granted).toHaveLength(tries);
  });

  test('is not spent where the machine itself had no socket left', () => {
    const budget = new RetryBudget(1, even);
    const starved = failure('unreachable', 'EMFILE');
    expect(isStarved(starved)).toBe(true);
    expect([1, 2].map((tries) => budget.delayAfter(starved, tries)).concat(budget.delayAfter(lost, 1))).toEqual([
      300, 1500, 300,
    ]);
  });
});
