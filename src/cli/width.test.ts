import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { widthOf } from './width.ts';

const between = (first: number, end: number): readonly string[] =>
  Array.from({ length: end - first }, (_, at) => String.fromCharCode(first + at));
const characters = [...between(0, 0x400), ...between(0x2000, 0x2100)];

test('a character is as wide as the library says', () => {
  expect(characters.filter((one) => widthOf(one) !== stringWidth(one))).toEqual([]);
});

test.each(['a', '1', '#', '©', '\u{301}', '\u{fe0f}'])('so is a character before %j', (next) => {
  expect(characters.filter((one) => widthOf(one + next) !== stringWidth(one + next))).toEqual([]);
});

test.each([
  ['Anna Müller', 11],
  ['山田', 4],
  ['👩‍👩‍👧', 2],
])('%s takes %i cells', (text, cells) => {
  expect(widthOf(text)).toBe(cells);
});
