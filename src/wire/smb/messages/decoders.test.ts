import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsherError } from '../../../sessions/errors.ts';
import { type Codec, decode, encode } from '../../bytes/codec.ts';
import { frame, FrameStream, takeFrame } from '../frames.ts';
import { close } from './close.ts';
import { type Command, decodeBody, decodeHeader, encodeMessage } from './command.ts';
import { create } from './create.ts';
import { echo } from './echo.ts';
import { error } from './error.ts';
import { pipeInformation } from './file-information.ts';
import { flush } from './flush.ts';
import type { Header } from './header.ts';
import { ioctl } from './ioctl.ts';
import { logoff } from './logoff.ts';
import { negotiate } from './negotiate.ts';
import { pipeWait } from './pipe-wait.ts';
import { queryInfo } from './query-info.ts';
import { read } from './read.ts';
import { sessionSetup } from './session-setup.ts';
import { setInfo } from './set-info.ts';
import { decodeSmb1Negotiate } from './smb1-negotiate.ts';
import { transform } from './transform-header.ts';
import { treeConnect } from './tree-connect.ts';
import { treeDisconnect } from './tree-disconnect.ts';
import { validateNegotiateInfoRequest, validateNegotiateInfoResponse } from './validate-negotiate-info.ts';
import { write } from './write.ts';
import { runs } from '../../testing/runs.ts';

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
const i64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
const bytes = fc.uint8Array({ maxLength: 300 });
const octets = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const ids = fc.array(u16, { maxLength: 8 });
const fileId = fc.record({ persistent: u64, volatile: u64 });
const times = { creationTime: u64, lastAccessTime: u64, lastWriteTime: u64, changeTime: u64, allocationSize: u64 };
const file = { ...times, endOfFile: u64, fileAttributes: u32 };
const contexts = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('preauthIntegrity' as const), hashAlgorithms: ids, salt: bytes }),
    fc.record({ kind: fc.constant('encryption' as const), ciphers: ids }),
    fc.record({ kind: fc.constant('signing' as const), signingAlgorithms: ids }),
    fc.record({ kind: fc.constant('netname' as const), netName: text }),
    fc.record({ kind: fc.constant('other' as const), contextType: fc.constantFrom(3, 6, 7, 0x100), data: bytes }),
  ),
  { maxLength: 6 },
);

interface Case {
  readonly name: string;
  readonly body: Codec<unknown>;
  readonly value: fc.Arbitrary<unknown>;
}

const both = (command: Command<null, null>): readonly Case[] => [
  { name: `${command.name} request`, body: command.request, value: fc.constant(null) },
  { name: `${command.name} response`, body: command.response, value: fc.constant(null) },
];

function pair<A, B>(command: Command<A, B>, request: fc.Arbitrary<A>, response: fc.Arbitrary<B>): readonly Case[] {
  return [
    { name: `${command.name} request`, body: command.request, value: request },
    { name: `${command.name} response`, body: command.response, value: response },
  ];
}

const negotiateResponse = {
  securityMode: u16,
  serverGuid: octets(16),
  capabilities: u32,
  maxTransactSize: u32,
  maxReadSize: u32,
  maxWriteSize: u32,
  systemTime: u64,
  serverStartTime: u64,
  securityBuffer: bytes,
};

const negotiateRequest = { securityMode: u16, capabilities: u32, clientGuid: octets(16) };

const cases: readonly Case[] = [
  ...both(logoff),
  ...both(treeDisconnect),
  ...both(echo),
  ...pair(
    negotiate,
    fc.oneof(
      fc.record({
        ...negotiateRequest,
        dialects: ids.map((others) => [...others, 0x0311]),
        negotiateContexts: contexts,
      }),
      fc.record({
        ...negotiateRequest,
        dialects: ids.map((others) => others.filter((one) => one !== 0x0311)),
        negotiateContexts: fc.constant([]),
      }),
    ),
    fc.oneof(
      fc.record({ ...negotiateResponse, dialectRevision: fc.constant(0x0311), negotiateContexts: contexts }),
      fc.record({ ...negotiateResponse, dialectRevision: fc.constant(0x0302), negotiateContexts: fc.constant([]) }),
    ),
  ),
  ...pair(
    sessionSetup,
    fc.record({ flags: u8, securityMode: u8, capabilities: u32, securityBuffer: bytes, previousSessionId: u64 }),
    fc.record({ sessionFlags: u16, securityBuffer: bytes }),
  ),
  ...pair(
    treeConnect,
    fc.record({ flags: u16, path: text }),
    fc.record({ shareType: u8, shareFlags: u32, capabilities: u32, maximalAccess: u32 }),
  ),
  ...pair(
    create,
    fc.record({
      impersonationLevel: u32,
      desiredAccess: u32,
      fileAttributes: u32,
      shareAccess: u32,
      createDisposition: u32,
      createOptions: u32,
      name: text,
    }),
    fc.record({ oplockLevel: u8, flags: u8, createAction: u32, ...file, fileId }),
  ),
  ...pair(close, fc.record({ flags: u16, fileId }), fc.record({ flags: u16, ...file })),
  ...pair(
    read,
    fc.record({ padding: u8, flags: u8, length: u32, offset: u64, fileId, minimumCount: u32 }),
    fc.record({ data: bytes, dataRemaining: u32, flags: u32 }),
  ),
  ...pair(write, fc.record({ data: bytes, offset: u64, fileId, flags: u32 }), fc.record({ count: u32 })),
  ...pair(
    ioctl,
    fc.record({ ctlCode: u32, fileId, input: bytes, maxInputResponse: u32, maxOutputResponse: u32, flags: u32 }),
    fc.record({ ctlCode: u32, fileId, input: bytes, output: bytes }),
  ),
  ...pair(flush, fc.record({ fileId }), fc.constant(null)),
  ...pair(
    queryInfo,
    fc.record({
      infoType: u8,
      fileInfoClass: u8,
      outputLength: u32,
      input: bytes,
      additionalInformation: u32,
      flags: u32,
      fileId,
    }),
    fc.record({ output: bytes }),
  ),
  ...pair(
    setInfo,
    fc.record({ infoType: u8, fileInfoClass: u8, input: bytes, additionalInformation: u32, fileId }),
    fc.constant(null),
  ),
  {
    name: 'ERROR response',
    body: error,
    value: fc.oneof(
      fc.record({ errorContexts: fc.constant([]), errorData: bytes }),
      fc.record({
        errorContexts: fc.array(fc.record({ errorId: u32, errorContextData: bytes }), { minLength: 1, maxLength: 5 }),
        errorData: fc.constant(new Uint8Array()),
      }),
    ),
  },
];

const start = { creditCharge: u16, status: u32, command: u16, credits: u16, nextCommand: u32, messageId: u64 };
const end = { sessionId: u64, signature: octets(16) };
const header: fc.Arbitrary<Header> = fc.oneof(
  fc.record({ ...start, flags: fc.constant(1), asyncId: fc.constant(null), reserved: u32, treeId: u32, ...end }),
  fc.record({ ...start, flags: fc.constant(3), asyncId: u64, ...end }),
);

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

test.each(cases)('$name survives its journey', ({ name, body, value }) => {
  fc.assert(
    fc.property(header, value, (head, sent) => {
      const message = encodeMessage(head, body, sent);
      expect(decodeHeader(message)).toEqual(head);
      expect(decodeBody(name, body, message)).toEqual(sent);
    }),
  );
});

test.each(cases)('$name, cut or garbled, is a value or a UsherError', ({ name, body, value }) => {
  const bad = fc.tuple(header, value).chain(([head, sent]) => hostile(encodeMessage(head, body, sent)));
  fc.assert(
    fc.property(bad, (message) => {
      expect(defectOf(() => decodeHeader(message))).toBeNull();
      expect(defectOf(() => decodeBody(name, body, message))).toBeNull();
    }),
    { numRuns: runs(300) },
  );
});

test.each([
  ['FSCTL_PIPE_WAIT', pipeWait, fc.record({ timeout: i64, name: text, timeoutSpecified: u8 })],
  [
    'VALIDATE_NEGOTIATE_INFO request',
    validateNegotiateInfoRequest,
    fc.record({ capabilities: u32, guid: octets(16), securityMode: u16, dialects: ids }),
  ],
  [
    'VALIDATE_NEGOTIATE_INFO response',
    validateNegotiateInfoResponse,
    fc.record({ capabilities: u32, guid: octets(16), securityMode: u16, dialect: u16 }),
  ],
  ['FILE_PIPE_INFORMATION', pipeInformation, fc.record({ readMode: u32, completionMode: u32 })],
  [
    'TRANSFORM_HEADER',
    transform,
    fc.record({ signature: octets(16), nonce: octets(16), encrypted: bytes, sessionId: u64 }),
  ],
])('%s survives its journey, and hostile ones are a value or a UsherError', (name, codec: Codec<unknown>, value) => {
  const values: fc.Arbitrary<unknown> = value;
  fc.assert(
    fc.property(values, (sent) => {
      expect(decode(name, codec, encode(codec, sent))).toEqual(sent);
    }),
  );
  const bad = values.chain((sent) => hostile(encode(codec, sent)));
  fc.assert(
    fc.property(bad, (message) => {
      expect(defectOf(() => decode(name, codec, message))).toBeNull();
    }),
  );
});

test('a response before SMB 3.1.1 has no contexts, whatever stands in their place', () => {
  const response = { dialectRevision: 0x0210, securityMode: 1, serverGuid: new Uint8Array(16), capabilities: 0 };
  const sizes = { maxTransactSize: 1, maxReadSize: 1, maxWriteSize: 1, systemTime: 0n, serverStartTime: 0n };
  const head = decodeHeader(encodeMessage(anyHeader, echo.request, null));
  const message = encodeMessage(head, negotiate.response, {
    ...response,
    ...sizes,
    securityBuffer: new Uint8Array(),
    negotiateContexts: [{ kind: 'other', contextType: 3, data: new Uint8Array(4) }],
  });
  expect(decodeBody('NEGOTIATE', negotiate.response, message).negotiateContexts).toEqual([]);
});

const anyHeader: Header = {
  creditCharge: 0,
  status: 0,
  command: 0,
  credits: 0,
  flags: 0,
  nextCommand: 0,
  messageId: 0n,
  asyncId: null,
  reserved: 0,
  treeId: 0,
  sessionId: 0n,
  signature: new Uint8Array(16),
};

test('a token that is longer than its field can say is not sent', () => {
  const value = { sessionFlags: 0, securityBuffer: new Uint8Array(65536) };
  expect(() => encodeMessage(anyHeader, sessionSetup.response, value)).toThrow('a length of 65536 in 2 bytes');
});

test('a frame is taken when it is whole, and what follows is kept', () => {
  const sent = Buffer.concat([frame(Uint8Array.of(1, 2, 3)), frame(Uint8Array.of(4))]);
  for (let length = 0; length < 7; length++) expect(takeFrame(sent.subarray(0, length), 10)).toBeNull();
  const taken = takeFrame(sent, 10);
  expect([...(taken?.message ?? [])]).toEqual([1, 2, 3]);
  expect([...(takeFrame(taken?.rest ?? new Uint8Array(), 10)?.message ?? [])]).toEqual([4]);
});

test('frames are taken out of any pieces', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 9 }), (messages, length) => {
      const sent = Buffer.concat(messages.map((message) => frame(message)));
      const stream = new FrameStream();
      const taken: Uint8Array[] = [];
      for (let at = 0; at < sent.length; at += length) {
        stream.push(sent.subarray(at, at + length));
        for (let one = stream.next(40); one !== null; one = stream.next(40)) taken.push(one);
      }
      expect(taken).toEqual(messages);
    }),
  );
});

/** SMB_COM_NEGOTIATE of these bytes. */
function smb1Negotiate(dialects: Uint8Array): Uint8Array {
  const size = [dialects.length & 0xff, dialects.length >> 8];
  return Buffer.concat([Buffer.from('\xffSMBr', 'latin1'), new Uint8Array(28), Uint8Array.from(size), dialects]);
}

test('a client of SMB 1 tells its dialects', () => {
  const message = smb1Negotiate(Buffer.from('\x02NT LM 0.12\0\x02SMB 2.???\0', 'latin1'));
  expect(decodeSmb1Negotiate(message)).toEqual(['NT LM 0.12', 'SMB 2.???']);
});

test.each([
  ['something that is no dialect', '\x03X\0'],
  ['a dialect without an end', '\x02X'],
])('%s is bad_answer', (complaint, dialects) => {
  expect(() => decodeSmb1Negotiate(smb1Negotiate(Buffer.from(dialects, 'latin1')))).toThrow(
    expect.objectContaining({ code: 'bad_answer', message: expect.stringContaining(complaint) }),
  );
});

test('a request before SMB 3.1.1 has no contexts, whatever stands in their place', () => {
  const request = { dialects: [0x0210, 0x0302], securityMode: 1, capabilities: 0, clientGuid: new Uint8Array(16) };
  const message = encodeMessage(anyHeader, negotiate.request, {
    ...request,
    negotiateContexts: [{ kind: 'other', contextType: 3, data: new Uint8Array(4) }],
  });
  expect(decodeBody('NEGOTIATE', negotiate.request, message).negotiateContexts).toEqual([]);
});

test.each([
  ['is longer than the limit', [0, 0, 0, 11], 'an SMB message of 11 bytes, where 10 are the limit'],
  ['is of NetBIOS', [0x85], 'begins with byte 133'],
])('a frame that %s is bad_answer', (_, received, message) => {
  expect(() => takeFrame(Uint8Array.from(received), 10)).toThrow(
    expect.objectContaining({ code: 'bad_answer', message: expect.stringContaining(message) }),
  );
});
