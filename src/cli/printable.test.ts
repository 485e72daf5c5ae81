import { expect, test } from 'vitest';
import { csvCell, printable, printableJson } from './printable.ts';

test.each([
  ['an escape sequence', '\u001b[2Jx', String.raw`\x1b[2Jx`],
  ['a C1 control sequence', '\u009b2Jx', String.raw`\x9b2Jx`],
  ['a line feed', 'a\nb', String.raw`a\x0ab`],
  ['text that turns around', 'a\u202eb', String.raw`a\u{202e}b`],
  ['half of a surrogate pair', 'a\ud800b', String.raw`a\u{d800}b`],
  ['a tag beyond the BMP', 'a\u{e0041}', String.raw`a\u{e0041}`],
  ['a line separator', 'a\u2028b', String.raw`a\u{2028}b`],
])('%s is shown, not done', (_what, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test.each(['山田太郎', 'josé', 'Ωμέγα', '👩‍💻', String.raw`CORP\bob`])('%s stays as it is', (text) => {
  expect(printable(text)).toBe(text);
});

test('JSON is harmless on a terminal and reads back unchanged', () => {
  const value = { name: 'a\u009b2J\u202e\u{e0041}山\ud800\n' };
  const text = printableJson(value, 2);
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\ud800-\udfff]/);
  expect(JSON.parse(text)).toEqual(value);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  [' =x', "' =x"],
  ['＝x', "'＝x"],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['=a,"b"', `"'=a,""b"""`],
  ['\t=x', String.raw`\x09=x`],
  [-1.5, '-1.5'],
  [null, ''],
  [true, 'true'],
])('the CSV cell of %j is %s', (value, expected) => {
  expect(csvCell(value)).toBe(expected);
});
