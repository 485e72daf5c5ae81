import { describe, expect, test } from 'vitest';
import { UsherError } from '../../../sessions/errors.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { ciphers, signingAlgorithms } from '../keys/algorithms.ts';
import { allDialects } from '../keys/dialects.ts';
import { ntowfv1 } from '../../ntlm/keys.ts';
import { ServerDialogue, spnego, TestHost } from './testing/dialogue.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const hello = bytes('hello');

describe.each(allDialects)('SMB %s', (dialect) => {
  test('is agreed upon, and a pipe is spoken to', () => {
    const dialogue = new ServerDialogue({ client: { dialects: [dialect] } });
    expect(dialogue.events).toMatchObject([{ kind: 'ready', dialect }]);
    const pipe = dialogue.open('mirror');
    expect(dialogue.ask((client) => client.transceive(pipe, hello, 100))).toMatchObject({
      kind: 'read',
      data: hello.toReversed(),
      more: false,
    });
  });

  test('is what a server speaks that speaks nothing else', () => {
    const dialogue = new ServerDialogue({ server: { dialects: [dialect] } });
    expect(dialogue.events).toMatchObject([{ kind: 'ready', dialect }]);
  });
});

test.each(ciphers)('%s encrypts all but the logon', (cipher) => {
  const dialogue = new ServerDialogue({ client: { ciphers: [cipher] } });
  expect(dialogue.events).toMatchObject([{ kind: 'ready', cipher }]);
  const pipe = dialogue.open('mirror');
  expect(dialogue.ask((client) => client.write(pipe, hello))).toMatchObject({ kind: 'written', count: 5 });
  expect(dialogue.answered.slice(3).every((frame) => frame[4] === 0xfd)).toBe(true);
});

test.each(signingAlgorithms)('%s signs where nothing is encrypted', (signingAlgorithm) => {
  const dialogue = new ServerDialogue({ client: { ciphers: [], signingAlgorithms: [signingAlgorithm] } });
  expect(dialogue.events).toMatchObject([{ kind: 'ready', cipher: null, signingAlgorithm }]);
  expect(dialogue.ask((client) => client.echo())).toMatchObject({ kind: 'done' });
});

test.each(['off', 'offered', 'desired', 'required'] as const)('encryption is %s', (encryption) => {
  const dialogue = new ServerDialogue({ server: { encryption } });
  const cipher = encryption === 'off' ? null : 'aes256Gcm';
  expect(dialogue.events).toMatchObject([{ kind: 'ready', cipher }]);
});

test('who cannot encrypt is refused where encryption is required', () => {
  const dialogue = new ServerDialogue({ server: { encryption: 'required' }, client: { dialects: ['2.1'] } });
  expect(dialogue.events).toMatchObject([{ kind: 'closed', error: { code: 'access_denied' } }]);
});

test('who cannot encrypt is refused the share that demands it', () => {
  const dialogue = new ServerDialogue({ server: { encryptsPipes: true }, client: { ciphers: [] } });
  expect(dialogue.events).toMatchObject([{ kind: 'closed', error: { code: 'access_denied' } }]);
});

test('who logged on is told to the pipe', () => {
  const dialogue = new ServerDialogue();
  dialogue.open('MIRROR');
  expect(dialogue.host.lastPipe).toMatchObject({
    name: 'MIRROR',
    account: { user: 'zoë', domain: 'CORP', workstation: 'ADMIN7' },
  });
});

test('a wrong password is refused', () => {
  const dialogue = new ServerDialogue({ client: { initiator: spnego({ ntHash: ntowfv1('falsch') }) } });
  expect(dialogue.events).toMatchObject([{ kind: 'closed', error: { code: 'logon_failed' } }]);
  expect(dialogue.connection.load).toEqual({ sessions: 0, opens: 0, parked: 0 });
});

test.each([
  ['STATUS_ACCOUNT_LOCKED_OUT', false],
  ['STATUS_ACCOUNT_DISABLED', true],
] as const)('an account is refused with %s', (status, isProven) => {
  const attempts: object[] = [];
  const host = new TestHost(
    {},
    {
      accounts: {
        ntHashOf: () => ntowfv1('geheim'),
        judge(attempt) {
          attempts.push(attempt);
          return status;
        },
      },
    },
  );
  const dialogue = new ServerDialogue({
    host,
    client: { initiator: spnego({ ntHash: ntowfv1(isProven ? 'geheim' : 'falsch') }) },
  });
  expect(dialogue.events).toMatchObject([{ kind: 'closed', error: { message: expect.stringContaining(status) } }]);
  expect(attempts).toEqual([{ user: 'zoë', domain: 'CORP', isProven }]);
});

test('a pipe that there is not', () => {
  const dialogue = new ServerDialogue();
  const event = dialogue.ask((client) => client.open('winreg'));
  expect(event).toMatchObject({ kind: 'failed', status: ntStatus.STATUS_OBJECT_NAME_NOT_FOUND });
});

test('a pipe that refuses', () => {
  const dialogue = new ServerDialogue({ server: { openPipe: () => 'STATUS_ACCESS_DENIED' } });
  const event = dialogue.ask((client) => client.open('winreg'));
  expect(event).toMatchObject({ kind: 'failed', status: ntStatus.STATUS_ACCESS_DENIED });
});

test('whoever waits for a pipe is told whether there is one', () => {
  const dialogue = new ServerDialogue();
  expect(dialogue.ask((client) => client.wait('silent', 100))).toMatchObject({ kind: 'done' });
  expect(dialogue.ask((client) => client.wait('winreg', 100))).toMatchObject({
    status: ntStatus.STATUS_OBJECT_NAME_NOT_FOUND,
  });
});

test('a read gives one message at most, and the rest of a longer one with the next', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('silent');
  for (const message of ['one message', 'two']) dialogue.host.lastPipe.client.send(bytes(message));
  const read = (length: number) => dialogue.ask((client) => client.read(pipe, length));
  expect(read(4)).toMatchObject({ data: bytes('one '), more: true });
  expect(read(100)).toMatchObject({ data: bytes('message'), more: false });
  expect(read(3)).toMatchObject({ data: bytes('two'), more: false });
});

test('a read waits for a message, and wakes whoever carries it', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('silent');
  expect(dialogue.ask((client) => client.read(pipe, 100))).toBeUndefined();
  expect(dialogue.connection.load.parked).toBe(1);
  expect(dialogue.wakes).toBe(0);
  dialogue.host.lastPipe.client.send(hello);
  expect(dialogue.wakes).toBe(1);
  expect(dialogue.run()).toMatchObject([{ kind: 'read', data: hello }]);
});

test('a read that is answered in the same turn is never told to wait', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('mirror');
  const before = dialogue.answered.length;
  dialogue.client.read(pipe, 100);
  dialogue.client.write(pipe, hello);
  expect(dialogue.run().map(({ kind }) => kind)).toEqual(['read', 'written']);
  expect(dialogue.answered.length - before).toBe(2);
});

test('a read that waits is cancelled', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('silent');
  const ticket = dialogue.client.read(pipe, 100);
  dialogue.run();
  dialogue.client.cancel(ticket);
  expect(dialogue.run()).toEqual([{ kind: 'cancelled', ticket }]);
  dialogue.host.lastPipe.client.send(hello);
  expect(dialogue.ask((client) => client.read(pipe, 100))).toMatchObject({ data: hello });
});

test('reads that wait are cancelled when their pipe is closed, and its server hears of it', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('silent');
  const read = dialogue.client.read(pipe, 100);
  dialogue.run();
  const close = dialogue.client.close(pipe);
  expect(dialogue.run()).toEqual([
    { kind: 'cancelled', ticket: read },
    { kind: 'done', ticket: close },
  ]);
  expect(dialogue.host.lastPipe.isEnded).toBe(true);
});

test('no more requests wait than may', () => {
  const dialogue = new ServerDialogue({ server: { parkedRequests: 2 } });
  const pipe = dialogue.open('silent');
  for (let at = 0; at < 3; at++) dialogue.client.read(pipe, 100);
  expect(dialogue.run()).toMatchObject([{ kind: 'failed', status: ntStatus.STATUS_INSUFFICIENT_RESOURCES }]);
});

test('what a pipe said before it ended can be read', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('silent');
  dialogue.host.lastPipe.client.send(hello);
  dialogue.host.lastPipe.client.end();
  const read = () => dialogue.ask((client) => client.read(pipe, 100));
  expect(read()).toMatchObject({ data: hello });
  expect(read()).toMatchObject({ status: ntStatus.STATUS_PIPE_BROKEN });
  expect(dialogue.ask((client) => client.write(pipe, hello))).toMatchObject({ status: ntStatus.STATUS_PIPE_CLOSING });
});

test('what is written waits while too much is unread', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('silent');
  const { client: end, heard } = dialogue.host.lastPipe;
  for (let at = 0; at < 3; at++) end.send(new Uint8Array(2 ** 19));
  expect(dialogue.ask((client) => client.write(pipe, hello))).toBeUndefined();
  expect(heard).toEqual([]);
  dialogue.client.read(pipe, 2 ** 19);
  expect(dialogue.run().map(({ kind }) => kind)).toEqual(['written', 'read']);
  expect(heard).toEqual([hello]);
});

test('a transceive is refused while there is something to read', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('silent');
  dialogue.host.lastPipe.client.send(hello);
  const event = dialogue.ask((client) => client.transceive(pipe, hello, 100));
  expect(event).toMatchObject({ status: ntStatus.STATUS_PIPE_BUSY });
  expect(dialogue.host.lastPipe.heard).toEqual([]);
});

test.each([
  ['one', ['failed']],
  ['several', []],
] as const)('a second transceive of a pipe that takes %s at a time comes to %j', (transceives, expected) => {
  const dialogue = new ServerDialogue({ server: { transceives } });
  const pipe = dialogue.open('silent');
  dialogue.client.transceive(pipe, hello, 100);
  dialogue.run();
  dialogue.client.transceive(pipe, hello, 100);
  expect(dialogue.run().map(({ kind }) => kind)).toEqual(expected);
});

test('whoever opens a pipe is told what its connection comes by', () => {
  const links: unknown[] = [];
  const host = new TestHost({
    openPipe({ link }) {
      links.push(link);
      return null;
    },
  });
  const link = {};
  for (const own of [{ link }, {}]) {
    const dialogue = new ServerDialogue({ host, connection: own });
    dialogue.ask((client) => client.open('any'));
  }
  expect(links).toEqual([link, null]);
});

test('a transceive gives as much of an answer as was asked for', () => {
  const dialogue = new ServerDialogue();
  const pipe = dialogue.open('mirror');
  const event = dialogue.ask((client) => client.transceive(pipe, hello, 3));
  expect(event).toMatchObject({ data: bytes('oll'), more: true });
  expect(dialogue.ask((client) => client.read(pipe, 100))).toMatchObject({ data: bytes('eh'), more: false });
});

test('no more pipes are open than may be', () => {
  const dialogue = new ServerDialogue();
  for (let at = 0; at < 256; at++) dialogue.open('silent');
  const event = dialogue.ask((client) => client.open('silent'));
  expect(event).toMatchObject({ status: ntStatus.STATUS_INSUFFICIENT_RESOURCES });
});

test('a logoff ends all that was open', () => {
  const dialogue = new ServerDialogue();
  dialogue.open('silent');
  dialogue.client.logOff();
  expect(dialogue.run()).toMatchObject([{ kind: 'closed', error: null }]);
  expect(dialogue.host.lastPipe.isEnded).toBe(true);
  expect(dialogue.host.server.sessions).toBe(0);
});

test('an expired session goes on once its user has logged on again', () => {
  const dialogue = new ServerDialogue({ server: { sessionLifetime: 1000n } });
  const pipe = dialogue.open('mirror');
  dialogue.host.clock += 1000n;
  const ticket = dialogue.client.transceive(pipe, hello, 100);
  expect(dialogue.run()).toEqual([{ kind: 'session-expired' }]);
  dialogue.client.reauthenticate(spnego());
  expect(dialogue.run()).toMatchObject([{ kind: 'reauthenticated' }, { kind: 'read', ticket }]);
});

test('an expired session is not for another user', () => {
  const host = new TestHost({}, { accounts: { ntHashOf: () => ntowfv1('geheim') } });
  const dialogue = new ServerDialogue({ host });
  dialogue.connection.expireSessions();
  dialogue.client.echo();
  dialogue.client.open('mirror');
  dialogue.run();
  dialogue.client.reauthenticate(spnego({ user: 'yann' }));
  expect(dialogue.run().at(-1)).toMatchObject({ kind: 'closed', error: { code: 'access_denied' } });
  expect(host.server.sessions).toBe(0);
});

test.each([
  ['the same user', {}, 1],
  ['another user', { user: 'yann' }, 2],
] as const)('a session that was cut off is ended for %s alone', (_who, facts, left) => {
  const host = new TestHost({}, { accounts: { ntHashOf: () => ntowfv1('geheim') } });
  const first = new ServerDialogue({ host });
  first.open('silent');
  const [ready] = first.events;
  const previousSessionId = ready?.kind === 'ready' ? ready.sessionId : 0n;
  const second = new ServerDialogue({ host, client: { previousSessionId, initiator: spnego(facts) } });
  expect(second.events).toMatchObject([{ kind: 'ready' }]);
  expect(host.server.sessions).toBe(left);
  expect(host.lastPipe.isEnded).toBe(left === 1);
});

test('a connection that is over ends its pipes', () => {
  const dialogue = new ServerDialogue();
  dialogue.open('silent');
  dialogue.connection.close(new UsherError({ code: 'connection_lost', message: 'the client is gone' }));
  expect(dialogue.host.lastPipe.isEnded).toBe(true);
  expect(dialogue.connection.load).toEqual({ sessions: 0, opens: 0, parked: 0 });
});
