import { expect, test } from 'vitest';
import { fileTimeOf } from '../filetime.ts';
import { clockFinding } from './clock.ts';

const asked = Temporal.Instant.from('2026-11-23T10:00:00Z');
const answered = asked.add({ milliseconds: 400 });
const at = (seconds: number): bigint => fileTimeOf(asked.add({ milliseconds: 200 + seconds * 1000 }));

test.each([
  [0, 'ok', "the host's clock is this computer's"],
  [0.1, 'ok', "the host's clock is this computer's"],
  [30, 'ok', "the host's clock is 30 s ahead of this computer's"],
  [-59, 'ok', "the host's clock is 59 s behind this computer's"],
  [61, 'warning', "the host's clock is 61 s ahead of this computer's"],
  [-299, 'warning', "the host's clock is 299 s behind this computer's"],
  [301, 'problem', "the host's clock is 301 s ahead of this computer's"],
  [-7200, 'problem', "the host's clock is 7200 s behind this computer's"],
] as const)('a clock that differs by %d s is %s', (seconds, verdict, summary) => {
  expect(clockFinding(at(seconds), asked, answered)).toMatchObject({ verdict, summary });
});

test('a skewed clock is mended by w32tm', () => {
  expect(clockFinding(at(400), asked, answered).mends[0]?.paste).toContain('w32tm /resync');
});

test('a host that does not tell its time is unknown', () => {
  expect(clockFinding(0n, asked, answered).verdict).toBe('unknown');
});
