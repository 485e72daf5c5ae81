import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../crypto/testing/vectors.ts';
import { Dialogue, enumeration, type How, session } from './testing/dialogue.ts';
import { runs } from '../testing/runs.ts';

const hows: readonly How[] = ['none', 'ntlm integrity', 'ntlm privacy', 'negotiate integrity', 'negotiate privacy'];
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe.each(hows)('with security %s', (how) => {
  test('every call gets its answer', () => {
    const dialogue = new Dialogue({ how });
    expect(dialogue.events).toMatchObject([
      { kind: 'bound', multiplexed: true, keepsConnectionOnOrphan: true, associationGroupId: 0x1234 },
    ]);
    const one = dialogue.client.call({ interface: session, opnum: 7, stub: bytes('abcd') });
    const other = dialogue.client.call({ interface: enumeration, opnum: 5, stub: bytes('') });
    expect(dialogue.client.awaited).toBe(2);
    expect(dialogue.run()).toEqual([
      { kind: 'answered', call: one, stub: bytes('dcba') },
      { kind: 'answered', call: other, stub: bytes('') },
    ]);
    expect(dialogue.client.awaited).toBe(0);
  });

  test('stub data of any length arrives in fragments of any size', () => {
    const size = fc.integer({ min: 1432, max: 6000 });
    // A verification trailer stands at a multiple of 4: padding before it stays with the stub data.
    const length = fc.nat(5000).map((words) => words * 4);
    fc.assert(
      fc.property(size, size, fc.array(length, { maxLength: 4 }), (toServer, toClient, lengths) => {
        const server = { longestFragment: toServer };
        const dialogue = new Dialogue({ how, client: { longestFragment: toClient }, server });
        const stubs = lengths.map((length, at) => Uint8Array.from({ length }, (_, index) => index * 7 + at));
        for (const stub of stubs) dialogue.client.call({ interface: session, opnum: 1, stub });
        const events = dialogue.run();
        const answers = events.flatMap((event) => (event.kind === 'answered' ? [toHex(event.stub)] : [event.kind]));
        expect(answers).toEqual(stubs.map((stub) => toHex(stub.toReversed())));
        const longest = Math.max(0, ...dialogue.sent.concat(dialogue.answered).map(({ length }) => length));
        expect(longest).toBeLessThanOrEqual(Math.max(300, Math.min(toServer, toClient)));
      }),
      { numRuns: runs(25) },
    );
  });
});
