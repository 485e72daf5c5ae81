import { describe, expect, test } from 'vitest';
import { faultStatus } from '../status.ts';
import { Dialogue, enumeration, notification, session } from '../testing/dialogue.ts';

const stub = Uint8Array.of(1, 2, 3, 4);
const call = { interface: session, opnum: 4, stub };
const nobody = (): void => undefined;

test('what is called before the bind is sent after it', () => {
  const dialogue = new Dialogue({ how: 'negotiate privacy', early: [call, { ...call, interface: enumeration }] });
  expect(dialogue.events).toMatchObject([
    { kind: 'bound' },
    { kind: 'answered', call: 2, stub: stub.toReversed() },
    { kind: 'answered', call: 3 },
  ]);
});

test('PDUs in pieces of any length are PDUs', () => {
  const dialogue = new Dialogue({ how: 'negotiate privacy', pieces: 3 });
  dialogue.client.call({ ...call, stub: new Uint8Array(8000) });
  expect(dialogue.run()).toMatchObject([{ kind: 'answered', stub: new Uint8Array(8000) }]);
});

describe('a server that multiplexes', () => {
  test('answers in any order', () => {
    const dialogue = new Dialogue({ how: 'ntlm privacy', react: nobody });
    const calls = [0, 1, 2].map(() => dialogue.client.call({ ...call, stub: new Uint8Array() }));
    dialogue.run();
    expect(dialogue.client.awaited).toBe(3);
    for (const id of calls.toReversed()) dialogue.server.respond(id, Uint8Array.of(id));
    expect(dialogue.run()).toEqual(
      calls.toReversed().map((id) => ({ kind: 'answered', call: id, stub: Uint8Array.of(id) })),
    );
  });
});

describe('a server that does not multiplex', () => {
  const server = { multiplexes: false };

  test('is asked one call after the other', () => {
    const dialogue = new Dialogue({ how: 'ntlm privacy', server, react: nobody });
    expect(dialogue.events).toMatchObject([{ kind: 'bound', multiplexed: false }]);
    const calls = [dialogue.client.call(call), dialogue.client.call(call)];
    dialogue.run();
    expect(dialogue.heard.map(({ kind }) => kind)).toEqual(['called']);
    for (const id of calls) {
      dialogue.server.respond(id, stub);
      expect(dialogue.run()).toMatchObject([{ kind: 'answered', call: id }]);
    }
  });

  test('is asked again once a call was orphaned', () => {
    const dialogue = new Dialogue({ server, react: nobody });
    const orphan = dialogue.client.call(call);
    const next = dialogue.client.call(call);
    dialogue.run();
    dialogue.client.orphan(orphan);
    expect(dialogue.run()).toEqual([{ kind: 'cancelled', call: orphan }]);
    dialogue.server.respond(next, stub);
    expect(dialogue.run()).toMatchObject([{ kind: 'answered', call: next }]);
  });
});

describe('a fault', () => {
  test.each<[number, string, string]>([
    [faultStatus.ERROR_ACCESS_DENIED, 'ERROR_ACCESS_DENIED', 'access_denied'],
    [faultStatus.nca_s_op_rng_error, 'nca_s_op_rng_error', 'unsupported'],
    [faultStatus.RPC_S_PROCNUM_OUT_OF_RANGE, 'RPC_S_PROCNUM_OUT_OF_RANGE', 'unsupported'],
    [faultStatus.RPC_S_SEC_PKG_ERROR, 'RPC_S_SEC_PKG_ERROR', 'logon_failed'],
    [faultStatus.RPC_S_SERVER_TOO_BUSY, 'RPC_S_SERVER_TOO_BUSY', 'unreachable'],
    [faultStatus.RPC_X_BAD_STUB_DATA, 'RPC_X_BAD_STUB_DATA', 'bad_answer'],
    [0x6f8, 'status 0x000006f8', 'bad_answer'],
  ])('status %i is %s, %s', (status, told, code) => {
    const dialogue = new Dialogue({
      how: 'ntlm privacy',
      react(event, server) {
        if (event.kind === 'called') server.fault(event.call, status, { didNotExecute: true });
      },
    });
    const id = dialogue.client.call({ ...call, operation: 'logging off session 3' });
    expect(dialogue.run()).toMatchObject([
      {
        kind: 'failed',
        call: id,
        status,
        didNotExecute: true,
        error: { code, operation: 'logging off session 3', message: `the host answered ${told}` },
      },
    ]);
  });

  test('costs its call only, and names the operation where the caller gave it no name', () => {
    const dialogue = new Dialogue({
      how: 'negotiate integrity',
      react(event, server) {
        if (event.kind !== 'called') return;
        if (event.opnum === 4) server.fault(event.call, 5);
        else server.respond(event.call, event.stub);
      },
    });
    dialogue.client.call(call);
    dialogue.client.call({ ...call, opnum: 5 });
    expect(dialogue.run()).toMatchObject([
      { kind: 'failed', error: { operation: `calling operation 4 of ${session.uuid} v1.0` }, didNotExecute: false },
      { kind: 'answered' },
    ]);
  });
});

test('a call of an interface that the host does not offer fails alone', () => {
  const dialogue = new Dialogue({ how: 'ntlm privacy', client: { interfaces: [notification, session] } });
  const [bad, good] = [dialogue.client.call({ ...call, interface: notification }), dialogue.client.call(call)];
  expect(dialogue.events).toMatchObject([
    { kind: 'bound', interfaces: [{ refusal: { code: 'unsupported' } }, { refusal: null }] },
  ]);
  expect(dialogue.run()).toMatchObject([
    { kind: 'failed', call: bad, error: { code: 'unsupported' }, status: null, didNotExecute: true },
    { kind: 'answered', call: good },
  ]);
});

test('a call of an interface that was not asked for fails', () => {
  const dialogue = new Dialogue();
  dialogue.client.call({ ...call, interface: { ...session, minor: 1 } });
  expect(dialogue.run()).toMatchObject([{ kind: 'failed', error: { code: 'unsupported' }, didNotExecute: true }]);
});

test('calls beyond those that a host can be asked at once wait for an answer', () => {
  const dialogue = new Dialogue({ react: nobody });
  const [first = 0] = Array.from({ length: 257 }, () => dialogue.client.call(call));
  expect(dialogue.run()).toEqual([]);
  expect(dialogue.client.awaited).toBe(256);
  dialogue.server.respond(first, stub);
  expect(dialogue.run()).toMatchObject([{ kind: 'answered', call: first }]);
  expect(dialogue.client.awaited).toBe(256);
});

describe('a call that is given up', () => {
  test('ends when the server says so', () => {
    const dialogue = new Dialogue({
      how: 'ntlm privacy',
      react(event, server) {
        if (event.kind === 'cancel-asked') server.fault(event.call, 'nca_s_fault_cancel');
      },
    });
    const id = dialogue.client.call(call);
    dialogue.run();
    dialogue.client.cancel(id);
    dialogue.client.cancel(id);
    expect(dialogue.run()).toEqual([{ kind: 'cancelled', call: id }]);
    expect(dialogue.heard.filter(({ kind }) => kind === 'cancel-asked')).toHaveLength(1);
  });

  test('is answered where the server was faster', () => {
    const dialogue = new Dialogue({
      react(event, server) {
        if (event.kind === 'cancel-asked') server.respond(event.call, stub);
      },
    });
    const id = dialogue.client.call(call);
    dialogue.run();
    dialogue.client.cancel(id);
    expect(dialogue.run()).toMatchObject([{ kind: 'answered', call: id }]);
  });

  test('is not sent where it waits still', () => {
    const dialogue = new Dialogue({ server: { multiplexes: false }, react: nobody });
    dialogue.client.call(call);
    const waiting = [dialogue.client.call(call), dialogue.client.call(call)];
    dialogue.client.cancel(waiting[0] ?? 0);
    dialogue.client.orphan(waiting[1] ?? 0);
    expect(dialogue.run()).toEqual(waiting.map((id) => ({ kind: 'cancelled', call: id })));
    expect(dialogue.heard).toHaveLength(1);
  });
});

describe('an orphaned call', () => {
  test('may be answered all the same, which nobody hears', () => {
    const dialogue = new Dialogue({
      how: 'ntlm privacy',
      react(event, server) {
        if (event.kind === 'called' && event.opnum === 5) server.respond(event.call, stub);
      },
      toServer: (pdu) => (pdu[2] === 19 ? null : pdu),
    });
    const orphan = dialogue.client.call(call);
    dialogue.run();
    dialogue.client.orphan(orphan);
    dialogue.server.respond(orphan, stub);
    const next = dialogue.client.call({ ...call, opnum: 5 });
    expect(dialogue.run()).toEqual([
      { kind: 'cancelled', call: orphan },
      { kind: 'answered', call: next, stub },
    ]);
  });

  test('is not answered once the server knows', () => {
    const dialogue = new Dialogue({ react: nobody });
    const orphan = dialogue.client.call(call);
    dialogue.run();
    dialogue.client.orphan(orphan);
    dialogue.run();
    dialogue.server.respond(orphan, stub);
    expect(dialogue.server.take().send).toEqual([]);
  });

  test('costs the connection where the server does not keep it', () => {
    const dialogue = new Dialogue({ server: { keepsConnectionOnOrphan: false }, react: nobody });
    const [orphan, other] = [dialogue.client.call(call), dialogue.client.call(call)];
    dialogue.run();
    dialogue.client.orphan(orphan);
    expect(dialogue.run()).toMatchObject([
      { kind: 'cancelled', call: orphan },
      { kind: 'failed', call: other, error: { code: 'connection_lost' }, didNotExecute: false },
      { kind: 'closed', error: { code: 'connection_lost' } },
    ]);
  });
});

test('where the transport ends, every call ends once', () => {
  const dialogue = new Dialogue({ server: { multiplexes: false }, react: nobody });
  const [sent, waiting] = [dialogue.client.call(call), dialogue.client.call(call)];
  dialogue.run();
  dialogue.client.end();
  dialogue.client.end();
  const late = dialogue.client.call(call);
  expect(dialogue.run()).toMatchObject([
    { kind: 'failed', call: sent, error: { code: 'connection_lost' }, didNotExecute: false },
    { kind: 'failed', call: waiting, error: { code: 'connection_lost' }, didNotExecute: true },
    { kind: 'closed', error: { code: 'connection_lost' } },
    { kind: 'failed', call: late, error: { code: 'connection_lost' }, didNotExecute: true },
  ]);
  expect(dialogue.client.awaited).toBe(0);
});
