import { describe, expect, test } from 'vitest';
import { encode } from '../../bytes/codec.ts';
import { ntStatus, type NtStatusName } from '../../ms-erref/ntstatus.ts';
import { close } from '../messages/close.ts';
import { create } from '../messages/create.ts';
import { fileInformationClass } from '../messages/file-information.ts';
import { noFile } from '../messages/file-id.ts';
import { flush } from '../messages/flush.ts';
import { ctlCode, ioctl } from '../messages/ioctl.ts';
import { queryInfo } from '../messages/query-info.ts';
import { read } from '../messages/read.ts';
import { setInfo } from '../messages/set-info.ts';
import { treeConnect } from '../messages/tree-connect.ts';
import { treeDisconnect } from '../messages/tree-disconnect.ts';
import { validateNegotiateInfoRequest, validateNegotiateInfoResponse } from '../messages/validate-negotiate-info.ts';
import { write } from '../messages/write.ts';
import { TestHost } from './testing/dialogue.ts';
import { createOf, raw, RawClient, related } from './testing/raw-client.ts';
import { nameOf, statuses, readOf, writeOf, ioctlOf, queryOf, pipeModes, bodyOf } from './testing/requests.ts';

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
    expect(
      statuses(client.ask(raw(ioctl, ioctlOf(code, code === 0x000900a4 ? client.open('silent') : noFile)))),
    ).toEqual([status]);
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
