import { describe, expect, test } from 'vitest';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { cancel } from '../messages/cancel.ts';
import { close } from '../messages/close.ts';
import type { Command } from '../messages/command.ts';
import { create } from '../messages/create.ts';
import { echo } from '../messages/echo.ts';
import { noFile } from '../messages/file-id.ts';
import { flag } from '../messages/header.ts';
import { read } from '../messages/read.ts';
import { write } from '../messages/write.ts';
import { TestHost } from './testing/dialogue.ts';
import { type Answer, createOf, raw, RawClient, related } from './testing/raw-client.ts';
import { statuses, readOf, writeOf, bodyOf } from './testing/requests.ts';

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

  test('that begins with a related request is not done until one is unrelated', () => {
    const client = RawClient.ready(new TestHost());
    const answers = client.ask(
      raw(create, createOf('mirror'), related),
      raw(echo, null, related),
      raw(create, createOf('mirror')),
      raw(write, writeOf('hello'), related),
    );
    expect(statuses(answers)).toEqual([
      'STATUS_INVALID_PARAMETER',
      'STATUS_INVALID_PARAMETER',
      'STATUS_SUCCESS',
      'STATUS_SUCCESS',
    ]);
  });

  test('is filled up to a multiple of eight bytes, an answer alone is not', () => {
    const client = RawClient.ready(new TestHost());
    const lengths = (answers: readonly Answer[]) => answers.map(({ message }) => message.length % 8);
    expect(lengths(client.ask(raw(echo, null), raw(echo, null))).at(-1)).toBe(0);
    expect(lengths(client.ask(raw(echo, null)))).toEqual([4]);
  });

  test.each([
    ['session', { sessionId: 99n }, 'STATUS_USER_SESSION_DELETED'],
    ['share', { treeId: 99 }, 'STATUS_NETWORK_NAME_DELETED'],
  ])('lacks a %s where the request before has none', (_what, head, status) => {
    const client = RawClient.ready(new TestHost({ signing: 'enabled' }));
    client.protects = 'nothing';
    const answers = client.ask(raw(create, createOf('mirror'), head), raw(write, writeOf('x'), related));
    expect(statuses(answers)).toEqual([status, 'STATUS_INVALID_PARAMETER']);
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
