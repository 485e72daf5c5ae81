import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test.each([
  ['ts01', 'ts01'],
  ['ssh://root@[::1]:22', "'ssh://root@[::1]:22'"],
  ['windows://CORP\\anna@ts01', "'windows://CORP\\anna@ts01'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
])('%s as a word of a shell is %s', (text, word) => {
  expect(shellWord(text)).toBe(word);
});
