import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packFont } from './pack.ts';

const narrow = (byte: string): string => byte.repeat(16);
const wide = (byte: string): string => byte.repeat(32);

test('glyphs that follow each other are a run, others and those without a place are not', () => {
  const hex = [
    `4E00:${wide('AB')}`,
    `0041:${narrow('01')}`,
    `0042:${narrow('02')}`,
    `0044:${narrow('04')}`,
    `0378:${wide('FF')}`,
    `05D0:${narrow('FF')}`,
    `0046:${narrow('05').slice(1)}`,
    '',
  ].join('\n');
  const font = brotliDecompressSync(packFont(hex));
  const head = Array.from({ length: 10 }, (_, index) => font.readUInt32LE(index * 4));
  expect(head).toEqual([3, 0x41, 2, 16, 0x44, 1, 16, 0x4e00, 1, 32]);
  expect(font.subarray(40).toString('hex')).toBe([narrow('01'), narrow('02'), narrow('04'), wide('ab')].join(''));
});
