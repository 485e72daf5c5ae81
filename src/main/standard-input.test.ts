import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readToEnd } from './standard-input.ts';

const never = new AbortController().signal;
const bytes = (...chunks: readonly string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk, 'latin1')));

test('standard input is read to its end', async () => {
  expect(await readToEnd(bytes('Please save ', 'your work.\n'), 100, never)).toBe('Please save your work.\n');
});

test('a character that comes in two pieces is one', async () => {
  expect(await readToEnd(bytes('\u00c3', '\u00a9'), 100, never)).toBe('é');
});

test('more than is taken is wrong use', async () => {
  await expect(readToEnd(bytes('12345', '67890'), 9, never)).rejects.toMatchObject({ code: 'usage' });
});

test('leaving ends it', async () => {
  const leaving = new AbortController();
  const reading = readToEnd(new PassThrough(), 100, leaving.signal);
  leaving.abort(new Error('left'));
  await expect(reading).rejects.toThrow('left');
});
