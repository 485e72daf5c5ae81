import { expect, test } from 'vitest';
import { cancel } from '../messages/cancel.ts';
import { echo } from '../messages/echo.ts';
import { flag } from '../messages/header.ts';
import { negotiate } from '../messages/negotiate.ts';
import { read } from '../messages/read.ts';
import { sessionSetup } from '../messages/session-setup.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { Dialogue, pipe } from '../testing/dialogue.ts';
import { TwoTokens } from '../testing/initiator.ts';
import { bodyOf, type Handler, sessionId } from '../testing/server.ts';
import { ciphers, signingAlgorithms } from '../keys/algorithms.ts';
import { limits } from './parameters.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ['2.0.2', null, 'hmacSha256'],
  ['2.1', null, 'hmacSha256'],
  ['3.0', null, 'aesCmac'],
  ['3.0', 'aes128Ccm', 'aesCmac'],
  ['3.0.2', 'aes128Ccm', 'aesCmac'],
  ...ciphers.map((cipher) => ['3.1.1', cipher, 'aesGmac'] as const),
  ...signingAlgorithms.map((algorithm) => ['3.1.1', null, algorithm] as const),
] as const)('SMB %s with %s and %s: from the negotiation to the pipe and back', (dialect, cipher, signingAlgorithm) => {
  const initiator = new TwoTokens();
  const dialogue = new Dialogue({ script: { dialect, cipher, signingAlgorithm }, parameters: { initiator } });
  expect(dialogue.events).toMatchObject([{ kind: 'ready', dialect, cipher, signingAlgorithm, sessionId }]);
  expect(initiator.heard).toEqual(['offer', 'challenge', 'accepted']);
  const { connection } = dialogue;
  connection.open('LSM_API_service');
  connection.write(pipe, Buffer.from('ask'));
  connection.read(pipe, 4096);
  connection.transceive(pipe, Buffer.from('abc'), 4096);
  connection.wait('LSM_API_service', 1000);
  connection.close(pipe);
  connection.echo();
  expect(dialogue.run()).toMatchObject([
    { kind: 'opened', ticket: 1, pipe },
    { kind: 'written', ticket: 2, count: 3 },
    { kind: 'read', ticket: 3, data: bytes('what was read'), more: false },
    { kind: 'read', ticket: 4, data: bytes('cba') },
    { kind: 'done', ticket: 5 },
    { kind: 'done', ticket: 6 },
    { kind: 'done', ticket: 7 },
  ]);
  connection.logOff();
  expect(dialogue.run()).toEqual([{ kind: 'closed', error: null }]);
  const sealed = dialogue.server.requests.slice(3);
  expect(new Set(sealed.map(({ isEncrypted }) => isEncrypted))).toEqual(new Set([cipher !== null]));
});

test('what is asked before there is a session waits', () => {
  const dialogue = new Dialogue({ handlers: [[negotiate.code, () => []]] });
  dialogue.connection.echo();
  expect(dialogue.run()).toEqual([]);
  expect(dialogue.server.requests).toHaveLength(1);
});

test('a session that was cut off is named to the server', () => {
  const { server } = new Dialogue({ parameters: { previousSessionId: 99n } });
  const setups = server.requests.filter(({ header }) => header.command === sessionSetup.code);
  expect(setups.map((request) => bodyOf(request, sessionSetup).previousSessionId)).toEqual([99n, 99n]);
});

test('requests wait for credits, and no MessageId comes twice', () => {
  const dialogue = new Dialogue({ script: { credits: 1 } });
  for (let count = 0; count < 20; count++) dialogue.connection.echo();
  expect(dialogue.connection.take().send).toHaveLength(1);
  const next = new Dialogue({ script: { credits: 1 } });
  for (let count = 0; count < 20; count++) next.connection.echo();
  expect(next.run()).toHaveLength(20);
  expect(next.server.requests.map(({ header }) => header.messageId)).toEqual(
    Array.from({ length: 24 }, (_, at) => BigInt(at)),
  );
  expect(next.server.requests[0]?.header.credits).toBe(512);
});

test('a long read costs as many credits as it has pieces of 64 KiB', () => {
  const dialogue = new Dialogue();
  dialogue.connection.read(pipe, 200_000);
  dialogue.connection.echo();
  dialogue.run();
  const [long, short] = dialogue.server.requests.slice(-2);
  expect([long?.header.creditCharge, short?.header.creditCharge]).toEqual([4, 1]);
  expect(short?.header.messageId).toBe((long?.header.messageId ?? 0n) + 4n);
});

test('a message that is longer than the read says that there is more', () => {
  const handler: Handler = (request, server) => [
    server.answer(
      request,
      read,
      { data: bytes('half'), dataRemaining: 0, flags: 0 },
      { status: ntStatus.STATUS_BUFFER_OVERFLOW },
    ),
  ];
  const dialogue = new Dialogue({ handlers: [[read.code, handler]] });
  dialogue.connection.read(pipe, 4);
  expect(dialogue.run()).toMatchObject([{ kind: 'read', data: bytes('half'), more: true }]);
});

test.each([
  ['STATUS_ACCESS_DENIED', 'access_denied'],
  ['STATUS_PIPE_BROKEN', 'connection_lost'],
  ['STATUS_INVALID_PARAMETER', 'bad_answer'],
] as const)('%s fails the request as %s, and the connection goes on', (status, code) => {
  const handler: Handler = (request, server) => [server.error(request, ntStatus[status])];
  const dialogue = new Dialogue({ handlers: [[read.code, handler]] });
  dialogue.connection.read(pipe, 4);
  const message = expect.stringContaining(`reading from a pipe: the host answered ${status}: `) as string;
  expect(dialogue.run()).toMatchObject([{ kind: 'failed', status: ntStatus[status], error: { code, message } }]);
  dialogue.connection.echo();
  expect(dialogue.run()).toMatchObject([{ kind: 'done' }]);
});

test('a status without a name is told by its number', () => {
  const handler: Handler = (request, server) => [server.error(request, 0xc0001234)];
  const dialogue = new Dialogue({ handlers: [[read.code, handler]] });
  dialogue.connection.read(pipe, 4);
  expect(dialogue.run()).toMatchObject([{ error: { message: expect.stringContaining('NTSTATUS 0xC0001234') } }]);
});

test('a read that was answered STATUS_PENDING ends later, under its AsyncId', () => {
  const pending: Handler = (request, server) => [
    server.error(request, ntStatus.STATUS_PENDING, { asyncId: 77n }),
    server.answer(request, read, { data: bytes('late'), dataRemaining: 0, flags: 0 }, { asyncId: 77n, credits: 0 }),
  ];
  const dialogue = new Dialogue({ handlers: [[read.code, pending]] });
  dialogue.connection.read(pipe, 10);
  expect(dialogue.run()).toMatchObject([{ kind: 'read', data: bytes('late') }]);
});

test.each([null, 'aes128Gcm'] as const)('a pending read is cancelled by its AsyncId (%s)', (cipher) => {
  let reading: Parameters<Handler>[0] | null = null;
  const pending: Handler = (request, server) => {
    reading = request;
    return [server.error(request, ntStatus.STATUS_PENDING, { asyncId: 77n })];
  };
  const cancelled: Handler = (request, server) => {
    expect(request.header).toMatchObject({ asyncId: 77n, messageId: reading?.header.messageId });
    return reading === null ? [] : [server.error(reading, ntStatus.STATUS_CANCELLED, { asyncId: 77n })];
  };
  const dialogue = new Dialogue({
    script: { cipher },
    handlers: [
      [read.code, pending],
      [cancel.code, cancelled],
    ],
  });
  const ticket = dialogue.connection.read(pipe, 10);
  dialogue.run();
  dialogue.connection.cancel(ticket);
  expect(dialogue.run()).toEqual([{ kind: 'cancelled', ticket }]);
});

test('a request that was not sent yet is cancelled without the server', () => {
  const dialogue = new Dialogue({ script: { credits: 1 }, handlers: [[read.code, () => []]] });
  dialogue.connection.read(pipe, 10);
  const ticket = dialogue.connection.echo();
  dialogue.run();
  dialogue.connection.cancel(ticket);
  dialogue.connection.cancel(ticket);
  expect(dialogue.run()).toEqual([{ kind: 'cancelled', ticket }]);
});

test.each([null, 'aes128Gcm'] as const)(
  'an expired session is authenticated again, and what was refused sent again (%s)',
  (cipher) => {
    let refusals = 0;
    const handler: Handler = (request, server) =>
      refusals++ < 2
        ? [server.error(request, ntStatus.STATUS_NETWORK_SESSION_EXPIRED)]
        : [server.answer(request, echo, null)];
    const dialogue = new Dialogue({ script: { cipher }, handlers: [[echo.code, handler]] });
    const tickets = [dialogue.connection.echo(), dialogue.connection.echo()];
    expect(dialogue.run()).toEqual([{ kind: 'session-expired' }]);
    dialogue.connection.echo();
    expect(dialogue.run()).toEqual([]);
    const initiator = new TwoTokens();
    dialogue.connection.reauthenticate(initiator);
    const events = dialogue.run();
    expect(events).toContainEqual({ kind: 'reauthenticated' });
    expect(events.filter(({ kind }) => kind === 'done')).toHaveLength(3);
    expect(events).toContainEqual({ kind: 'done', ticket: tickets[0] });
    expect(initiator.heard[0]).toBe('offer');
  },
);

test('a request that stays expired fails', () => {
  const handler: Handler = (request, server) => [server.error(request, ntStatus.STATUS_NETWORK_SESSION_EXPIRED)];
  const dialogue = new Dialogue({ handlers: [[echo.code, handler]] });
  dialogue.connection.echo();
  dialogue.run();
  for (let count = 0; count < limits.expiries; count++) {
    dialogue.connection.reauthenticate(new TwoTokens());
    dialogue.run();
  }
  expect(dialogue.last).toMatchObject({ kind: 'failed', error: { code: 'connection_lost' } });
});

test.each([
  ['STATUS_LOGON_FAILURE', 'logon_failed'],
  ['STATUS_ACCOUNT_LOCKED_OUT', 'logon_failed'],
  ['STATUS_ACCESS_DENIED', 'access_denied'],
] as const)('a logon that is answered %s is %s', (status, code) => {
  const handler: Handler = (request, server) => [server.error(request, ntStatus[status])];
  const { events } = new Dialogue({ handlers: [[sessionSetup.code, handler]] });
  const message = expect.stringContaining(`logging on: the host answered ${status}: `) as string;
  expect(events).toMatchObject([{ kind: 'closed', error: { code, message } }]);
});

test('the end of the transport fails whatever waits', () => {
  const dialogue = new Dialogue({ handlers: [[read.code, () => []]] });
  const ticket = dialogue.connection.read(pipe, 10);
  dialogue.run();
  dialogue.connection.end();
  const error = { code: 'connection_lost' };
  expect(dialogue.run()).toMatchObject([
    { kind: 'failed', ticket, status: null, error },
    { kind: 'closed', error },
  ]);
  const late = dialogue.connection.echo();
  expect(dialogue.run()).toMatchObject([{ kind: 'failed', ticket: late, error }]);
});

test('more requests than the limit are not even kept', () => {
  const dialogue = new Dialogue({ handlers: [[echo.code, () => []]] });
  for (let count = 0; count <= limits.requests; count++) dialogue.connection.echo();
  expect(dialogue.run()).toMatchObject([{ kind: 'failed', error: { code: 'timeout' } }]);
});

test('a payload that the host does not take is refused before it is sent', () => {
  const dialogue = new Dialogue({ script: { dialect: '2.0.2', cipher: null, signingAlgorithm: 'hmacSha256' } });
  dialogue.connection.read(pipe, 65537);
  expect(dialogue.run()).toMatchObject([
    { kind: 'failed', error: { message: '65537 bytes in one SMB request, where 65536 may be' } },
  ]);
});

test.each([null, 'aes128Gcm'] as const)('messages arrive in pieces of any size (%s)', (cipher) => {
  const whole = new Dialogue({ script: { cipher }, handlers: [[echo.code, () => []]] });
  const ticket = whole.connection.echo();
  whole.run();
  const request = whole.server.requests.at(-1);
  const answer = request === undefined ? new Uint8Array() : whole.server.answer(request, echo, null);
  for (const byte of answer) whole.connection.receive(Buffer.of(byte));
  expect(whole.run()).toEqual([{ kind: 'done', ticket }]);
});

test('a request is marked as one, and its header says no share where it is about none', () => {
  const dialogue = new Dialogue();
  dialogue.connection.open('winreg');
  dialogue.connection.echo();
  dialogue.run();
  const [opening, echoing] = dialogue.server.requests.slice(-2).map(({ header }) => header);
  expect(opening).toMatchObject({ treeId: 5, sessionId });
  expect(echoing).toMatchObject({ treeId: 0, sessionId });
  expect((opening?.flags ?? 0) & flag.serverToRedir).toBe(0);
});
