import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cell, cellLines, widthOf } from './cells.ts';
import { cutAfter, wrap } from './wrap.ts';

const shown = (lines: readonly (readonly Cell[])[]): readonly string[] =>
  lines.map((line) => line.map(({ text }) => text).join(''));
const wrapped = (text: string, columns: number): readonly string[] => shown(wrap(cellLines(text), columns));

test('words stay whole, and the space between lines is gone', () => {
  expect(wrapped('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
  expect(wrapped('the quick  brown', 9)).toEqual(['the quick', 'brown']);
  expect(wrapped('exactly ten', 11)).toEqual(['exactly ten']);
});

test('lines of its own and empty ones stay', () => {
  expect(wrapped('a\n\n  b\nc', 10)).toEqual(['a', '', '  b', 'c']);
});

test('a word that is longer than a line is broken', () => {
  expect(wrapped('see abcdefghijkl now', 5)).toEqual(['see', 'abcde', 'fghij', 'kl', 'now']);
});

test('a hyphen within a word ends a line, one before a word does not', () => {
  expect(wrapped('well-known fact', 6)).toEqual(['well-', 'known', 'fact']);
  expect(wrapped('ab --force', 6)).toEqual(['ab', '--forc', 'e']);
});

test('a space that does not break holds words together', () => {
  expect(wrapped('at 10\u00a0min', 7)).toEqual(['at', '10\u00a0min']);
});

test('ideographs and kana break anywhere, but for stops and brackets', () => {
  expect(wrapped('保存していない', 8)).toEqual(['保存して', 'いない']);
  expect(wrapped('終了します。保存', 10)).toEqual(['終了しま', 'す。保存']);
  expect(wrapped('今「保存」', 4)).toEqual(['今', '「保', '存」']);
  expect(wrapped('いワード', 4)).toEqual(['い', 'ワー', 'ド']);
});

test('Hangul breaks at spaces', () => {
  expect(wrapped('세션이 곧 종료됩니다', 14)).toEqual(['세션이 곧', '종료됩니다']);
});

test('what is too much ends with an ellipsis', () => {
  const lines = cellLines('one\ntwo\nthree');
  expect(shown(cutAfter(lines, 3, 10))).toEqual(['one', 'two', 'three']);
  expect(shown(cutAfter(lines, 2, 10))).toEqual(['one', 'two …']);
  expect(shown(cutAfter(lines, 2, 4))).toEqual(['one', 'tw …']);
});

test('no line is too wide, and nothing but spaces is lost', () => {
  const character = fc.constantFrom(...'ab c-漢か、。「」한é(.');
  const text = fc.array(character, { maxLength: 80 }).map((characters) => characters.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), (text, columns) => {
      const lines = wrap(cellLines(text), columns);
      expect(lines.every((line) => widthOf(line) <= columns)).toBe(true);
      expect(shown(lines).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
});
