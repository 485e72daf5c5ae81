import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fromHex, hex, toHex } from '../../crypto/testing/vectors.ts';
import type { CallFacts } from '../client/call.ts';
import type { RpcClient } from '../client/client.ts';
import type { RpcEvent } from '../client/events.ts';

const folder = join(import.meta.dirname, '../../../../test/vectors/rpc');

export const dialogue = z.object({
  calls: z.array(z.object({ opnum: z.number(), stub: hex, answer: hex.nullish() })),
  pdus: z.array(z.object({ from: z.enum(['usher', 'peer']), hex: z.string() })),
});

export type RecordedDialogue = z.output<typeof dialogue>;

/** A file of `test/vectors/rpc/` as this declaration reads it. */
export function recorded<T extends z.ZodType>(file: string, shape: T): z.output<T> {
  return shape.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** What one side said. */
export function said({ pdus }: RecordedDialogue, from: 'usher' | 'peer'): readonly string[] {
  return pdus.filter((pdu) => pdu.from === from).map((pdu) => pdu.hex);
}

/** What a client says and tells that hears what was recorded, and makes the calls one after the other. */
export function replay(
  client: RpcClient,
  { calls, pdus }: RecordedDialogue,
  called: CallFacts['interface'],
): { readonly sent: readonly (string | null)[]; readonly events: readonly RpcEvent[] } {
  const events: RpcEvent[] = [];
  const sent: (string | null)[] = [];
  const waiting = [...calls];
  for (const pdu of pdus) {
    const call = pdu.from === 'usher' && client.awaited === 0 ? waiting.shift() : undefined;
    if (pdu.from === 'peer') client.receive(fromHex(pdu.hex));
    if (call !== undefined) client.call({ interface: called, opnum: call.opnum, stub: call.stub });
    const output = client.take();
    events.push(...output.events);
    sent.push(...output.send.map(toHex));
  }
  return { sent, events };
}
