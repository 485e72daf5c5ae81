import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode } from '../../bytes/codec.ts';
import { encodeStubPdu } from '../association/security.ts';
import { auth3 } from '../pdus/auth3.ts';
import { bind } from '../pdus/bind.ts';
import { bindNak } from '../pdus/bind-nak.ts';
import { fault } from '../pdus/fault.ts';
import { packetType } from '../pdus/header.ts';
import { decodeBody, decodePdu, encodePdu } from '../pdus/pdu.ts';
import { request } from '../pdus/request.ts';
import { ndr, syntaxId } from '../pdus/syntax-id.ts';
import { encodeVerificationTrailer, type VerificationTrailer } from '../pdus/verification-trailer.ts';
import { type Between, Dialogue, enumeration, type How, session, usualServer } from '../testing/dialogue.ts';
import { RpcServer } from './server.ts';
import { runs } from '../../testing/runs.ts';

const none = new Uint8Array();

interface Fragment {
  readonly pfcFlags?: number;
  readonly callId?: number;
  readonly contextId?: number;
  readonly opnum?: number;
  readonly stub?: Uint8Array;
}

function fragment({ pfcFlags = 3, callId = 9, contextId = 0, opnum = 4, stub = none }: Fragment): Uint8Array {
  return encodeStubPdu(request, { pfcFlags, callId }, { allocHint: 0, contextId, opnum }, stub, null);
}

/** What a server without security says to this, after its bind: faults by their status, and how it ended. */
function saidTo(pdus: readonly Uint8Array[], parameters = {}): readonly unknown[] {
  const { server } = new Dialogue({ server: parameters });
  for (const pdu of pdus) server.receive(pdu);
  const { send, events } = server.take();
  const faults = send.map((sent) => decodeBody(fault, decodePdu(sent)).value.status.toString(16));
  return [...faults, ...events.map((event) => (event.kind === 'closed' ? event.error.message : event.kind))];
}

const protoError = '1c01000b';

describe('a request is answered nca_s_proto_error and ends the connection where it', () => {
  test.each<[string, readonly Uint8Array[], string]>([
    ['goes on before it begins', [fragment({ pfcFlags: 2 })], 'went on before it began'],
    ['begins before another one is whole', [fragment({ pfcFlags: 1 }), fragment({ callId: 10 })], 'was whole'],
    ['goes on as another one', [fragment({ pfcFlags: 1 }), fragment({ pfcFlags: 2, opnum: 5 })], 'as another one'],
    ['is too short', [fragment({}).fill(20, 8, 9).subarray(0, 20)], 'needs 2 bytes'],
  ])('%s', (_, pdus, message) => {
    const said = saidTo(pdus);
    expect(said).toEqual([protoError, expect.stringContaining(message)]);
  });

  test('comes under a call_id that was before', () => {
    expect(saidTo([fragment({ callId: 9 }), fragment({ callId: 8 })])).toEqual([
      protoError,
      'called',
      'RPC call 8 came after call 9',
    ]);
  });

  test('comes before the answer to another one, without multiplexing', () => {
    const said = saidTo([fragment({}), fragment({ callId: 10 })], { multiplexes: false });
    expect(said).toEqual([protoError, 'called', 'the client calls before it is answered']);
  });
});

test('an interface that is not bound costs its call only', () => {
  expect(saidTo([fragment({ contextId: 7 }), fragment({ callId: 10 })])).toEqual(['1c010003', 'called']);
});

test("a request with an object's UUID is a request", () => {
  const pdu = fragment({ pfcFlags: 0x83, stub: new Uint8Array(20).fill(6) });
  const { server } = new Dialogue();
  server.receive(pdu);
  expect(server.take().events).toMatchObject([{ kind: 'called', stub: new Uint8Array(4).fill(6) }]);
});

test.each([
  ['calls before it binds', fragment({}), 'the client calls before it has bound'],
  ['ends a logon that has not begun', encodePdu(auth3, { pfcFlags: 3, callId: 1 }, null), 'has not begun'],
  ['answers', fragment({}).fill(packetType.response, 2, 3), "the client sent response, which is a server's"],
])('a client that %s is told nothing but the end', (_, pdu, message) => {
  const server = new RpcServer(usualServer);
  server.receive(pdu);
  expect(server.take().events).toMatchObject([
    { kind: 'closed', error: { message: expect.stringContaining(message) } },
  ]);
});

describe('a bind is answered bind_nak', () => {
  const contexts = [{ contextId: 0, abstractSyntax: session, transferSyntaxes: [ndr] }];
  const body = { maxXmitFrag: 4280, maxRecvFrag: 4280, assocGroupId: 0, contexts };
  const auth = { authType: 10, authLevel: 6, authContextId: 1, token: new Uint8Array(12) };
  const many = Array.from({ length: 65 }, (_, contextId) => ({
    ...contexts[0],
    contextId,
    abstractSyntax: session,
    transferSyntaxes: [ndr],
  }));

  test.each([
    ['where the authentication type is not known', body, { ...auth, authType: 68 }, 8],
    ['where nobody logs on so', body, { ...auth, authType: 16 }, 8],
    ['where the level protects nothing', body, { ...auth, authLevel: 2 }, 8],
    ['where the token is none', body, auth, 4],
    ['where the fragments are too small', { ...body, maxRecvFrag: 100 }, undefined, 4],
    ['where there are too many contexts', { ...body, contexts: many }, undefined, 4],
  ])('%s', (_, value, verifier, reason) => {
    const server = new RpcServer(usualServer);
    server.receive(encodePdu(bind, { pfcFlags: 3, callId: 1 }, value, verifier));
    const { send, events } = server.take();
    expect(send.map((pdu) => decodeBody(bindNak, decodePdu(pdu)).value.providerRejectReason)).toEqual([reason]);
    expect(events).toMatchObject([{ kind: 'closed' }]);
  });
});

/** How the connection of a client ended whose request was changed on its way, or whose bind was. */
function endOf(how: How, toServer: Between): string {
  const dialogue = new Dialogue({ how, toServer });
  dialogue.client.call({ interface: session, opnum: 4, stub: new Uint8Array(12_000) });
  dialogue.run();
  const last = dialogue.heard.at(-1);
  return last?.kind === 'closed' ? `${last.error.code}: ${last.error.message}` : 'still open';
}

describe.each<How>(['ntlm integrity', 'negotiate privacy'])('a request under %s is refused', (how) => {
  test.each<[string, number, string]>([
    ['whose flags were changed', 3, 'its checksum is another'],
    ['whose operation was changed', 22, 'its checksum is another'],
    ['whose stub data was changed', 100, 'its checksum is another'],
    ['whose call was changed', 12, 'its checksum is another'],
  ])('%s', (_, at, message) => {
    const toServer: Between = (pdu) => {
      const bad = pdu.slice();
      if (pdu[2] === packetType.request) bad[at] = (bad[at] ?? 0) ^ 0x10;
      return bad;
    };
    expect(endOf(how, toServer)).toContain(message);
  });

  test('of which a fragment is missing', () => {
    let count = 0;
    const toServer: Between = (pdu) => (pdu[2] === packetType.request && count++ === 1 ? null : pdu);
    expect(endOf(how, toServer)).toContain('its sequence number is');
  });

  test('whose bind was changed to mean another interface', () => {
    const toServer: Between = (pdu) => {
      if (pdu[2] !== packetType.bind && pdu[2] !== packetType.alterContext) return pdu;
      const bad = Buffer.from(pdu);
      const [one, other] = [session, enumeration].map((id) => encode(syntaxId, id).subarray(0, 16));
      const [at, otherAt] = [bad.indexOf(one ?? ''), bad.indexOf(other ?? '')];
      const swapped = Buffer.from(bad.subarray(at, at + 16));
      bad.copy(bad, at, otherAt, otherAt + 16);
      swapped.copy(bad, otherAt);
      return new Uint8Array(bad);
    };
    expect(endOf(how, toServer)).toBe('bad_answer: the client means another interface than was bound');
  });
});

test('a presentation context stays what it is', () => {
  let count = 0;
  const toServer: Between = (pdu) => {
    const bad = pdu.slice();
    if (pdu[2] === packetType.alterContext && count++ === 0) bad[28] = 1;
    return bad;
  };
  expect(endOf('negotiate privacy', toServer)).toBe(
    'bad_answer: presentation context 1 became one of another interface',
  );
});

describe('a verification trailer is refused', () => {
  const facts = { bitmask: null, pcontext: null, header2: null };
  const right = { ptype: 0, callId: 9, contextId: 0, opnum: 4 };

  function endWith(trailer: VerificationTrailer, pfcFlags: number): string {
    const dialogue = new Dialogue({
      how: 'ntlm privacy',
      toServer(pdu) {
        const bad = pdu.slice();
        if (bad[2] === packetType.bind) bad[3] = pfcFlags;
        return bad;
      },
      toClient(pdu) {
        const bad = pdu.slice();
        if (bad[2] === packetType.bindAck) bad[3] = 0x17;
        return bad;
      },
    });
    const stub = encodeVerificationTrailer(trailer);
    dialogue.client.call({ interface: session, opnum: 4, stub: none });
    dialogue.run();
    for (let call = 3; call < 9; call++) dialogue.client.call({ interface: session, opnum: 4, stub: none });
    dialogue.client.call({ interface: session, opnum: 4, stub });
    dialogue.run();
    const last = dialogue.heard.at(-1);
    return last?.kind === 'closed' ? last.error.message : 'still open';
  }

  test.each<[string, VerificationTrailer, string]>([
    ['not where it is right', { ...facts, header2: right }, 'still open'],
    ['of another call', { ...facts, header2: { ...right, callId: 2 } }, 'somebody changed the header of a request'],
    ['of another operation', { ...facts, header2: { ...right, opnum: 5 } }, 'somebody changed the header of a request'],
    [
      'of another transfer syntax',
      { ...facts, pcontext: { interfaceId: session, transferSyntax: session } },
      'the client means another interface than was bound',
    ],
  ])('%s', (_, trailer, message) => {
    expect(endWith(trailer, 0x17)).toBe(message);
  });

  test('where PFC_SUPPORT_HEADER_SIGN was taken out of the bind', () => {
    expect(endWith(facts, 0x13)).toBe('somebody took PFC_SUPPORT_HEADER_SIGN out of the bind');
  });
});

test('whatever a client sends, the server answers or closes, and never breaks', () => {
  const pdu = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.record({ pfcFlags: fc.nat(255), callId: fc.nat(3), contextId: fc.nat(2), opnum: fc.nat(2) }).map(fragment),
    fc.tuple(fc.nat(19), fc.uint8Array({ maxLength: 40 })).map(([ptype, rest]) => {
      const made = Buffer.concat([fragment({ callId: 1 }).subarray(0, 16), rest]);
      made[2] = ptype;
      made.writeUInt16LE(made.length, 8);
      return new Uint8Array(made);
    }),
  );
  fc.assert(
    fc.property(fc.array(pdu, { maxLength: 8 }), (pdus) => {
      const { server } = new Dialogue();
      for (const bytes of pdus) server.receive(bytes);
      server.end();
      const { events } = server.take();
      expect(events.filter(({ kind }) => kind === 'closed')).toHaveLength(1);
    }),
    { numRuns: runs(300) },
  );
});
