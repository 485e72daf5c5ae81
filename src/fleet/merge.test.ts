import { expect, test } from 'vitest';
import { merge } from './merge.ts';

async function* counting(name: string, upTo: number, events: string[] = []): AsyncGenerator<string> {
  try {
    for (let at = 1; at <= upTo; at += 1) yield `${name}${at}`;
  } finally {
    events.push(`${name} ended`);
  }
}

async function collect<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

const nothing = (): void => undefined;

test('every value of every stream comes through', async () => {
  const values = await collect(merge([counting('a', 3), counting('b', 2)], nothing));
  expect(values.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
});

test('a quiet stream does not hold up another', async () => {
  const quiet = Promise.withResolvers<void>();
  async function* silent(): AsyncGenerator<string> {
    await quiet.promise;
    yield 'at last';
  }
  const merged = merge([silent(), counting('a', 1)], quiet.resolve);
  expect((await merged.next()).value).toBe('a1');
  await merged.return();
});

test('a stream that is not read on makes no more values', async () => {
  const events: string[] = [];
  const merged = merge([counting('a', 1000, events)], nothing);
  await merged.next();
  expect(events).toEqual([]);
  await merged.return();
  expect(events).toEqual(['a ended']);
});

test('what a stream throws comes through after the others were ended', async () => {
  const events: string[] = [];
  async function* broken(): AsyncGenerator<string> {
    yield 'x';
    throw new Error('broken');
  }
  await expect(collect(merge([broken(), counting('a', 1000, events)], nothing))).rejects.toThrow('broken');
  expect(events).toEqual(['a ended']);
});
