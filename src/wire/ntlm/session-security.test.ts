import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { fromHex, toHex } from '../crypto/testing/vectors.ts';
import { NtlmSessionSecurity } from './session-security.ts';
import { specified, traced } from './testing/vectors.ts';

const key = specified.inputs.random_session_key;
const { plaintext, sealed, signature } = specified.GSS_WrapEx;
const pair = (): readonly [NtlmSessionSecurity, NtlmSessionSecurity] => [
  new NtlmSessionSecurity('client', key),
  new NtlmSessionSecurity('server', key),
];

test('the sealed message is the one of [MS-NLMP] 4.2.4.4, and is opened', () => {
  const [client, server] = pair();
  const made = client.seal(plaintext);
  expect([toHex(made.sealed), toHex(made.signature)]).toEqual([toHex(sealed), toHex(signature)]);
  expect(toHex(server.unseal({ sealed, signature }))).toBe(toHex(plaintext));
});

test("SPNEGO's MICs are those of Windows' trace, and are verified", () => {
  const { ExportedSessionKey, mechTypes_der, mechListMIC_client, mechListMIC_server } = traced.ntlm;
  const client = new NtlmSessionSecurity('client', ExportedSessionKey);
  const server = new NtlmSessionSecurity('server', ExportedSessionKey);
  expect(toHex(client.signMechTypes(mechTypes_der))).toBe(toHex(mechListMIC_client));
  expect(toHex(server.signMechTypes(mechTypes_der))).toBe(toHex(mechListMIC_server));
  client.verifyMechTypes(mechTypes_der, mechListMIC_server);
  server.verifyMechTypes(mechTypes_der, mechListMIC_client);
  expect(toHex(server.unseal(client.seal(plaintext)))).toBe(toHex(plaintext));
  expect(toHex(client.unseal(server.seal(plaintext)))).toBe(toHex(plaintext));
});

test('after the MIC of SPNEGO the key stream begins anew, while the sequence number goes on', () => {
  const [client] = pair();
  client.signMechTypes(fromHex('3000'));
  const made = client.seal(plaintext);
  expect(toHex(made.sealed)).toBe(toHex(sealed));
  expect(toHex(made.signature.subarray(12))).toBe('01000000');
});

test('messages of both directions are opened in their order, with what is around them', () => {
  const bytes = fc.uint8Array({ maxLength: 64 });
  const message = fc.record({ fromClient: fc.boolean(), before: bytes, data: bytes, after: bytes });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
      const [client, server] = pair();
      for (const { fromClient, before, data, after } of messages) {
        const [from, to] = fromClient ? [client, server] : [server, client];
        const made = from.seal(data, { before, after });
        expect(made.signature.length).toBe(from.signatureLength.seal);
        expect(toHex(to.unseal(made, { before, after }))).toBe(toHex(data));
        to.verify(from.sign(before, data), before, data);
      }
    }),
  );
});

const complaint = (act: () => unknown): string => {
  try {
    act();
    return 'nothing';
  } catch (error) {
    return error instanceof UsherError ? `${error.code}: ${error.message}` : String(error);
  }
};

test('a message that was changed, replayed, left out or sent back is refused', () => {
  const around = { before: fromHex('01'), after: fromHex('02') };
  const otherwise = (act: (client: NtlmSessionSecurity, server: NtlmSessionSecurity) => unknown): string =>
    complaint(() => act(...pair()));
  const checksum = "bad_answer: a message's NTLM signature does not belong to it: its checksum is another";
  expect(
    otherwise((client, server) => {
      const made = client.seal(plaintext, around);
      server.unseal({ ...made, sealed: made.sealed.map((byte) => byte ^ 1) }, around);
    }),
  ).toBe(checksum);
  expect(otherwise((client, server) => server.unseal(client.seal(plaintext, around)))).toBe(checksum);
  expect(otherwise((client) => client.unseal(client.seal(plaintext)))).toBe(checksum);
  expect(
    otherwise((client, server) => {
      const made = client.sign(plaintext);
      server.verify(made, plaintext);
      server.verify(made, plaintext);
    }),
  ).toContain('its sequence number is 0, where 1 must be');
  expect(
    otherwise((client, server) => {
      client.sign(plaintext);
      server.verify(client.sign(plaintext), plaintext);
    }),
  ).toContain('its sequence number is 1, where 0 must be');
  expect(otherwise((_, server) => server.verify(new Uint8Array(3), plaintext))).toMatch(/^bad_answer: NTLMSSP_MESSAGE/);
});

test('any bytes in place of a signature are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 20 }), (bytes) => {
      const [, server] = pair();
      expect(complaint(() => server.verify(bytes, plaintext))).toMatch(/^bad_answer: /);
    }),
  );
});
