import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameDecoder, largestFrame } from './frames.ts';
import { foreignFailureOf } from './testing/failure.ts';
import { frame } from './testing/scripted-transport.ts';

function decodeAll(...chunks: readonly Buffer[]): unknown[] {
  const decoder = frameDecoder();
  return chunks.flatMap((chunk) => decoder.push(chunk));
}

test('frames are found wherever the network cuts them', () => {
  const documents = [{ kind: 'hello' }, { text: 'Zoë 山田' }, { list: [1, 2, 3] }];
  const bytes = Buffer.concat(documents.map(frame));
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const edges = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
      expect(decodeAll(...chunks)).toEqual(documents);
    }),
  );
});

test('what a login shell prints before the first frame is passed over', () => {
  expect(decodeAll(Buffer.from('Welcome to xh1!\nUSHER-BOOT\n'), frame({ a: 1 }))).toEqual([{ a: 1 }]);
});

test.each([
  ['endless chatter', [Buffer.alloc(65_537, 'x')]],
  ['chatter between frames', [frame({ a: 1 }), Buffer.from('motd\n'), frame({ a: 2 })]],
  ['a length beyond the limit', [Buffer.from(`USHER1 ${largestFrame + 1}\n`)]],
  ['a length that is no number', [Buffer.from('USHER1 12x4\n')]],
  ['a header without an end', [Buffer.from('USHER1 111111111111111111111111111111')]],
  ['a frame longer than it says', [Buffer.from('USHER1 2\n{}}\n')]],
  ['a frame that is not JSON', [Buffer.from('USHER1 2\n{]\n')]],
  ['a frame that is not UTF-8', [Buffer.from('USHER1 4\n"\xff\xfe"\n', 'latin1')]],
])('%s is refused with bad_answer', (_, chunks) => {
  expect(() => decodeAll(...chunks)).toThrow(expect.objectContaining({ code: 'bad_answer' }));
});

test('garbage gives documents or bad_answer, never anything else', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(Buffer.from('USHER1 ')),
    fc.nat(99).map((length) => Buffer.from(`USHER1 ${length}\n`)),
    fc.json().map((json) => frame(JSON.parse(json))),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (chunks) => {
      expect(foreignFailureOf(() => decodeAll(...chunks))).toBeNull();
    }),
    { numRuns: 2000 },
  );
});
