import { afterEach, describe, expect, test, vi } from 'vitest';
import { Socket } from 'node:net';
import { UsherError } from '../../sessions/errors.ts';
import { rcmPublic, termSrvEnumeration, termSrvSession } from '../../wire/ms-tsts/interfaces.ts';
import { getClientData } from '../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getLastInputTime } from '../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { openSession } from '../../wire/ms-tsts/term-srv-session/open-session.ts';
import { nullHandle } from '../../wire/ndr/context-handle.ts';
import { read } from '../../wire/smb/messages/read.ts';
import type { Handler } from '../../wire/smb/testing/server.ts';
import { RpcPipe } from './rpc-pipe.ts';
import { SmbClient } from './smb-client.ts';
import { type Answer, answer, fault, type HostParts, LoopbackHost } from './testing/host.ts';
import { never, target } from './testing/reading.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

interface Started {
  readonly host: LoopbackHost;
  readonly smb: SmbClient;
  readonly pipe: RpcPipe;
}

async function connected(parts: Partial<HostParts>): Promise<Pick<Started, 'host' | 'smb'>> {
  const host = await LoopbackHost.start({ answers: [], ...parts });
  open.push(host);
  const smb = await SmbClient.connect(target(host.port), never);
  open.push(smb);
  return { host, smb };
}

async function opened(answers: readonly Answer[], parts: Partial<HostParts> = {}): Promise<Started> {
  const { host, smb } = await connected({ answers, ...parts });
  return { host, smb, pipe: await RpcPipe.open(smb, [rcmPublic], null) };
}

const operation = 'asking';
const input = (pipe: RpcPipe, sessionId = 2): Promise<{ readonly pLastInputTime: bigint }> =>
  pipe.call(getLastInputTime, { sessionId }, { operation });

const echoed = answer(getLastInputTime, ({ sessionId }) => ({ pLastInputTime: BigInt(sessionId), returnValue: 0 }));
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at % 251);

describe('calls', () => {
  test('of one turn leave in one write and are one wait', async () => {
    const { host, smb, pipe } = await opened([echoed]);
    const spy = vi.spyOn(Socket.prototype, 'write');
    const before = smb.waits;
    await Promise.all([input(pipe, 1), input(pipe, 2), input(pipe, 3)]);
    expect(spy.mock.contexts.filter((socket) => (socket as Socket).remotePort === host.port)).toHaveLength(1);
    expect(smb.waits - before).toBe(1);
  });

  test('are answered each with its own answer, in whatever order answers come', async () => {
    const late = new Map<number, () => void>();
    const { pipe } = await opened([
      answer(getLastInputTime, ({ sessionId }) => {
        const { promise, resolve } = Promise.withResolvers<{ pLastInputTime: bigint; returnValue: number }>();
        late.set(sessionId, () => resolve({ pLastInputTime: BigInt(sessionId), returnValue: 0 }));
        return promise;
      }),
    ]);
    const asked = [1, 2, 3].map((id) => input(pipe, id));
    await vi.waitFor(() => expect(late.size).toBe(3));
    for (const id of [3, 1, 2]) late.get(id)?.();
    expect((await Promise.all(asked)).map(({ pLastInputTime }) => pLastInputTime)).toEqual([1n, 2n, 3n]);
  });

  test('go on while another one hangs', async () => {
    const { pipe } = await opened([
      answer(getLastInputTime, ({ sessionId }) =>
        sessionId === 9 ? new Promise<never>(() => undefined) : { pLastInputTime: 1n, returnValue: 0 },
      ),
    ]);
    input(pipe, 9).catch(() => undefined);
    await expect(input(pipe, 1)).resolves.toMatchObject({ pLastInputTime: 1n });
    await expect(input(pipe, 2)).resolves.toMatchObject({ pLastInputTime: 1n });
  });

  test('beyond what RPC allows at once begin when others end', async () => {
    const { pipe } = await opened([echoed]);
    const ids = Array.from({ length: 600 }, (_, at) => at);
    const told = await Promise.all(ids.map((id) => input(pipe, id)));
    expect(told.map(({ pLastInputTime }) => Number(pLastInputTime))).toEqual(ids);
  });

  test.each([1, 3, 20])(
    'whose answer has many fragments are answered whole, with %d reads ahead',
    async (fragments) => {
      const ppBuff = bytes(50_000);
      const { pipe } = await opened([answer(getClientData, () => ({ ppBuff, returnValue: 0 }))]);
      const told = await pipe.call(getClientData, { sessionId: 2 }, { operation, fragments });
      expect(Buffer.from(told.ppBuff ?? []).equals(ppBuff)).toBe(true);
    },
  );

  test('with as many reads ahead as fragments are one wait', async () => {
    const { smb, pipe } = await opened([answer(getClientData, () => ({ ppBuff: bytes(20_000), returnValue: 0 }))]);
    const before = smb.waits;
    await pipe.call(getClientData, { sessionId: 2 }, { operation, fragments: 6 });
    expect(smb.waits - before).toBe(1);
  });

  test('whose answer tells how long it is are read no more often than that takes', async () => {
    const { smb, pipe } = await opened([answer(getClientData, () => ({ ppBuff: bytes(50_000), returnValue: 0 }))]);
    const reads = vi.spyOn(smb, 'read');
    await pipe.call(getClientData, { sessionId: 2 }, { operation, fragments: 20 });
    expect(reads).toHaveBeenCalledTimes(20);
  });

  test('fail with the fault that the host names', async () => {
    const { pipe } = await opened([answer(getLastInputTime, () => fault('ERROR_ACCESS_DENIED'))]);
    await expect(input(pipe)).rejects.toMatchObject({ code: 'access_denied', operation });
    await expect(input(pipe)).rejects.toMatchObject({ code: 'access_denied' });
  });

  test('that the host does not have are unsupported', async () => {
    const { pipe } = await opened([]);
    await expect(input(pipe)).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('whose answer cannot be read cost themselves alone', async () => {
    const { pipe } = await opened([
      { ...echoed, respond: () => new Uint8Array(3) },
      answer(getClientData, () => ({ ppBuff: null, returnValue: 0 })),
    ]);
    await expect(input(pipe)).rejects.toMatchObject({ code: 'bad_answer' });
    await expect(pipe.call(getClientData, { sessionId: 2 }, { operation })).resolves.toMatchObject({ returnValue: 0 });
  });

  test('of an interface that the pipe does not bind are unsupported', async () => {
    const { pipe } = await opened([]);
    await expect(pipe.call(openSession, { sessionId: 1 }, { operation })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});

test('two interfaces share a pipe, and one that the host lacks costs its calls alone', async () => {
  const { smb } = await connected({
    answers: [answer(openSession, () => ({ phSession: nullHandle, returnValue: 0 }))],
  });
  const lacking = { ...termSrvEnumeration, uuid: '00000000-0000-0000-0000-000000000001' };
  const pipe = await RpcPipe.open(smb, [termSrvSession, lacking], null);
  await expect(pipe.call(openSession, { sessionId: 1 }, { operation })).resolves.toMatchObject({ returnValue: 0 });
  const call = { ...openSession, interface: lacking };
  await expect(pipe.call(call, { sessionId: 1 }, { operation })).rejects.toMatchObject({ code: 'unsupported' });
});

describe('a pipe that is lost fails what waits and what is called later', () => {
  const hanging = answer(getLastInputTime, () => new Promise<never>(() => undefined));

  test.each<[string, (started: Started) => void, string]>([
    ['when the connection breaks', ({ host }) => host.hangUp(), 'connection_lost'],
    ['when it is closed', ({ pipe }) => void pipe.close(), 'connection_lost'],
    [
      'when the connection is given up',
      ({ smb }) => smb.end(new UsherError({ code: 'timeout', message: 'late' })),
      'timeout',
    ],
  ])('%s', async (_, end, code) => {
    const started = await opened([hanging]);
    const waiting = [...Array(300).keys()].map((id) => input(started.pipe, id));
    await vi.waitFor(() => expect(started.host.calls.length).toBeGreaterThan(0));
    end(started);
    for (const one of await Promise.allSettled(waiting)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code } });
    }
    await expect(input(started.pipe)).rejects.toMatchObject({ code });
    expect(started.pipe.lost).toMatchObject({ code });
  });

  test('when it breaks, and the connection stands', async () => {
    const { host, smb, pipe } = await opened([echoed]);
    host.broken = [rcmPublic.pipe];
    await expect(input(pipe)).rejects.toMatchObject({ code: 'connection_lost' });
    await expect(input(pipe)).rejects.toMatchObject({ code: 'connection_lost' });
    expect(smb.lost).toBeNull();
  });

  test.each<[string, Uint8Array]>([
    ['garbage', Uint8Array.from({ length: 64 }, (_, at) => at)],
    ['a PDU that is shorter than its head', Buffer.from('05000203100000000000000002000000', 'hex')],
    ['what answers another call', Buffer.from('05000203100000001800000063000000000000000000000000', 'hex')],
  ])('when the host answers its bind with %s', async (_, said) => {
    const saying: Handler = (request, server) => [
      server.answer(request, read, { data: said, dataRemaining: 0, flags: 0 }),
    ];
    const { smb } = await connected({ handlers: [[read.code, saying]] });
    await expect(RpcPipe.open(smb, [rcmPublic], null)).rejects.toMatchObject({ code: 'bad_answer' });
    expect(smb.lost).toBeNull();
  });
});

test('a pipe that is not there cannot be opened', async () => {
  const { smb } = await connected({ missing: [rcmPublic.pipe] });
  await expect(RpcPipe.open(smb, [rcmPublic], null)).rejects.toMatchObject({ code: 'unsupported' });
});

test('a pipe that nobody answers behind is given up with its connection', async () => {
  const { smb } = await connected({ handlers: [[read.code, () => []]] });
  const opening = RpcPipe.open(smb, [rcmPublic], null);
  setImmediate(() => smb.end(new UsherError({ code: 'timeout', message: 'late' })));
  await expect(opening).rejects.toMatchObject({ code: 'timeout' });
});
