import { describe, expect, test } from 'vitest';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { frame, takeFrame } from '../frames.ts';
import { decodeHeader } from '../messages/command.ts';
import { create } from '../messages/create.ts';
import { echo } from '../messages/echo.ts';
import { flag } from '../messages/header.ts';
import { logoff } from '../messages/logoff.ts';
import { negotiate } from '../messages/negotiate.ts';
import { treeConnect } from '../messages/tree-connect.ts';
import { TestHost } from './testing/dialogue.ts';
import { createOf, raw, RawClient } from './testing/raw-client.ts';
import { statuses, bodyOf } from './testing/requests.ts';

describe('what was not proven', () => {
  test('is refused where it is not signed', () => {
    const client = RawClient.ready(new TestHost());
    client.protects = 'nothing';
    expect(statuses(client.ask(raw(create, createOf('mirror'))))).toEqual(['STATUS_ACCESS_DENIED']);
    expect(client.isClosed).toBe(false);
  });

  test('is done where a host does not demand signatures', () => {
    const client = RawClient.ready(new TestHost({ signing: 'enabled' }));
    client.protects = 'nothing';
    const [answer] = client.ask(raw(create, createOf('mirror')));
    expect(answer?.header).toMatchObject({ status: 0, flags: flag.serverToRedir });
  });

  test.each(['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'] as const)(
    'ends the connection in %s where a bit was changed',
    (dialect) => {
      const host = new TestHost();
      const client = RawClient.ready(host, dialect);
      const message = Uint8Array.from(client.protect([raw(create, createOf('mirror'))]));
      message[message.length - 1] = (message.at(-1) ?? 0) ^ 1;
      client.connection.receive(frame(message));
      const { send, closed } = client.connection.take();
      expect(closed).toMatchObject({ message: 'the signature of an SMB message is wrong' });
      expect(send.map((framed) => decodeHeader(takeFrame(framed, 4096)?.message ?? framed).status)).toEqual([
        ntStatus.STATUS_ACCESS_DENIED,
      ]);
      expect(host.pipes).toEqual([]);
    },
  );

  test('ends the connection where a bit of what is encrypted was changed', () => {
    const client = RawClient.ready(new TestHost());
    client.protects = 'encrypts';
    const message = Uint8Array.from(client.protect([raw(create, createOf('mirror'))]));
    message[message.length - 1] = (message.at(-1) ?? 0) ^ 1;
    client.connection.receive(frame(message));
    expect(client.connection.take()).toMatchObject({ send: [], closed: { code: 'bad_answer' } });
  });

  test('is refused in the open where the session demands encryption', () => {
    const client = RawClient.ready(new TestHost({ encryption: 'required' }));
    const [answer] = client.ask(raw(treeConnect, { flags: 0, path: '\\\\host\\IPC$' }));
    expect(answer).toMatchObject({ isEncrypted: true, header: { status: ntStatus.STATUS_ACCESS_DENIED } });
  });

  test('connects to no share in SMB 3.1.1, whatever the host demands', () => {
    const client = RawClient.ready(new TestHost({ signing: 'enabled' }));
    client.protects = 'nothing';
    client.ask(raw(treeConnect, { flags: 0, path: '\\\\host\\IPC$' }));
    expect(client.isClosed).toBe(true);
  });
});

describe('a client of SMB 1', () => {
  const smb1 = (...dialects: readonly string[]): Uint8Array => {
    const bytes = Buffer.from(dialects.map((dialect) => `\u0002${dialect}\0`).join(''), 'latin1');
    const size = Uint8Array.of(bytes.length & 0xff, bytes.length >> 8);
    return frame(Buffer.concat([Buffer.from('\u00ffSMBr', 'latin1'), new Uint8Array(28), size, bytes]));
  };

  test('is asked to negotiate again', () => {
    const client = new RawClient(new TestHost());
    client.connection.receive(smb1('NT LM 0.12', 'SMB 2.002', 'SMB 2.???'));
    const [answer] = client.answers();
    expect(bodyOf(negotiate, answer)).toMatchObject({ dialectRevision: 0x02ff });
    client.messageId = 1n;
    expect(bodyOf(negotiate, client.negotiate())).toMatchObject({ dialectRevision: 0x0311 });
  });

  test('that knows SMB 2.0.2 and nothing newer is taken at that', () => {
    const client = new RawClient(new TestHost());
    client.connection.receive(smb1('NT LM 0.12', 'SMB 2.002'));
    expect(bodyOf(negotiate, client.answers()[0])).toMatchObject({ dialectRevision: 0x0202 });
  });

  test.each([
    ['knows nothing else', [smb1('NT LM 0.12')]],
    ['begins twice', [smb1('SMB 2.???'), smb1('SMB 2.???')]],
  ])('that %s is not heard', (_what, messages) => {
    const client = new RawClient(new TestHost());
    for (const message of messages) client.connection.receive(message);
    expect(client.isClosed).toBe(true);
  });
});

describe('before anybody has logged on', () => {
  test.each([
    ['a pipe', raw(create, createOf('mirror')), 'STATUS_USER_SESSION_DELETED'],
    ['a logoff', raw(logoff, null), 'STATUS_USER_SESSION_DELETED'],
    ['an echo', raw(echo, null), 'STATUS_SUCCESS'],
  ])('%s', (_what, request, status) => {
    const client = new RawClient(new TestHost());
    client.negotiate();
    expect(statuses(client.ask(request))).toEqual([status]);
  });

  test.each([
    ['anything but NEGOTIATE', [raw(echo, null)]],
    ['a command that SMB 2 does not have', [raw({ ...echo, code: 99 }, null)]],
    ['a response', [raw(echo, null, { flags: flag.serverToRedir })]],
  ])('%s ends the connection', (_what, requests) => {
    const client = new RawClient(new TestHost());
    for (const request of requests) client.ask(request);
    expect(client.isClosed).toBe(true);
  });
});

test('raw NTLM logs on without SPNEGO', () => {
  const client = RawClient.ready(new TestHost());
  expect(client.connection.load).toEqual({ sessions: 1, opens: 0, parked: 0 });
});
