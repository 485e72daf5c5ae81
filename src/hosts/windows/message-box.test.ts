import { describe, expect, test } from 'vitest';
import { formatDuration, seconds } from '../../sessions/duration.ts';
import { boxOf, slicesOf, textOf } from './message-box.ts';

const buttons = (...labels: readonly string[]) => labels.map((label) => ({ answer: label.toLowerCase(), label }));

function mustBox(...labels: readonly string[]) {
  const box = boxOf(buttons(...labels));
  if (box === null) throw new Error('no box');
  return box;
}

describe('buttons', () => {
  test.each([
    [['OK'], 0, { 1: 'ok' }],
    [['OK', 'Cancel'], 1, { 1: 'ok', 2: 'cancel' }],
    [['Yes', 'No'], 4, { 6: 'yes', 7: 'no' }],
    [['Yes', 'No', 'Cancel'], 3, { 6: 'yes', 7: 'no', 2: 'cancel' }],
    [['Retry', 'Cancel'], 5, { 4: 'retry', 2: 'cancel' }],
  ])('%j are a box of Windows', (labels, style, answers) => {
    const box = mustBox(...labels);
    expect([box.style & 0xf, Object.fromEntries(box.answers), box.legend]).toEqual([style, answers, '']);
  });

  test('of other labels are Yes and No, and the text says what they mean', () => {
    const box = mustBox('5 minutes more', 'Log off now');
    expect(box.style & 0xf).toBe(4);
    expect(Object.fromEntries(box.answers)).toEqual({ 6: '5 minutes more', 7: 'log off now' });
    expect(box.legend).toBe('Yes: 5 minutes more.\nNo: Log off now.');
  });

  test('that Windows has in another order are not taken for its own', () => {
    expect(mustBox('No', 'Yes').legend).toBe('Yes: No.\nNo: Yes.');
  });

  test('have the first one as default', () => {
    expect(mustBox('5 minutes more', 'Log off now').style & 0xf00).toBe(0);
  });

  test('are on top of all windows and in front', () => {
    expect(mustBox('OK').style & ~0xf).toBe(0x11000);
  });

  test('of four are none', () => {
    expect(boxOf(buttons('a', 'b', 'c', 'd'))).toBeNull();
  });
});

describe('the time of a message that counts down', () => {
  const sliced = (stays: number): readonly (readonly [number, number])[] =>
    slicesOf(seconds(stays), true).map(({ left, lasts }) => [left, lasts]);

  test.each([
    [
      300,
      [
        [300, 240],
        [60, 60],
      ],
    ],
    [
      90,
      [
        [90, 30],
        [60, 60],
      ],
    ],
    [60, [[60, 60]]],
    [65, [[65, 65]]],
    [
      600,
      [
        [600, 300],
        [300, 240],
        [60, 60],
      ],
    ],
    [
      360,
      [
        [360, 300],
        [60, 60],
      ],
    ],
    [
      3600,
      [
        [3600, 1800],
        [1800, 900],
        [900, 600],
        [300, 240],
        [60, 60],
      ],
    ],
    [0.4, [[1, 1]]],
  ])('%d s: left when a box appears, and how long it lasts', (stays, expected) => {
    expect(sliced(stays)).toEqual(expected);
  });

  test('is told in whole seconds, though a little of it has passed', () => {
    expect(sliced(299.97)).toEqual([
      [300, 239],
      [60, 60],
    ]);
  });

  test.each([1, 59, 61, 89, 119, 121, 299, 301, 1234, 7200, 100_000])(
    'of %d s is filled without a gap, and each box is over when the next appears',
    (stays) => {
      const slices = sliced(stays);
      expect(slices.reduce((sum, [, lasts]) => sum + lasts, 0)).toBe(stays);
      for (const [at, [left, lasts]] of slices.entries()) expect(left - lasts).toBe(slices[at + 1]?.[0] ?? 0);
    },
  );

  test('of one that does not count down has one box', () => {
    expect(slicesOf(seconds(300), false)).toEqual([{ left: 300, lasts: 300 }]);
  });
});

test('a text has the time that is left, and what the buttons mean', () => {
  const countdown = (left: Parameters<typeof formatDuration>[0]): string => `In ${formatDuration(left)}.`;
  const box = mustBox('OK', 'Log off now');
  expect(textOf({ text: 'Save your\0 work.', countdown }, box, seconds(60))).toBe(
    'Save your work.\n\nIn 1m 00s.\n\nYes: OK.\nNo: Log off now.',
  );
});
