import { expect, test } from 'vitest';
import { wrapped, wrappedParts } from './wrap.ts';

test('a text is cut at spaces before it gets too wide', () => {
  expect(wrapped('the port of ts01 is closed', 12)).toEqual(['the port of', 'ts01 is', 'closed']);
});

test('a word that is too long is not cut', () => {
  expect(wrapped('run systemd-analyze now', 5)).toEqual(['run', 'systemd-analyze', 'now']);
});

test('wide characters count as the two cells that they take', () => {
  expect(wrapped('端末 端末', 8)).toEqual(['端末', '端末']);
});

test('an empty text has no lines', () => {
  expect(wrapped('', 8)).toEqual([]);
});

test('a part is not cut at its own spaces', () => {
  expect(wrappedParts(['{ID | NAME}', '[/wait]', '[options]'], 18)).toEqual(['{ID | NAME}', '[/wait] [options]']);
});
