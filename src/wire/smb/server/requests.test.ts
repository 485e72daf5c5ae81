import { describe, expect, test } from 'vitest';
import { type Codec, encode } from '../../bytes/codec.ts';
import { ntStatus, type NtStatusName } from '../../ms-erref/ntstatus.ts';
import { frame, takeFrame } from '../frames.ts';
import { cancel } from '../messages/cancel.ts';
import { close } from '../messages/close.ts';
import { type Command, decodeBody, decodeHeader } from '../messages/command.ts';
import { create } from '../messages/create.ts';
import { echo } from '../messages/echo.ts';
import { fileInformationClass, pipeInformation } from '../messages/file-information.ts';
import { noFile } from '../messages/file-id.ts';
import { flush } from '../messages/flush.ts';
import { flag } from '../messages/header.ts';
import { ctlCode, ioctl, isFsctl } from '../messages/ioctl.ts';
import { logoff } from '../messages/logoff.ts';
import { negotiate } from '../messages/negotiate.ts';
import { infoType, queryInfo } from '../messages/query-info.ts';
import { read } from '../messages/read.ts';
import { setInfo } from '../messages/set-info.ts';
import { treeConnect } from '../messages/tree-connect.ts';
import { treeDisconnect } from '../messages/tree-disconnect.ts';
import { validateNegotiateInfoRequest, validateNegotiateInfoResponse } from '../messages/validate-negotiate-info.ts';
import { write } from '../messages/write.ts';
import { TestHost } from './testing/dialogue.ts';
import { type Answer, createOf, raw, RawClient, related } from './testing/raw-client.ts';

const nameOf = (status: number): string =>
  Object.entries(ntStatus).find(([, code]) => code === status)?.[0] ?? String(status);
const statuses = (answers: readonly Answer[]): readonly string[] => answers.map(({ header }) => nameOf(header.status));
const readOf = (fileId = noFile, length = 100) => ({ padding: 80, flags: 0, length, offset: 0n, fileId, minimumCount: 0 });
const writeOf = (text: string, fileId = noFile) => ({ data: Buffer.from(text), offset: 0n, fileId, flags: 0 });
const ioctlOf = (code: number, fileId = noFile, input: Uint8Array = new Uint8Array()) => ({
  ctlCode: code,
  fileId,
  input,
  maxInputResponse: 0,
  maxOutputResponse: 1024,
  flags: isFsctl,
});
const queryOf = (fileInfoClass: number, fileId = noFile, outputLength = 1000) => ({
  infoType: infoType.file,
  fileInfoClass,
  outputLength,
  input: new Uint8Array(),
  additionalInformation: 0,
  flags: 0,
  fileId,
});
const pipeModes = (readMode: number, completionMode: number, fileId = noFile) => ({
  infoType: infoType.file,
  fileInfoClass: fileInformationClass.pipe,
  input: encode(pipeInformation, { readMode, completionMode }),
  additionalInformation: 0,
  fileId,
});
function bodyOf<T>(command: { readonly name: string; readonly response: Codec<T> }, answer: Answer | undefined): T {
  return decodeBody(command.name, command.response, answer?.message ?? new Uint8Array());
}

describe('a compound', () => {
  test('of related requests opens a pipe, speaks to it and closes it, and is answered as one', () => {
    const client = RawClient.ready(new TestHost());
    const answers = client.ask(
      raw(create, createOf('mirror')),
      raw(write, writeOf('hello'), related),
      raw(read, readOf(), related),
      raw(close, { flags: 0, fileId: noFile }, related),
    );
    expect(statuses(answers)).toEqual(['STATUS_SUCCESS', 'STATUS_SUCCESS', 'STATUS_SUCCESS', 'STATUS_SUCCESS']);
    expect(Buffer.from(bodyOf(read, answers[2]).data).toString()).toBe('olleh');
    expect(answers.map(({ header }) => header.flags & flag.relatedOperations)).toEqual([0, 4, 4, 4]);
    expect(client.connection.load.opens).toBe(0);
  });

  test('of unrelated requests is as if each had come alone', () => {
    const client = RawClient.ready(new TestHost());
    const answers = client.ask(raw(create, createOf('nothing')), raw(echo, null), raw(create, createOf('mirror')));
    expect(statuses(answers)).toEqual(['STATUS_OBJECT_NAME_NOT_FOUND', 'STATUS_SUCCESS', 'STATUS_SUCCESS']);
    expect(client.connection.load.opens).toBe(1);
  });

  test('fails where what it is related to failed', () => {
    const client = RawClient.ready(new TestHost());
    const answers = client.ask(raw(create, createOf('nothing')), raw(read, readOf(), related));
    expect(statuses(answers)).toEqual(['STATUS_OBJECT_NAME_NOT_FOUND', 'STATUS_OBJECT_NAME_NOT_FOUND']);
  });

  test('that begins with a related request is done not at all', () => {
    const client = RawClient.ready(new TestHost());
    const answers = client.ask(raw(create, createOf('mirror'), related), raw(echo, null, related));
    expect(statuses(answers)).toEqual(['STATUS_INVALID_PARAMETER', 'STATUS_INVALID_PARAMETER']);
  });

  test('lacks a file where nothing before is about one', () => {
    const client = RawClient.ready(new TestHost());
    const answers = client.ask(raw(echo, null), raw(read, readOf(), related));
    expect(statuses(answers)).toEqual(['STATUS_SUCCESS', 'STATUS_INVALID_HANDLE']);
  });

  test('may wait with its last request alone', () => {
    const client = RawClient.ready(new TestHost());
    const pipe = client.open('silent');
    const answers = client.ask(raw(read, readOf(pipe)), raw(echo, null), raw(read, readOf(pipe)));
    expect(statuses(answers)).toEqual(['STATUS_INTERNAL_ERROR', 'STATUS_SUCCESS', 'STATUS_PENDING']);
  });

  test('is encrypted as a whole', () => {
    const client = RawClient.ready(new TestHost());
    client.protects = 'encrypts';
    const answers = client.ask(raw(create, createOf('mirror')), raw(write, writeOf('hello'), related));
    expect(answers).toMatchObject([
      { isEncrypted: true, header: { status: 0 } },
      { isEncrypted: true, header: { status: 0 } },
    ]);
  });

  test.each([
    ['that points beyond its end', 4096],
    ['that points into a header', 8],
    ['that is not aligned', 68],
  ])('%s ends the connection', (_what, next) => {
    const client = RawClient.ready(new TestHost());
    client.protects = 'nothing';
    client.ask(raw(echo, null, { nextCommand: next }));
    expect(client.isClosed).toBe(true);
  });
});

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

  test.each(['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'] as const)('ends the connection in %s where a bit was changed', (dialect) => {
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
  });

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

describe('credits', () => {
  test('are granted as they are asked for, up to the limit', () => {
    const client = RawClient.ready(new TestHost({ credits: 100 }));
    const [answer] = client.ask(raw(echo, null, { credits: 1000 }));
    expect(answer?.header.credits).toBeGreaterThan(50);
    const [next] = client.ask(raw(echo, null, { credits: 1000 }));
    expect(next?.header.credits).toBe(1);
  });

  test('may be used in any order, but each once', () => {
    const client = RawClient.ready(new TestHost());
    client.messageId += 2n;
    expect(statuses(client.ask(raw(echo, null)))).toEqual(['STATUS_SUCCESS']);
    client.messageId -= 3n;
    expect(statuses(client.ask(raw(echo, null)))).toEqual(['STATUS_SUCCESS']);
    client.messageId -= 1n;
    client.ask(raw(echo, null));
    expect(client.isClosed).toBe(true);
  });

  test('that were not granted end the connection', () => {
    const client = RawClient.ready(new TestHost());
    client.messageId += 1000n;
    client.ask(raw(echo, null));
    expect(client.isClosed).toBe(true);
  });

  test('are taken for as many bytes as may be read', () => {
    const client = RawClient.ready(new TestHost());
    const pipe = client.open('silent');
    expect(statuses(client.ask(raw(read, readOf(pipe, 65537), { creditCharge: 1 })))).toEqual([
      'STATUS_INVALID_PARAMETER',
    ]);
    expect(statuses(client.ask(raw(read, readOf(pipe, 65537), { creditCharge: 2 })))).toEqual(['STATUS_PENDING']);
    client.messageId += 1n;
    expect(statuses(client.ask(raw(echo, null)))).toEqual(['STATUS_SUCCESS']);
  });

  test('are granted by the interim answer, not by the last one', () => {
    const host = new TestHost();
    const client = RawClient.ready(host);
    const pipe = client.open('silent');
    const [interim] = client.ask(raw(read, readOf(pipe), { credits: 7 }));
    expect(interim?.header).toMatchObject({ status: ntStatus.STATUS_PENDING, credits: 7 });
    host.lastPipe.client.send(Buffer.from('x'));
    const [last] = client.answers();
    expect(last?.header).toMatchObject({ status: 0, credits: 0, asyncId: interim?.header.asyncId });
  });
});

test.each(['async', 'sync'] as const)('a read is cancelled by its %s id, and the CANCEL is not answered', (kind) => {
  const client = RawClient.ready(new TestHost());
  const pipe = client.open('silent');
  const [interim] = client.ask(raw(read, readOf(pipe)));
  const { asyncId = null, messageId = 0n } = interim?.header ?? {};
  const head = kind === 'async' ? { flags: flag.asyncCommand, asyncId: asyncId ?? 0n, messageId } : { messageId };
  expect(client.ask(raw(cancel as Command<null, null>, null, head))).toMatchObject([
    { header: { status: ntStatus.STATUS_CANCELLED, asyncId, messageId } },
  ]);
});

test('a CANCEL of what does not wait is not answered', () => {
  const client = RawClient.ready(new TestHost());
  expect(client.ask(raw(cancel as Command<null, null>, null, { messageId: 1n }))).toEqual([]);
});

describe('a pipe', () => {
  test.each(Object.entries(fileInformationClass))('tells of itself: %s', (_name, fileInfoClass) => {
    const client = RawClient.ready(new TestHost());
    const pipe = client.open('silent');
    const [answer] = client.ask(raw(queryInfo, queryOf(fileInfoClass, pipe)));
    expect(answer?.header.status).toBe(0);
    const { length } = bodyOf(queryInfo, answer).output;
    const [tooShort] = client.ask(raw(queryInfo, queryOf(fileInfoClass, pipe, length - 1)));
    expect(tooShort?.header.status).toBe(ntStatus.STATUS_INFO_LENGTH_MISMATCH);
  });

  test('that is read as a stream stays so, and gives as much as there is', () => {
    const host = new TestHost();
    const client = RawClient.ready(host);
    const pipe = client.open('silent');
    expect(statuses(client.ask(raw(setInfo, pipeModes(0, 0, pipe))))).toEqual(['STATUS_SUCCESS']);
    for (const text of ['one', 'two', 'three']) host.lastPipe.client.send(Buffer.from(text));
    const [answer] = client.ask(raw(read, readOf(pipe, 8)));
    expect(Buffer.from(bodyOf(read, answer).data).toString()).toBe('onetwoth');
    expect(statuses(client.ask(raw(setInfo, pipeModes(1, 0, pipe))))).toEqual(['STATUS_INVALID_PARAMETER']);
  });

  test('that does not block is empty', () => {
    const client = RawClient.ready(new TestHost());
    const pipe = client.open('silent');
    client.ask(raw(setInfo, pipeModes(1, 1, pipe)));
    expect(statuses(client.ask(raw(read, readOf(pipe))))).toEqual(['STATUS_PIPE_EMPTY']);
  });

  test('is looked into without being read', () => {
    const host = new TestHost();
    const client = RawClient.ready(host);
    const pipe = client.open('silent');
    host.lastPipe.client.send(Buffer.from('hello'));
    const [answer] = client.ask(raw(ioctl, ioctlOf(ctlCode.pipePeek, pipe)));
    expect(Buffer.from(bodyOf(ioctl, answer).output.subarray(16)).toString()).toBe('hello');
    expect(statuses(client.ask(raw(read, readOf(pipe))))).toEqual(['STATUS_SUCCESS']);
  });

  test('is flushed at once where nothing that was written waits, and later otherwise', () => {
    const host = new TestHost();
    const client = RawClient.ready(host);
    const pipe = client.open('silent');
    expect(statuses(client.ask(raw(flush, { fileId: pipe })))).toEqual(['STATUS_SUCCESS']);
    host.lastPipe.client.send(new Uint8Array(2 ** 20 + 1));
    expect(statuses(client.ask(raw(write, writeOf('x', pipe))))).toEqual(['STATUS_PENDING']);
    expect(statuses(client.ask(raw(flush, { fileId: pipe })))).toEqual(['STATUS_PENDING']);
    const answers = client.ask(raw(read, readOf(pipe)));
    expect(statuses(answers)).toEqual(['STATUS_SUCCESS', 'STATUS_SUCCESS', 'STATUS_BUFFER_OVERFLOW']);
  });

  test.each([
    ['read', 0x2, raw(read, readOf())],
    ['written', 0x1, raw(write, writeOf('x'))],
    ['told of', 0x3, raw(queryInfo, queryOf(fileInformationClass.pipe))],
    ['set', 0x3, raw(setInfo, pipeModes(1, 0))],
  ])('that was not opened for it is not %s', (_what, access, { command, body }) => {
    const client = RawClient.ready(new TestHost());
    const answers = client.ask(raw(create, createOf('silent', access)), { command, body, head: related });
    expect(statuses(answers)).toEqual(['STATUS_SUCCESS', 'STATUS_ACCESS_DENIED']);
  });

  test('that is closed is not there any more', () => {
    const client = RawClient.ready(new TestHost());
    const pipe = client.open('silent');
    expect(statuses(client.ask(raw(close, { flags: 1, fileId: pipe })))).toEqual(['STATUS_SUCCESS']);
    expect(statuses(client.ask(raw(read, readOf(pipe))))).toEqual(['STATUS_FILE_CLOSED']);
  });

  test.each([
    ['\\silent', 'STATUS_OBJECT_NAME_INVALID'],
    ['s'.repeat(257), 'STATUS_OBJECT_NAME_INVALID'],
    ['', 'STATUS_OBJECT_NAME_NOT_FOUND'],
  ])('is not called %j', (name, status) => {
    const client = RawClient.ready(new TestHost());
    expect(statuses(client.ask(raw(create, createOf(name))))).toEqual([status]);
  });
});

describe('a control code', () => {
  test.each<[string, number, NtStatusName]>([
    ['for referrals', ctlCode.dfsGetReferrals, 'STATUS_FS_DRIVER_REQUIRED'],
    ['for the network', ctlCode.queryNetworkInterfaceInfo, 'STATUS_NOT_SUPPORTED'],
    ['for files', 0x000900a4, 'STATUS_INVALID_DEVICE_REQUEST'],
  ])('%s is refused', (_what, code, status) => {
    const client = RawClient.ready(new TestHost());
    expect(statuses(client.ask(raw(ioctl, ioctlOf(code))))).toEqual([status]);
  });

  test.each([
    ['the same', 0, 'STATUS_SUCCESS'],
    ['another', 1, null],
  ])('asks whether the negotiation was %s', (_what, change, status) => {
    const client = RawClient.ready(new TestHost(), '3.0.2');
    const info = { capabilities: 0x44 + change, guid: new Uint8Array(16), securityMode: 1, dialects: [0x0302] };
    const input = encode(validateNegotiateInfoRequest, info);
    const [answer] = client.ask(raw(ioctl, ioctlOf(ctlCode.validateNegotiateInfo, noFile, input)));
    expect(answer === undefined ? null : nameOf(answer.header.status)).toBe(status);
    expect(client.isClosed).toBe(status === null);
    if (status === null) return;
    const guid = new Uint8Array(16).fill(0x5e);
    const told = { capabilities: 0x44, guid, securityMode: 3, dialect: 0x0302 };
    expect(bodyOf(ioctl, answer).output).toEqual(encode(validateNegotiateInfoResponse, told));
  });
});

describe('a share', () => {
  const host = () =>
    new TestHost({
      shares: [
        { name: 'ADMIN$', admits: ({ user }) => user === 'admin' },
        { name: 'C$', admits: () => true },
      ],
    });
  const connect = (path: string) => raw(treeConnect, { flags: 0, path });

  test.each([
    ['\\\\host\\ipc$', 'STATUS_SUCCESS'],
    ['\\\\host\\c$', 'STATUS_SUCCESS'],
    ['\\\\host\\admin$', 'STATUS_ACCESS_DENIED'],
    ['\\\\host\\data', 'STATUS_BAD_NETWORK_NAME'],
    ['host', 'STATUS_INVALID_PARAMETER'],
  ])('%s is %s', (path, status) => {
    expect(statuses(RawClient.ready(host()).ask(connect(path)))).toEqual([status]);
  });

  test('of files has none', () => {
    const answers = RawClient.ready(host()).ask(connect('\\\\host\\C$'), raw(create, createOf('silent'), related));
    expect(statuses(answers)).toEqual(['STATUS_SUCCESS', 'STATUS_OBJECT_NAME_NOT_FOUND']);
  });

  test('that is left closes what was open in it', () => {
    const client = RawClient.ready(host());
    const pipe = client.open('silent');
    expect(statuses(client.ask(raw(treeDisconnect, null)))).toEqual(['STATUS_SUCCESS']);
    expect(statuses(client.ask(raw(read, readOf(pipe))))).toEqual(['STATUS_NETWORK_NAME_DELETED']);
    expect(client.connection.load.opens).toBe(0);
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
