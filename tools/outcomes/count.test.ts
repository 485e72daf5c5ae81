import { expect, test } from 'vitest';
import { complaint, count } from './count.ts';
import type { RunReport } from './count.ts';

const report = (facts: Partial<RunReport>): RunReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...facts,
});

test('runs are added up', () => {
  const one = report({ numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 });
  expect(count([one, report({ numPassedTests: 2, numFailedTests: 1 })])).toEqual({ passed: 5, failed: 1, skipped: 2 });
});

test('a test file that does not load is a failure', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{}] },
  ];
  expect(count([report({ numFailedTests: 1, testResults })]).failed).toBe(2);
});

test('a run without tests, and a skip in the lab, are not a success', () => {
  expect(complaint('unit', { passed: 1, failed: 0, skipped: 4 })).toBeNull();
  expect(complaint('unit', { passed: 0, failed: 0, skipped: 4 })).toBe('unit: no test ran');
  expect(complaint('lab', { passed: 9, failed: 0, skipped: 1 })).toBe('lab: 1 skipped');
  expect(complaint('lab', { passed: 9, failed: 2, skipped: 0 })).toBe('lab: 2 failed');
});
