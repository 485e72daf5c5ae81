import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../testing/runs.ts';
import { frame } from '../frames.ts';
import { cancel } from '../messages/cancel.ts';
import { close } from '../messages/close.ts';
import type { Command } from '../messages/command.ts';
import { create } from '../messages/create.ts';
import { echo } from '../messages/echo.ts';
import type { FileId } from '../messages/file-id.ts';
import { fileInformationClass } from '../messages/file-information.ts';
import { flush } from '../messages/flush.ts';
import { ctlCode, ioctl, isFsctl } from '../messages/ioctl.ts';
import { logoff } from '../messages/logoff.ts';
import { infoType, queryInfo } from '../messages/query-info.ts';
import { read } from '../messages/read.ts';
import { sessionSetup } from '../messages/session-setup.ts';
import { setInfo } from '../messages/set-info.ts';
import { treeConnect } from '../messages/tree-connect.ts';
import { write } from '../messages/write.ts';
import type { ServerConnection } from './connection.ts';
import { limits, usual } from './parameters.ts';
import { ServerDialogue, TestHost } from './testing/dialogue.ts';
import { createOf, type Raw, raw, RawClient, related } from './testing/raw-client.ts';

/** What a connection keeps beyond its limits. */
function excess(connection: ServerConnection): readonly string[] {
  const { sessions, opens, parked } = connection.load;
  const kept = [
    ['sessions', sessions, limits.sessions],
    ['opens', opens, limits.opens],
    ['parked', parked, usual.parkedRequests],
  ] as const;
  return kept.flatMap(([what, count, most]) => (count > most ? [`${count} ${what}`] : []));
}

const change = fc.tuple(fc.nat(2000), fc.nat(0xff));

/** A message of which some bytes from here on are others, or which ends before its end. */
function garbled(
  message: Uint8Array,
  from: number,
  bad: readonly (readonly [at: number, value: number])[],
  cut: number,
): Uint8Array {
  const changed = Uint8Array.from(message);
  for (const [at, value] of bad) changed[from + (at % Math.max(1, changed.length - from))] = value;
  return changed.subarray(0, Math.max(0, changed.length - cut));
}

/** Without the ProtocolId a message is not even signed. */
const behindProtocolId = 6;

const changes = fc.array(change, { minLength: 1, maxLength: 6 });
const cuts = fc.oneof(fc.constant(0), fc.constant(0), fc.nat(200));

/** One of every request there is, about this pipe. */
function every(fileId: FileId): readonly Raw[] {
  const input = Buffer.from('0123456789abcdef');
  const asked = { fileId, input, maxInputResponse: 0, maxOutputResponse: 1000, flags: isFsctl };
  const info = { infoType: infoType.file, input, additionalInformation: 0, fileId };
  const setup = { flags: 0, securityMode: 1, capabilities: 0, securityBuffer: input, previousSessionId: 0n };
  return [
    raw(read, { padding: 80, flags: 0, length: 100, offset: 0n, fileId, minimumCount: 0 }),
    raw(write, { data: input, offset: 0n, fileId, flags: 0 }),
    ...Object.values(ctlCode).map((code) => raw(ioctl, { ctlCode: code, ...asked })),
    raw(queryInfo, { ...info, fileInfoClass: fileInformationClass.all, outputLength: 1000, flags: 0 }),
    raw(setInfo, { ...info, fileInfoClass: fileInformationClass.pipe }),
    raw(flush, { fileId }),
    raw(echo, null),
    raw(create, createOf('silent')),
    raw(treeConnect, { flags: 0, path: '\\\\host\\IPC$' }),
    raw(sessionSetup, setup),
    raw(sessionSetup, setup, { sessionId: 0n }),
    raw(cancel as Command<null, null>, null),
    raw(close, { flags: 0, fileId }, related),
    raw(logoff, null),
  ];
}

test('random bytes, framed or not, end the connection or are refused', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), fc.boolean(), (pieces, isFramed) => {
      const client = new RawClient(new TestHost());
      client.negotiate();
      for (const piece of pieces) client.connection.receive(isFramed ? frame(piece) : piece);
      client.connection.take();
      expect(excess(client.connection)).toEqual([]);
    }),
    { numRuns: runs(300) },
  );
});

test('a negotiation or a logon that is garbled never logs anybody on', () => {
  fc.assert(
    fc.property(fc.nat(2), changes, cuts, (which, bad, cut) => {
      let isChanged = false;
      const dialogue = new ServerDialogue({
        toServer(sent, at) {
          if (at !== which) return sent;
          const arrives = frame(garbled(sent.subarray(4), 0, bad, cut));
          isChanged = !Buffer.from(arrives).equals(sent);
          return arrives;
        },
      });
      expect(dialogue.events[0]?.kind === 'ready').toBe(!isChanged);
      expect(excess(dialogue.connection)).toEqual([]);
    }),
    { numRuns: runs(300) },
  );
});

test.each(['signs', 'encrypts'] as const)('whatever a user sends who %s, the server stands', (protects) => {
  const request = fc.tuple(fc.nat(100), fc.array(change, { maxLength: 4 }), cuts);
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 12 }), (script) => {
      const client = RawClient.ready(new TestHost());
      const all = every(client.open('mirror'));
      client.protects = protects;
      for (const [which, bad, cut] of script) {
        const one = all[which % all.length];
        if (one === undefined || client.isClosed) break;
        const message = garbled(client.message(one), behindProtocolId, bad, cut);
        // Too short to be signed: it goes as it is.
        const sent = message.length < 64 ? message : client.protectMessages([message]);
        client.connection.receive(frame(sent));
        client.connection.take();
      }
      expect(excess(client.connection)).toEqual([]);
    }),
    { numRuns: runs(300) },
  );
});

test('pieces of messages that never become whole are not kept beyond a message', () => {
  const client = new RawClient(new TestHost());
  client.connection.receive(Uint8Array.of(0, 0x02, 0, 1));
  expect(client.connection.take().closed).toMatchObject({ message: expect.stringContaining('are the limit') });
});

test('logons that are begun and not ended are not kept without number', () => {
  const client = new RawClient(new TestHost());
  client.negotiate();
  const hello = Buffer.from('NTLMSSP\0\u0001\0\0\0\u0033\u0082\u0008\u00e2'.padEnd(32, '\0'), 'latin1');
  const setup = { flags: 0, securityMode: 1, capabilities: 0, securityBuffer: hello, previousSessionId: 0n };
  for (let at = 0; at < 40; at++) client.ask(raw(sessionSetup, setup));
  expect(client.connection.load.sessions).toBeLessThanOrEqual(limits.sessions);
});

test('writes that wait are not kept without number', () => {
  const host = new TestHost();
  const client = RawClient.ready(host);
  const fileId = client.open('silent');
  host.lastPipe.client.send(new Uint8Array(limits.unread + 1));
  const data = new Uint8Array(2 ** 18);
  const before = client.connection.load.parked;
  for (let at = 0; at < 20; at++) {
    client.ask(raw(write, { data, offset: 0n, fileId, flags: 0 }, { creditCharge: 4 }));
    client.messageId += 3n;
  }
  expect(client.connection.load.parked - before).toBe(limits.unwritten / data.length);
});
