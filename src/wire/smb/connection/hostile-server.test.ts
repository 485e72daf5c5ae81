import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frame } from '../frames.ts';
import { echo } from '../messages/echo.ts';
import { error } from '../messages/error.ts';
import { ctlCode, ioctl } from '../messages/ioctl.ts';
import { negotiate, type NegotiateResponse } from '../messages/negotiate.ts';
import { read } from '../messages/read.ts';
import { sessionSetup } from '../messages/session-setup.ts';
import { treeConnect } from '../messages/tree-connect.ts';
import { write } from '../messages/write.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { Dialogue, type DialogueFacts, negotiateResponse, pipe } from '../testing/dialogue.ts';
import { bodyOf, type Handler, sessionId } from '../testing/server.ts';
import { limits } from './parameters.ts';
import { runs } from '../../testing/runs.ts';

/** Why the connection was closed before, or after, an ECHO was asked for. */
function closedBy(facts: DialogueFacts): string {
  const dialogue = new Dialogue(facts);
  dialogue.connection.echo();
  dialogue.run();
  const closed = dialogue.events.find((event) => event.kind === 'closed');
  return closed === undefined ? 'not closed' : `${closed.error?.code}: ${closed.error?.message}`;
}

const negotiated =
  (change: (response: NegotiateResponse) => Partial<NegotiateResponse>): Handler =>
  (request, server) => {
    const response = negotiateResponse(server.script);
    return [server.answer(request, negotiate, { ...response, ...change(response) })];
  };

describe('a negotiation is refused', () => {
  const cases: readonly (readonly [string, Handler, string])[] = [
    [
      'with a dialect that was not offered',
      negotiated(() => ({ dialectRevision: 0x02ff })),
      'dialect 0x2ff, which was not offered',
    ],
    [
      'without preauthentication integrity',
      negotiated(() => ({ negotiateContexts: [] })),
      'no hash for preauthentication integrity',
    ],
    [
      'with a context twice',
      negotiated(({ negotiateContexts }) => ({ negotiateContexts: [...negotiateContexts, ...negotiateContexts] })),
      '2 negotiate contexts of one kind',
    ],
    [
      'with a cipher that was not offered',
      negotiated(({ negotiateContexts: [hash] }) => ({
        negotiateContexts: [...(hash === undefined ? [] : [hash]), { kind: 'encryption', ciphers: [9] }],
      })),
      'chose a cipher that was not offered',
    ],
    [
      'with two ciphers',
      negotiated(({ negotiateContexts: [hash] }) => ({
        negotiateContexts: [...(hash === undefined ? [] : [hash]), { kind: 'encryption', ciphers: [1, 2] }],
      })),
      'chose a cipher that was not offered',
    ],
    [
      'with a signing algorithm that was not offered',
      negotiated(({ negotiateContexts: [hash] }) => ({
        negotiateContexts: [...(hash === undefined ? [] : [hash]), { kind: 'signing', signingAlgorithms: [3] }],
      })),
      'chose a signing algorithm that was not offered',
    ],
    ['with payloads that are too small', negotiated(() => ({ maxReadSize: 1024 })), 'less than 65536 bytes'],
    [
      'without credits',
      (request, server) => [server.answer(request, negotiate, negotiateResponse(server.script), { credits: 0 })],
      'grants no credits',
    ],
  ];
  test.each(cases)('%s', (_, handler, message) => {
    expect(closedBy({ handlers: [[negotiate.code, handler]] })).toContain(message);
  });
});

test('a dialect that the client does not want is a downgrade', () => {
  const reason = closedBy({ script: { dialect: '2.1' }, parameters: { dialects: ['3.1.1'] } });
  expect(reason).toBe('unsupported: the host wants SMB dialect 0x210, which was not offered');
});

test('whoever changes the 3.1.1 negotiation on its way is noticed by the signature of the logon', () => {
  const handler: Handler = (request, server) => {
    const answer = server.plain(request, negotiate.response, negotiateResponse(server.script));
    server.hash(request.message);
    server.hash(Uint8Array.from([...answer, 0]));
    return [frame(answer)];
  };
  expect(closedBy({ handlers: [[negotiate.code, handler]] })).toBe(
    'bad_answer: the signature of an SMB message is wrong',
  );
});

describe('whoever changes an older negotiation on its way is noticed by its confirmation', () => {
  const script = { dialect: '3.0', cipher: null, signingAlgorithm: 'aesCmac' } as const;
  const answered =
    (output: Uint8Array): Handler =>
    (request, server) => {
      const { fileId } = bodyOf(request, ioctl);
      const value = { ctlCode: ctlCode.validateNegotiateInfo, fileId, input: new Uint8Array(), output };
      return [server.answer(request, ioctl, value)];
    };
  const attack = 'somebody changed the SMB negotiation on its way';

  test('other values', () => {
    expect(closedBy({ script, handlers: [[ioctl.code, answered(new Uint8Array(24))]] })).toContain(attack);
  });
  test('no values', () => {
    expect(closedBy({ script, handlers: [[ioctl.code, answered(new Uint8Array(3))]] })).toContain(
      'VALIDATE_NEGOTIATE_INFO',
    );
  });
  test('STATUS_ACCESS_DENIED', () => {
    const denied: Handler = (request, server) => [server.error(request, ntStatus.STATUS_ACCESS_DENIED)];
    expect(closedBy({ script, handlers: [[ioctl.code, denied]] })).toContain(attack);
  });
  test('a signed refusal to confirm is that of an old server', () => {
    const old: Handler = (request, server) => [server.error(request, ntStatus.STATUS_INVALID_DEVICE_REQUEST)];
    const dialogue = new Dialogue({ script, handlers: [[ioctl.code, old]] });
    expect(dialogue.last).toMatchObject({ kind: 'ready' });
  });
});

describe('a logon is refused', () => {
  const accepted =
    (sessionFlags: number, protection = { isEncrypted: false, isSigned: true }): Handler =>
    (request, server) => {
      const isFirst = Buffer.from(bodyOf(request, sessionSetup).securityBuffer).toString() === 'token 1';
      server.hash(request.message);
      if (!isFirst) server.establish();
      const status = isFirst ? ntStatus.STATUS_MORE_PROCESSING_REQUIRED : 0;
      const value = { sessionFlags, securityBuffer: new Uint8Array([1]) };
      const message = server.plain(request, sessionSetup.response, value, { sessionId, status });
      if (isFirst) server.hash(message);
      return [server.seal(protection, message)];
    };
  const premature: Handler = (request, server) => {
    const value = { sessionFlags: 0, securityBuffer: new Uint8Array() };
    return [server.answer(request, sessionSetup, value, { sessionId })];
  };
  let session = 1n;
  const changing: Handler = (request, server) => {
    const value = { sessionFlags: 0, securityBuffer: new Uint8Array() };
    const status = ntStatus.STATUS_MORE_PROCESSING_REQUIRED;
    return [server.answer(request, sessionSetup, value, { sessionId: session++, status })];
  };
  const endless: Handler = (request, server) => {
    const value = { sessionFlags: 0, securityBuffer: new Uint8Array() };
    return [
      server.answer(request, sessionSetup, value, { sessionId, status: ntStatus.STATUS_MORE_PROCESSING_REQUIRED }),
    ];
  };
  test.each([
    ['as a guest', accepted(1), 'logon_failed: the host let the user in as a guest'],
    ['as nobody', accepted(2), 'logon_failed: the host let the user in as a guest'],
    [
      'without a signature',
      accepted(0, { isEncrypted: false, isSigned: false }),
      'did not sign its answer STATUS_SUCCESS',
    ],
    ['before it is complete', premature, 'logon_failed: the host ended the logon before it was complete'],
    ['that changes its session', changing, 'changed the SMB session while logging on'],
    ['that never ends', endless, 'logon_failed: there is nothing left to say'],
  ] as const)('%s', (_, handler, message) => {
    expect(closedBy({ handlers: [[sessionSetup.code, handler]] })).toContain(message);
  });

  test('encrypted, where nothing was agreed upon', () => {
    expect(closedBy({ script: { cipher: null }, handlers: [[sessionSetup.code, accepted(4)]] })).toContain(
      'demands encryption',
    );
  });
});

test.each([
  ['is no share of pipes', 1, 0, 'holds no pipes'],
  ['demands encryption that nobody agreed upon', 2, 0x8000, 'IPC$ demands encryption'],
])('IPC$ is refused where it %s', (_, shareType, shareFlags, message) => {
  const handler: Handler = (request, server) => [
    server.answer(request, treeConnect, { shareType, shareFlags, capabilities: 0, maximalAccess: 0 }),
  ];
  expect(closedBy({ script: { cipher: null }, handlers: [[treeConnect.code, handler]] })).toContain(message);
});

describe('an answer closes the connection', () => {
  const signedOnly = { script: { cipher: null } } as const;
  const encrypts = {} as const;
  const badSignature: Handler = (request, server) => {
    const answer = server.answer(request, echo, null);
    answer[4 + 60] = (answer[4 + 60] ?? 0) ^ 1;
    return [answer];
  };
  const twice: Handler = (request, server) => [server.answer(request, echo, null), server.answer(request, echo, null)];
  const pending =
    (count: number, asyncIdOf: (at: number) => bigint | null): Handler =>
    (request, server) =>
      Array.from({ length: count }, (_, at) => {
        const asyncId = asyncIdOf(at);
        return server.error(request, ntStatus.STATUS_PENDING, asyncId === null ? {} : { asyncId });
      });
  const plain: Handler = (request, server) => [frame(server.plain(request, echo.response, null))];
  const changed =
    (changes: object): Handler =>
    (request, server) => [server.answer(request, echo, null, changes)];

  test.each([
    ['without a signature', signedOnly, plain, 'did not sign its answer STATUS_SUCCESS'],
    ['with a wrong signature', signedOnly, badSignature, 'the signature of an SMB message is wrong'],
    ['in plain where it was asked encrypted', encrypts, plain, 'did not encrypt its answer STATUS_SUCCESS'],
    ['with a wrong tag', encrypts, badSignature, 'was changed on its way'],
    ['that comes twice', signedOnly, twice, 'was not sent, or answered it twice'],
    ['that comes twice, encrypted', encrypts, twice, 'was not sent, or answered it twice'],
    ['to nothing that was asked', signedOnly, changed({ messageId: 4711n }), 'MessageId 4711'],
    ['to nobody', signedOnly, changed({ messageId: 2n ** 64n - 1n }), 'was not sent'],
    ['to another command', signedOnly, changed({ command: 8 }), 'command 8'],
    ['of another session', signedOnly, changed({ sessionId: 3n }), 'another SMB session'],
    ['of another session, encrypted', encrypts, changed({ sessionId: 3n }), 'another SMB session'],
    ['that is a request', signedOnly, changed({ flags: 0 }), 'sent an SMB request'],
    ['that is several', signedOnly, changed({ nextCommand: 72 }), 'several SMB answers in one'],
    ['that is pending without end', signedOnly, pending(limits.pendings + 1, () => 5n), 'STATUS_PENDING 9 times'],
    [
      'that is pending without end, encrypted',
      encrypts,
      pending(limits.pendings + 1, () => 5n),
      'STATUS_PENDING 9 times',
    ],
    ['that is pending under changing names', signedOnly, pending(2, (at) => BigInt(at + 1)), 'another AsyncId'],
    ['that is pending without a name', signedOnly, pending(1, () => null), 'without an AsyncId'],
    ['of a protocol that is none', signedOnly, () => [frame(Uint8Array.of(0xff, 0x53, 0x4d, 0x42))], 'protocolId'],
    ['that is empty', signedOnly, () => [frame(new Uint8Array())], 'needs 4 bytes'],
    ['that is too long', signedOnly, () => [Uint8Array.of(0, 0xff, 0xff, 0xff)], 'are the limit'],
    ['that is not SMB', signedOnly, () => [new TextEncoder().encode('HTTP/1.1 400')], 'it is not SMB'],
  ] as const)('%s', (_, facts, handler: Handler, message) => {
    expect(closedBy({ ...facts, handlers: [[echo.code, handler]] })).toContain(message);
  });

  test('under another AsyncId than was told', () => {
    const handler: Handler = (request, server) => [
      server.error(request, ntStatus.STATUS_PENDING, { asyncId: 5n }),
      server.answer(request, echo, null, { asyncId: 6n }),
    ];
    expect(closedBy({ handlers: [[echo.code, handler]] })).toContain('another AsyncId');
  });

  test('encrypted before there are keys', () => {
    const early: Handler = (_, server) => {
      server.establish();
      return [server.seal({ isEncrypted: true, isSigned: false }, new Uint8Array(80))];
    };
    expect(closedBy({ handlers: [[negotiate.code, early]] })).toContain('before there were keys');
  });

  test('with more than was asked for', () => {
    const handler: Handler = (request, server) => [
      server.answer(request, read, { data: new Uint8Array(20), dataRemaining: 0, flags: 0 }),
    ];
    const dialogue = new Dialogue({ handlers: [[read.code, handler]] });
    dialogue.connection.read(pipe, 10);
    dialogue.run();
    expect(dialogue.last).toMatchObject({
      kind: 'closed',
      error: { message: 'the host answered 20 bytes where 10 were asked for' },
    });
  });

  test('with more written than there was', () => {
    const handler: Handler = (request, server) => [server.answer(request, write, { count: 4 })];
    const dialogue = new Dialogue({ handlers: [[write.code, handler]] });
    dialogue.connection.write(pipe, new Uint8Array(3));
    dialogue.run();
    expect(dialogue.last).toMatchObject({
      kind: 'closed',
      error: { message: 'the host wrote 4 bytes of 3 to a pipe' },
    });
  });
});

test('an unsigned interim answer is as it should be', () => {
  const handler: Handler = (request, server) => {
    const value = { errorContexts: [], errorData: new Uint8Array() };
    const interim = server.plain(request, error, value, { status: ntStatus.STATUS_PENDING, asyncId: 5n });
    return [frame(interim), server.answer(request, echo, null, { asyncId: 5n, credits: 0 })];
  };
  const dialogue = new Dialogue({ script: { cipher: null }, handlers: [[echo.code, handler]] });
  dialogue.connection.echo();
  expect(dialogue.run()).toMatchObject([{ kind: 'done' }]);
});

test('answers may come in another order than the requests', () => {
  const kept: Uint8Array[] = [];
  const handler: Handler = (request, server) => {
    kept.unshift(server.answer(request, echo, null));
    return kept.length === 3 ? kept : [];
  };
  const dialogue = new Dialogue({ handlers: [[echo.code, handler]] });
  const tickets = [dialogue.connection.echo(), dialogue.connection.echo(), dialogue.connection.echo()];
  expect(dialogue.run()).toEqual(tickets.toReversed().map((ticket) => ({ kind: 'done', ticket })));
});

test.each([null, 'aes256Gcm'] as const)(
  'any byte of a logon may be wrong: it is ready, waits, or closes (%s)',
  (cipher) => {
    const commands = [negotiate.code, sessionSetup.code, treeConnect.code];
    fc.assert(
      fc.property(
        fc.constantFrom(...commands),
        fc.nat(400),
        fc.integer({ min: 1, max: 255 }),
        (command, at, change) => {
          const usual = new Dialogue().server.handlers.get(command);
          const handler: Handler = (request, server) => {
            const frames = usual?.(request, server) ?? [];
            for (const bytes of frames) if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ change;
            return frames;
          };
          const dialogue = new Dialogue({ script: { cipher }, handlers: [[command, handler]] });
          expect(['ready', 'closed', undefined]).toContain(dialogue.last?.kind);
        },
      ),
      { numRuns: runs(200) },
    );
  },
);

test('noise is never more than a closed connection', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 4 }), fc.boolean(), (pieces, framed) => {
      const dialogue = new Dialogue();
      dialogue.connection.echo();
      for (const piece of pieces) dialogue.connection.receive(framed ? frame(piece) : piece);
      expect([undefined, 'closed', 'ready']).toContain(dialogue.connection.take().events.at(-1)?.kind);
    }),
  );
});
