import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fromHex, hex, toHex } from '../crypto/testing/vectors.ts';
import { RpcClient } from './client/client.ts';
import type { RpcEvent } from './client/events.ts';
import type { ServerEvent } from './server/events.ts';
import { RpcServer } from './server/server.ts';
import { clientSecurity, enumeration, mirror, session, usualServer } from './testing/dialogue.ts';

const dialogue = z.object({
  calls: z.array(z.object({ opnum: z.number(), stub: hex })),
  pdus: z.array(z.object({ from: z.enum(['usher', 'peer']), hex: z.string() })),
});
/** call_id of impacket's first call. */
const callIds = { none: 1, integrity: 2, privacy: 2 } as const;
const hows = ['none', 'ntlm integrity', 'ntlm privacy', 'negotiate integrity', 'negotiate privacy'] as const;
const recorded = z
  .object({
    client: z.object({ none: dialogue, integrity: dialogue, privacy: dialogue }),
    server: z.record(z.enum(hows), dialogue),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/vectors/rpc/impacket.json'), 'utf8')));

test.each(['none', 'integrity', 'privacy'] as const)('impacket calls our server: %s', (level) => {
  const { calls, pdus } = recorded.client[level];
  const server = new RpcServer({ ...usualServer, longestFragment: 1432 });
  const answers: (string | null)[] = [];
  const happened: ServerEvent[] = [];
  for (const pdu of pdus.filter(({ from }) => from === 'peer')) {
    server.receive(fromHex(pdu.hex));
    const { send, events } = server.take();
    for (const event of events) mirror(event, server);
    happened.push(...events);
    answers.push(...[...send, ...server.take().send].map(toHex));
  }
  expect(happened).toEqual(
    calls.map((call, at) => ({ ...call, kind: 'called', call: callIds[level] + at, interface: session })),
  );
  expect(answers).toEqual(pdus.filter(({ from }) => from === 'usher').map((pdu) => pdu.hex));
});

test.each(hows)('our client calls a server of impacket and pyspnego: %s', (how) => {
  const { calls, pdus } = recorded.server[how];
  const client = new RpcClient({
    interfaces: [session, enumeration],
    security: clientSecurity(how),
    longestFragment: 1432,
  });
  const events: RpcEvent[] = [];
  const sent: (string | null)[] = [];
  const toCall = [...calls];
  for (const { from, hex: pdu } of pdus) {
    if (from === 'peer') client.receive(fromHex(pdu));
    else if (client.awaited === 0)
      client.call({ interface: session, ...(toCall.shift() ?? { opnum: 0, stub: new Uint8Array() }) });
    const output = client.take();
    events.push(...output.events);
    sent.push(...output.send.map(toHex));
  }
  expect(sent).toEqual(pdus.filter(({ from }) => from === 'usher').map((pdu) => pdu.hex));
  expect(events).toMatchObject([
    { kind: 'bound', multiplexed: true, interfaces: [{ refusal: null }, { refusal: { code: 'unsupported' } }] },
    ...calls.slice(0, 2).map(({ stub }) => ({ kind: 'answered', stub: stub.toReversed() })),
    { kind: 'failed', error: { message: 'the host answered nca_s_op_rng_error' }, didNotExecute: true },
  ]);
});
