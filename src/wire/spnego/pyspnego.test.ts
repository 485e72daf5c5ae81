import { expect, test } from 'vitest';
import { z } from 'zod';
import { fromHex, hex, toHex, vectors } from '../crypto/testing/vectors.ts';
import { NtlmClient } from '../ntlm/client.ts';
import { NtlmServer } from '../ntlm/server.ts';
import { clientFacts, serverFacts } from '../ntlm/testing/logon.ts';
import type { SecurityContext } from '../security/context.ts';
import { SpnegoAcceptor } from './acceptor.ts';
import { SpnegoInitiator } from './initiator.ts';

const lines = z.array(z.object({ from: z.enum(['usher', 'peer']), hex: z.string() }));
const dialogue = z.object({ sessionKey: hex, tokens: lines, sealed: lines, signed: lines });
const recorded = vectors('pyspnego.json', z.object({ initiator: dialogue, acceptor: dialogue }));

type Side = Pick<SpnegoAcceptor, 'step'> & Partial<Pick<SpnegoInitiator, 'start'>>;

const said = (script: z.output<typeof lines>, from: 'usher' | 'peer'): readonly string[] =>
  script.filter((line) => line.from === from).map((line) => line.hex);
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** All that one side says to the tokens of the peer, and the context that it ends with. */
function play(side: Side, tokens: readonly string[]): readonly [readonly (string | null)[], SecurityContext] {
  const steps = tokens.map((token) => side.step(fromHex(token)));
  const context = steps.at(-1)?.context;
  if (!context) throw new TypeError('the logon is not finished');
  const first = side.start === undefined ? [] : [toHex(side.start())];
  return [[...first, ...steps.flatMap(({ token }) => (token === null ? [] : [toHex(token)]))], context];
}

test.each<[keyof typeof recorded, () => Side]>([
  ['initiator', () => new SpnegoInitiator([new NtlmClient(clientFacts)])],
  ['acceptor', () => new SpnegoAcceptor([new NtlmServer(serverFacts)])],
])('our %s and pyspnego log on, and open what the other one sealed and signed', (role, side) => {
  const { tokens, sealed, signed, sessionKey } = recorded[role];
  const [spoken, context] = play(side(), said(tokens, 'peer'));
  expect(spoken).toEqual(said(tokens, 'usher'));
  expect(toHex(context.sessionKey)).toBe(toHex(sessionKey));
  said(sealed, 'peer').forEach((message, index) => {
    const made = context.seal(bytes(`hello ${index}`));
    expect(`${toHex(made.signature)}${toHex(made.sealed)}`).toBe(said(sealed, 'usher')[index]);
    const whole = fromHex(message);
    const opened = context.unseal({ signature: whole.subarray(0, 16), sealed: whole.subarray(16) });
    expect(toHex(opened)).toBe(toHex(bytes(`reply ${index}`)));
  });
  expect([toHex(context.sign(bytes('signed')))]).toEqual(said(signed, 'usher'));
  expect(() => context.verify(fromHex(said(signed, 'peer')[0] ?? ''), bytes('answer'))).not.toThrow();
});
