import { expect, test } from 'vitest';
import { z } from 'zod';
import { fromHex, toHex } from '../crypto/testing/vectors.ts';
import { RpcClient } from './client/client.ts';
import type { ServerEvent } from './server/events.ts';
import { RpcServer } from './server/server.ts';
import { clientSecurity, enumeration, mirror, session, usualServer } from './testing/dialogue.ts';
import { dialogue, recorded, replay, said } from './testing/recorded.ts';

const hows = ['none', 'ntlm integrity', 'ntlm privacy', 'negotiate integrity', 'negotiate privacy'] as const;
const impacket = recorded(
  'impacket.json',
  z.object({
    client: z.object({ none: dialogue, integrity: dialogue, privacy: dialogue }),
    server: z.record(z.enum(hows), dialogue),
  }),
);
/** call_id of impacket's first call. */
const callIds = { none: 1, integrity: 2, privacy: 2 } as const;

test.each(['none', 'integrity', 'privacy'] as const)('impacket calls our server: %s', (level) => {
  const { calls } = impacket.client[level];
  const server = new RpcServer({ ...usualServer, longestFragment: 1432 });
  const answers: (string | null)[] = [];
  const happened: ServerEvent[] = [];
  for (const pdu of said(impacket.client[level], 'peer')) {
    server.receive(fromHex(pdu));
    const { send, events } = server.take();
    for (const event of events) mirror(event, server);
    happened.push(...events);
    answers.push(...[...send, ...server.take().send].map(toHex));
  }
  expect(happened).toEqual(
    calls.map((call, at) => ({ ...call, kind: 'called', call: callIds[level] + at, interface: session })),
  );
  expect(answers).toEqual(said(impacket.client[level], 'usher'));
});

test.each(hows)('our client calls a server of impacket and pyspnego: %s', (how) => {
  const script = impacket.server[how];
  const client = new RpcClient({
    interfaces: [session, enumeration],
    security: clientSecurity(how),
    longestFragment: 1432,
  });
  const { sent, events } = replay(client, script, session);
  expect(sent).toEqual(said(script, 'usher'));
  expect(events).toMatchObject([
    { kind: 'bound', multiplexed: true, interfaces: [{ refusal: null }, { refusal: { code: 'unsupported' } }] },
    ...script.calls.slice(0, 2).map(({ stub }) => ({ kind: 'answered', stub: stub.toReversed() })),
    { kind: 'failed', error: { message: 'the host answered nca_s_op_rng_error' }, didNotExecute: true },
  ]);
});
