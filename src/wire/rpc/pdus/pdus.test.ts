import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsherError } from '../../../sessions/errors.ts';
import { fromHex, toHex } from '../../crypto/testing/vectors.ts';
import { alterContext } from './alter-context.ts';
import { alterContextResp } from './alter-context-resp.ts';
import { auth3 } from './auth3.ts';
import { bind } from './bind.ts';
import { bindAck } from './bind-ack.ts';
import { bindNak } from './bind-nak.ts';
import { featureSyntax, offeredFeatures } from './bind-time-features.ts';
import { coCancel } from './co-cancel.ts';
import { fault } from './fault.ts';
import { packetName } from './header.ts';
import { orphaned } from './orphaned.ts';
import { decodeBody, decodePdu, encodePdu, type PduKind } from './pdu.ts';
import { request } from './request.ts';
import { response } from './response.ts';
import { shutdown } from './shutdown.ts';
import { ndr } from './syntax-id.ts';
import {
  encodeVerificationTrailer,
  takeVerificationTrailer,
  type VerificationTrailer,
} from './verification-trailer.ts';
import { runs } from '../../testing/runs.ts';

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const syntax = fc.record({ uuid: fc.uuid(), major: u16, minor: u16 });
const context = fc.record({
  contextId: u16,
  transferSyntaxes: fc.array(syntax, { maxLength: 3 }),
  abstractSyntax: syntax,
});
const result = fc.record({ result: u16, reason: u16, transferSyntax: syntax });
const binding = { maxXmitFrag: u16, maxRecvFrag: u16, assocGroupId: u32 };
const bindValue = fc.record({ ...binding, contexts: fc.array(context, { maxLength: 5 }) });
const bindAckValue = fc.record({
  ...binding,
  secondaryAddress: fc.constantFrom('', '135', '\\PIPE\\LSM_API_service'),
  results: fc.array(result, { maxLength: 5 }),
});
const version = fc.record({ major: u8, minor: u8 });
const nothing = fc.constant(null);

interface Case {
  readonly name: string;
  readonly kind: PduKind<unknown>;
  readonly value: fc.Arbitrary<unknown>;
}

function of<T>(kind: PduKind<T>, value: fc.Arbitrary<T>): Case {
  return { name: packetName(kind.ptype), kind, value };
}

const cases: readonly Case[] = [
  of(bind, bindValue),
  of(bindAck, bindAckValue),
  of(bindNak, fc.record({ providerRejectReason: u16, versions: fc.array(version, { maxLength: 4 }) })),
  of(alterContext, bindValue),
  of(alterContextResp, bindAckValue),
  of(auth3, nothing),
  of(request, fc.record({ allocHint: u32, contextId: u16, opnum: u16 })),
  of(response, fc.record({ allocHint: u32, contextId: u16, cancelCount: u8 })),
  of(fault, fc.record({ allocHint: u32, contextId: u16, cancelCount: u8, flags: u8, status: u32 })),
  of(coCancel, nothing),
  of(orphaned, nothing),
  of(shutdown, nothing),
];

const token = fc.uint8Array({ minLength: 1, maxLength: 60 });
const verifier = fc.option(fc.record({ authType: u8, authLevel: u8, authContextId: u32, token }), { nil: undefined });
const head = fc.record({ pfcFlags: u8, callId: u32 });

/** What is thrown besides a {@link UsherError}. */
function defectOf(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof UsherError ? null : error;
  }
}

/** Every beginning of the bytes, and the bytes with some of them changed. */
function hostile(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const cut = fc.nat(good.length).map((length) => good.subarray(0, length));
  const change = fc.tuple(fc.nat(Math.max(0, good.length - 1)), u8);
  const garbled = fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
    const bad = good.slice();
    for (const [at, value] of changes) bad[at] = value;
    return bad;
  });
  return fc.oneof(cut, garbled);
}

describe.each(cases)('$name', ({ kind, value }) => {
  test('survives its journey, with what is said of a logon', () => {
    fc.assert(
      fc.property(head, value, verifier, (start, sent, auth) => {
        const pdu = decodePdu(encodePdu(kind, start, sent, auth));
        expect(pdu.header).toMatchObject({ ...start, ptype: kind.ptype });
        expect(decodeBody(kind, pdu).value).toEqual(sent);
        const padding = { authPadLength: pdu.paddingEnd - pdu.bodyEnd };
        expect(pdu.verifier).toEqual(auth === undefined ? null : { ...auth, ...padding });
      }),
    );
  });

  test('cut or garbled, is a value or a UsherError', () => {
    const bad = fc
      .tuple(head, value, verifier)
      .chain(([start, sent, auth]) => hostile(encodePdu(kind, start, sent, auth)));
    fc.assert(
      fc.property(bad, (bytes) => {
        expect(defectOf(() => decodeBody(kind, decodePdu(bytes)))).toBeNull();
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('a PDU is bad_answer', () => {
  const good = encodePdu(
    bind,
    { pfcFlags: 3, callId: 1 },
    { maxXmitFrag: 4280, maxRecvFrag: 4280, assocGroupId: 0, contexts: [] },
    { authType: 10, authLevel: 6, authContextId: 1, token: new Uint8Array(16) },
  );
  const changed = (at: number, ...values: readonly number[]): Uint8Array => {
    const bad = good.slice();
    bad.set(values, at);
    return bad;
  };

  test.each([
    ['of another major version', changed(0, 4), 'rpcVers at byte 1 is 4, where 5 must be'],
    ['of another minor version', changed(1, 1), 'rpcVersMinor at byte 2 is 1, where 0 must be'],
    ['big-endian', changed(4, 0), 'packedDrep at byte 8 is 0, where 16 must be'],
    ['of EBCDIC', changed(4, 0x11), 'packedDrep at byte 8 is 17, where 16 must be'],
    ['shorter than it says', good.subarray(0, -1), 'bytes, where its frag_length is'],
    ['longer than it says', Buffer.concat([good, good]), 'bytes, where its frag_length is'],
    ['with a token that is longer than it', changed(10, 200), 'auth_length of 200'],
    ['with more padding than body', changed(good.length - 22, 200), 'auth_pad_length of 200'],
  ])('%s', (_, bytes, message) => {
    expect(() => decodePdu(bytes)).toThrow(
      expect.objectContaining({ code: 'bad_answer', message: expect.stringContaining(message) }),
    );
  });
});

test('a token that makes a PDU longer than a PDU can be is unsupported', () => {
  const auth = { authType: 9, authLevel: 6, authContextId: 1, token: new Uint8Array(65_530) };
  expect(() => encodePdu(auth3, { pfcFlags: 3, callId: 1 }, null, auth)).toThrow(
    expect.objectContaining({ code: 'unsupported' }),
  );
});

test('a bind_nak that ends after its reason, and one with extended error information, are read', () => {
  const short = fromHex('05000d031000000012000000010000000200');
  expect(decodeBody(bindNak, decodePdu(short)).value).toEqual({ providerRejectReason: 2, versions: [] });
  const long = fromHex(`05000d031000000028000000010000000800010500${'00'.repeat(19)}`);
  expect(decodeBody(bindNak, decodePdu(long)).value).toEqual({
    providerRejectReason: 8,
    versions: [{ major: 5, minor: 0 }],
  });
});

test('features are offered as the specification writes them', () => {
  expect(featureSyntax(3).uuid).toBe('6cb71c2c-9812-4540-0300-000000000000');
  expect([offeredFeatures(featureSyntax(2)), offeredFeatures(ndr)]).toEqual([2, null]);
});

describe('a verification trailer', () => {
  const option = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value);
  const trailer: fc.Arbitrary<VerificationTrailer> = fc.record({
    bitmask: option(fc.record({ bits: u32 })),
    pcontext: fc.record({ interfaceId: syntax, transferSyntax: syntax }),
    header2: option(fc.record({ ptype: u8, callId: u32, contextId: u16, opnum: u16 })),
  });
  const words = fc.nat(50).map((count) => count * 4);

  test('is taken off the stub data that it follows', () => {
    fc.assert(
      fc.property(words, trailer, (length, sent) => {
        const stub = new Uint8Array(length).fill(7);
        const { stub: left, trailer: taken } = takeVerificationTrailer(
          Buffer.concat([stub, encodeVerificationTrailer(sent)]),
        );
        expect([toHex(left), taken]).toEqual([toHex(stub), sent]);
      }),
    );
  });

  test('has the form that a server which is not ours has read', () => {
    const interfaceId = { uuid: '484809d6-4239-471b-b5bc-61df8c23ac48', major: 1, minor: 0 };
    const sent = { bitmask: { bits: 1 }, pcontext: { interfaceId, transferSyntax: ndr }, header2: null };
    expect(toHex(encodeVerificationTrailer(sent))).toBe(
      '8ae3137102f43671' +
        '0100040001000000' +
        '02402800d609484839421b47b5bc61df8c23ac4801000000045d888aeb1cc9119fe808002b10486002000000',
    );
  });

  test('is not where there is none', () => {
    const stub = new Uint8Array(500).fill(0x8a);
    expect(takeVerificationTrailer(stub)).toEqual({ stub, trailer: null });
  });

  test('ignores a command that is not known, unless it must be processed', () => {
    const unknown = (flags: string): Uint8Array => fromHex(`8ae3137102f43671${flags}0400aaaaaaaa0140040001000000`);
    expect(takeVerificationTrailer(unknown('0900')).trailer).toMatchObject({ bitmask: { bits: 1 } });
    expect(() => takeVerificationTrailer(unknown('0980'))).toThrow('demands command 9, which is not known');
  });

  test('cut or garbled, is a value or a UsherError', () => {
    const bad = trailer.chain((sent) => hostile(encodeVerificationTrailer(sent)));
    fc.assert(
      fc.property(bad, (bytes) => {
        expect(defectOf(() => takeVerificationTrailer(bytes))).toBeNull();
      }),
      { numRuns: runs(500) },
    );
  });
});
