import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ntowfv1 } from '../../ntlm/keys.ts';
import { NtlmServer } from '../../ntlm/server.ts';
import { serverFacts } from '../../ntlm/testing/logon.ts';
import { encodeStubPdu } from '../association/security.ts';
import { bindAck } from '../pdus/bind-ack.ts';
import { bindNak, rejectReason } from '../pdus/bind-nak.ts';
import { fault } from '../pdus/fault.ts';
import { packetType } from '../pdus/header.ts';
import { encodePdu } from '../pdus/pdu.ts';
import type { PresentationResult } from '../pdus/presentation-result.ts';
import { response } from '../pdus/response.ts';
import { shutdown } from '../pdus/shutdown.ts';
import { ndr, noSyntax } from '../pdus/syntax-id.ts';
import { type Between, Dialogue, type DialogueFacts, enumeration, type How, session } from '../testing/dialogue.ts';
import { runs } from '../../testing/runs.ts';

const call = { interface: session, opnum: 4, stub: new Uint8Array(4000).fill(1) };
const small = { longestFragment: 1432 };
const none = new Uint8Array();

/** How a connection ended on which one call was made: the code and the message. */
function closedBy(facts: DialogueFacts, calls = 1): string {
  const dialogue = new Dialogue({ client: small, ...facts });
  for (let count = 0; count < calls; count++) dialogue.client.call(call);
  dialogue.run();
  const ends = dialogue.events.filter(({ kind }) => kind === 'failed' || kind === 'answered');
  expect(ends).toHaveLength(calls);
  const last = dialogue.events.findLast(({ kind }) => kind === 'closed');
  return last?.kind === 'closed' ? `${last.error.code}: ${last.error.message}` : 'still open';
}

/** Does something to PDUs of a type, and leaves the others alone. */
function only(ptype: number, act: Between): Between {
  return (pdu) => (pdu[2] === ptype ? act(pdu) : pdu);
}

const flipped = (at: number): Between =>
  only(packetType.response, (pdu) => {
    const bad = pdu.slice();
    const index = at < 0 ? pdu.length + at : at;
    bad[index] = (bad[index] ?? 0) ^ 0x40;
    return bad;
  });

const set = (at: number, ...values: readonly number[]): Between =>
  only(packetType.response, (pdu) => {
    const bad = pdu.slice();
    bad.set(values, at < 0 ? pdu.length + at : at);
    return bad;
  });

const secured: readonly How[] = ['ntlm integrity', 'ntlm privacy', 'negotiate privacy'];

describe.each(secured)('a response under %s is bad_answer', (how) => {
  test.each<[string, Between, string]>([
    ['whose signature is another', flipped(-8), 'its checksum is another'],
    ['whose sequence number is another', set(-4, 9), 'its sequence number is 9'],
    ['whose stub data was changed', flipped(30), 'its checksum is another'],
    ['whose flags were changed', flipped(3), 'its checksum is another'],
    ['whose alloc_hint was changed', flipped(17), 'its checksum is another'],
    ['whose presentation context was changed', set(20, 1), 'its checksum is another'],
    ['whose auth_pad_length was changed', set(-22, 4), 'its checksum is another'],
    ['of another auth_type', set(-24, 16), 'has authType 16'],
    ['of a lower level', set(-23, 2), 'has authLevel 2'],
    ['of another security context', set(-20, 7), 'has authContextId 7'],
    ['of another call', flipped(12), 'which does not wait'],
  ])('%s', (_, toClient, message) => {
    expect(closedBy({ how, toClient })).toMatch(/^bad_answer: /);
    expect(closedBy({ how, toClient })).toContain(message);
  });

  test('that is not protected', () => {
    const stripped = only(packetType.response, () =>
      encodeStubPdu(response, { pfcFlags: 3, callId: 2 }, { allocHint: 0, contextId: 0, cancelCount: 0 }, none, null),
    );
    expect(closedBy({ how, toClient: stripped })).toBe('bad_answer: response is not protected, which was agreed upon');
  });

  test('of which a fragment came twice', () => {
    const twice = only(packetType.response, (pdu) => Buffer.concat([pdu, pdu]));
    expect(closedBy({ how, toClient: twice })).toContain('its sequence number is');
  });

  test('whose fragments change places', () => {
    let held: Uint8Array | null = null;
    const swapped = only(packetType.response, (pdu) => {
      if (held === null) {
        held = pdu;
        return null;
      }
      return Buffer.concat([pdu, held]);
    });
    expect(closedBy({ how, toClient: swapped })).toContain('its sequence number is');
  });

  test('that stands in the place of another one', () => {
    const moved = only(packetType.response, (pdu) => {
      const bad = pdu.slice();
      bad[12] = bad[12] === 2 ? 3 : 2;
      return bad;
    });
    expect(closedBy({ how, toClient: moved }, 2)).toContain('its checksum is another');
  });
});

/** A client of an unprotected connection that made one call, which the server does not answer. */
function calling(calls = 1): Dialogue {
  const dialogue = new Dialogue({ client: small, react: () => undefined });
  for (let count = 0; count < calls; count++) dialogue.client.call({ ...call, stub: none });
  dialogue.run();
  return dialogue;
}

interface Fragment {
  readonly pfcFlags?: number;
  readonly callId?: number;
  readonly contextId?: number;
  readonly allocHint?: number;
  readonly stub?: Uint8Array;
}

function fragment({ pfcFlags = 3, callId = 2, contextId = 0, allocHint = 0, stub = none }: Fragment): Uint8Array {
  return encodeStubPdu(response, { pfcFlags, callId }, { allocHint, contextId, cancelCount: 0 }, stub, null);
}

describe('an unprotected connection ends with bad_answer where a response', () => {
  const head = (at: number, ...values: readonly number[]): Uint8Array => {
    const pdu = fragment({ stub: new Uint8Array(24) });
    pdu.set(values, at);
    return pdu;
  };
  test.each<[string, readonly Uint8Array[], string]>([
    [
      'is of a call that does not wait',
      [fragment({ callId: 9 })],
      'the host sent response of call 9, which does not wait',
    ],
    ['comes twice', [fragment({}), fragment({})], 'response of call 2, which does not wait'],
    ['is of another presentation context', [fragment({ contextId: 1 })], 'in another presentation context'],
    ['goes on before it begins', [fragment({ pfcFlags: 2 })], 'went on before it began'],
    ['begins twice', [fragment({ pfcFlags: 1 }), fragment({ pfcFlags: 1 })], 'began twice'],
    ['is shorter than its alloc_hint', [fragment({ allocHint: 40, stub: new Uint8Array(8) })], 'its alloc_hint was 40'],
    ['promises too much', [fragment({ allocHint: 2 ** 31 })], 'has an alloc_hint of 2147483648'],
    ['has too long a frag_length', [head(8, 0xff, 0xff)], 'frag_length of 65535, where 16 to 5840 may be'],
    ['has too short a frag_length', [head(8, 15, 0)], 'frag_length of 15'],
    ['is shorter than its fields', [head(8, 20, 0).subarray(0, 20)], 'needs 2 bytes, where 0 are left'],
    ['has an auth_length', [head(10, 8, 0)], 'protected, which was not agreed upon'],
    ['has an auth_length beyond it', [head(10, 80, 0)], 'auth_length of 80'],
    ['is big-endian', [head(4, 0)], 'packedDrep'],
    ['is a request', [head(2, packetType.request)], 'the host sent request, which was not asked for'],
    ['is a bind_ack', [head(2, packetType.bindAck)], 'the host sent bind_ack, which was not asked for'],
    ['is of no kind that there is', [head(2, 99)], 'the host sent PTYPE 99'],
    ['is text', [Buffer.from('HTTP/1.1 400 Bad Request')], 'rpcVers at byte 1 is 72'],
  ])('%s', (_, pdus, message) => {
    const dialogue = calling();
    for (const pdu of pdus) dialogue.client.receive(pdu);
    expect(dialogue.run().at(-1)).toMatchObject({
      kind: 'closed',
      error: { code: 'bad_answer', message: expect.stringContaining(message) },
    });
  });

  test('never ends, with empty fragments', () => {
    const dialogue = calling();
    dialogue.client.receive(fragment({ pfcFlags: 1 }));
    const more = fragment({ pfcFlags: 0 });
    for (let count = 0; count < 16_384; count++) dialogue.client.receive(more);
    expect(dialogue.run().at(-1)).toMatchObject({ error: { message: 'an RPC call has more than 16384 fragments' } });
  });

  test('never ends, with full fragments of several calls', () => {
    const dialogue = calling(2);
    const stub = new Uint8Array(1408);
    for (const callId of [2, 3]) dialogue.client.receive(fragment({ pfcFlags: 1, callId, stub }));
    for (let count = 0; count < 6000; count++) {
      for (const callId of [2, 3]) dialogue.client.receive(fragment({ pfcFlags: 0, callId, stub }));
    }
    expect(dialogue.run().at(-1)).toMatchObject({ error: { message: 'an RPC call has more than 16777216 bytes' } });
  });
});

test('an answer that ends in the middle of a PDU is connection_lost', () => {
  const dialogue = calling();
  dialogue.client.receive(fragment({}).subarray(0, 20));
  dialogue.client.end();
  expect(dialogue.run()).toMatchObject([
    { kind: 'failed', error: { code: 'connection_lost' } },
    { kind: 'closed', error: { message: 'the host ended the RPC connection in the middle of an answer' } },
  ]);
});

test('a server that shuts down is connection_lost', () => {
  const dialogue = calling();
  dialogue.client.receive(encodePdu(shutdown, { pfcFlags: 3, callId: 0 }, null));
  expect(dialogue.run().at(-1)).toMatchObject({ kind: 'closed', error: { code: 'connection_lost' } });
});

const bound: PresentationResult = { result: 0, reason: 0, transferSyntax: ndr };
const refused: PresentationResult = { result: 2, reason: 1, transferSyntax: noSyntax };

/** Answers a bind with this. */
function answering(changes: Partial<Parameters<typeof bindAck.body.write>[1]>, pfcFlags = 0x17, callId = 1): Between {
  const usual = { maxXmitFrag: 1432, maxRecvFrag: 1432, assocGroupId: 1, secondaryAddress: '' };
  const results = [bound, bound, { result: 3, reason: 0, transferSyntax: noSyntax }];
  return () => encodePdu(bindAck, { pfcFlags, callId }, { ...usual, results, ...changes });
}

describe('a bind ends the connection where the answer', () => {
  test.each<[string, How, Between, string]>([
    ['has too few results', 'none', answering({ results: [bound] }), 'bad_answer: the host answered 1 results for 3'],
    ['has no results', 'none', answering({ results: [] }), 'bad_answer: the host answered 0 results for 3'],
    [
      'binds nothing',
      'none',
      answering({ results: [refused, refused, refused] }),
      'unsupported: the host does not offer',
    ],
    [
      'chooses another transfer syntax',
      'none',
      answering({ results: [{ ...bound, transferSyntax: noSyntax }, bound, refused] }),
      'bad_answer: the host chose a transfer syntax',
    ],
    ['is of another call', 'none', answering({}, 3, 7), 'bad_answer: the host answered call 7 while binding'],
    ['comes in fragments', 'none', answering({}, 1), 'bad_answer: bind_ack came in fragments'],
    [
      'takes too small fragments',
      'none',
      answering({ maxRecvFrag: 100 }),
      'bad_answer: the host takes fragments of 100',
    ],
    ['says nothing of the logon', 'ntlm privacy', answering({}), 'bad_answer: bind_ack is not protected'],
    ['does not sign headers', 'ntlm privacy', answering({}, 0x13), 'unsupported: the host does not sign the headers'],
    ['is a response', 'none', () => fragment({ callId: 1 }), 'bad_answer: the host answered response while binding'],
    [
      'is a fault',
      'negotiate privacy',
      only(packetType.alterContextResp, () => {
        const fields = { allocHint: 0, contextId: 0, cancelCount: 0, flags: 0, status: 5 };
        return encodeStubPdu(fault, { pfcFlags: 3, callId: 1 }, fields, none, null);
      }),
      'logon_failed: the host answered ERROR_ACCESS_DENIED',
    ],
  ])('%s', (_, how, toClient, message) => {
    expect(closedBy({ how, toClient })).toContain(message);
  });

  test.each<[keyof typeof rejectReason | number, string]>([
    ['reason_not_specified', 'unsupported: the host refused: reason_not_specified'],
    ['local_limit_exceeded', 'unreachable: the host refused: local_limit_exceeded'],
    ['protocol_version_not_supported', 'unsupported: the host refused: protocol_version_not_supported'],
    ['authentication_type_not_recognized', 'unsupported: the host refused: authentication_type_not_recognized'],
    ['invalid_checksum', 'logon_failed: the host refused: invalid_checksum'],
    [77, 'unsupported: the host refused: provider_reject_reason 77'],
  ])('is a bind_nak: %s', (name, message) => {
    const providerRejectReason = typeof name === 'number' ? name : rejectReason[name];
    const toClient: Between = () =>
      encodePdu(bindNak, { pfcFlags: 3, callId: 1 }, { providerRejectReason, versions: [{ major: 5, minor: 0 }] });
    expect(closedBy({ how: 'ntlm privacy', toClient })).toBe(message);
  });

  test.each<[How, string]>([
    ['ntlm privacy', 'still open'],
    ['negotiate privacy', 'logon_failed: the host answered ERROR_ACCESS_DENIED'],
  ])('refuses the password, by %s', (how, message) => {
    const acceptor = () => new NtlmServer({ ...serverFacts, ntHashOf: () => ntowfv1('another') });
    const negotiating = how === 'negotiate privacy' ? {} : { server: { acceptor } };
    const wrong = only(packetType.alterContext, (pdu) => {
      const bad = pdu.slice();
      bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 1;
      return bad;
    });
    expect(closedBy({ how, toServer: wrong, ...negotiating })).toBe(message);
  });
});

test('a wrong password of a logon in three legs is told by the first call', () => {
  const acceptor = () => new NtlmServer({ ...serverFacts, ntHashOf: () => ntowfv1('another') });
  const dialogue = new Dialogue({ how: 'ntlm privacy', server: { acceptor } });
  dialogue.client.call(call);
  expect(dialogue.run()).toMatchObject([{ kind: 'failed', error: { code: 'access_denied' }, didNotExecute: true }]);
});

test('features that the host does not know are not used', () => {
  const results = [bound, refused, refused];
  const dialogue = new Dialogue({ toClient: answering({ results }, 0x03) });
  expect(dialogue.events).toMatchObject([
    {
      kind: 'bound',
      multiplexed: false,
      keepsConnectionOnOrphan: false,
      interfaces: [
        { interface: session, refusal: null },
        { interface: enumeration, refusal: { message: expect.stringContaining('abstract_syntax_not_supported') } },
      ],
    },
  ]);
});

test('whatever a server sends, the client answers, fails or closes, and never breaks', () => {
  const change = fc.tuple(fc.nat(), fc.nat(0xff));
  const garbling = fc.array(fc.tuple(fc.nat(12), change), { maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom<How>('none', 'ntlm integrity', 'negotiate privacy'), garbling, (how, garbled) => {
      let count = 0;
      const toClient: Between = (pdu) => {
        const at = count++;
        const bad = pdu.slice();
        for (const [index, [offset, value]] of garbled) if (index === at) bad[offset % bad.length] = value;
        return bad;
      };
      const dialogue = new Dialogue({ how, toClient, client: small, early: [call, call, call] });
      dialogue.client.end();
      dialogue.run();
      const ends = dialogue.events.filter(({ kind }) => kind === 'answered' || kind === 'failed');
      expect(ends).toHaveLength(3);
      const stubs = ends.flatMap((event) => (event.kind === 'answered' && how !== 'none' ? [event.stub] : []));
      expect(stubs).toEqual(stubs.map(() => call.stub));
    }),
    { numRuns: runs(200) },
  );
});
