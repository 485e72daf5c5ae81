import { createServer, Socket, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { close } from '../../wire/smb/messages/close.ts';
import { create } from '../../wire/smb/messages/create.ts';
import { logoff } from '../../wire/smb/messages/logoff.ts';
import type { FileId } from '../../wire/smb/messages/file-id.ts';
import { sessionSetup } from '../../wire/smb/messages/session-setup.ts';
import { write } from '../../wire/smb/messages/write.ts';
import { wellBehaved } from '../../wire/smb/testing/dialogue.ts';
import { ntStatus } from '../../wire/ms-erref/ntstatus.ts';
import { SmbClient } from './smb-client.ts';
import { type HostParts, LoopbackHost } from './testing/host.ts';
import { never, target } from './testing/reading.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

const lsm = 'LSM_API_service';

async function host(parts: Partial<HostParts> = {}): Promise<LoopbackHost> {
  const started = await LoopbackHost.start({ answers: [], ...parts });
  open.push(started);
  return started;
}

async function connected(parts: Partial<HostParts> = {}): Promise<{ host: LoopbackHost; smb: SmbClient }> {
  const started = await host(parts);
  const smb = await SmbClient.connect(target(started.port), never);
  open.push(smb);
  return { host: started, smb };
}

/** A server that does this with each connection. */
async function scripted(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    serve(socket);
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  open.push({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return (server.address() as AddressInfo).port;
}

const reading = (smb: SmbClient, pipe: FileId): Promise<Uint8Array | null> =>
  new Promise((read, lost) => smb.read(pipe, 10, { read, lost }));

/** How many writes the client makes from now on. */
function writesTo({ port }: LoopbackHost): () => number {
  const spy = vi.spyOn(Socket.prototype, 'write');
  return () => spy.mock.contexts.filter((socket) => (socket as Socket).remotePort === port).length;
}

describe('connecting', () => {
  test('agrees with the host', async () => {
    const { smb } = await connected();
    expect(await smb.ready).toMatchObject({ dialect: '3.1.1', cipher: 'aes128Gcm' });
  });

  test('is begun anew where the host hung up while it was asked who logs on', async () => {
    const started = await host();
    const hungUp = Promise.withResolvers<void>();
    const sockets: Socket[] = [];
    const port = await scripted((socket) => {
      sockets.push(socket.once('close', () => hungUp.resolve()));
      const onward = new Socket().on('error', () => undefined).connect(started.port, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
    });
    const { initiate } = target(port);
    const slowly = async () => {
      if (sockets.length === 1) {
        sockets[0]?.end();
        await hungUp.promise;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return initiate();
    };
    const smb = await SmbClient.connect({ ...target(port), initiate: slowly }, never);
    open.push(smb);
    expect([smb.lost, sockets.length]).toEqual([null, 2]);
  });

  test('ends as unreachable where nothing listens', async () => {
    const gone = await LoopbackHost.start({ answers: [] });
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    await expect(SmbClient.connect(target(port), never)).rejects.toMatchObject({
      code: 'unreachable',
      message: `port ${port} cannot be reached`,
    });
  });

  test('ends as timeout where it was aborted before', async () => {
    const { port } = await host();
    await expect(SmbClient.connect(target(port), AbortSignal.abort())).rejects.toMatchObject({ code: 'timeout' });
  });

  test('ends as timeout where it is aborted while the host says nothing', async () => {
    const abort = new AbortController();
    const port = await scripted((socket) => socket.once('data', () => abort.abort()));
    await expect(SmbClient.connect(target(port), abort.signal)).rejects.toMatchObject({ code: 'timeout' });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['ends at once', (socket) => socket.end()],
    ['ends after it was spoken to', (socket) => socket.once('data', () => socket.end())],
    ['ends in the middle of a message', (socket) => socket.end(Buffer.from('00000064fe534d42', 'hex'))],
    ['breaks the connection', (socket) => socket.once('data', () => socket.resetAndDestroy())],
  ])('ends as connection_lost where the host %s', async (_, serve) => {
    const port = await scripted(serve);
    await expect(SmbClient.connect(target(port), never)).rejects.toMatchObject({ code: 'connection_lost' });
  });

  test.each([
    ['speaks something else', Buffer.from('SSH-2.0-OpenSSH_10.0\r\n')],
    ['promises a message without end', Buffer.from('00ffffff', 'hex')],
    ['answers what was not asked', Buffer.from(`00000040fe534d4240${'00'.repeat(59)}`, 'hex')],
  ])('ends as bad_answer where the host %s, and closes', async (_, bytes) => {
    const closed = Promise.withResolvers<void>();
    const port = await scripted(
      (socket) =>
        void socket
          .on('close', () => closed.resolve())
          .resume()
          .write(bytes),
    );
    await expect(SmbClient.connect(target(port), never)).rejects.toMatchObject({ code: 'bad_answer' });
    await closed.promise;
  });

  test('ends in a typed error, whatever the host says', async () => {
    let bytes: Uint8Array = new Uint8Array();
    const port = await scripted((socket) => void socket.end(bytes));
    const framed = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((body) => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(body.length);
      return Buffer.concat([head, Buffer.from('fe534d42', 'hex').subarray(0, body.length), body.subarray(4)]);
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(framed, fc.uint8Array({ maxLength: 100 })), async (said) => {
        bytes = said;
        await expect(SmbClient.connect(target(port), never)).rejects.toBeInstanceOf(UsherError);
      }),
      { numRuns: 40 },
    );
  });
});

describe('requests', () => {
  test('of one turn leave in one write', async () => {
    const started = await connected();
    const writes = writesTo(started.host);
    await Promise.all([started.smb.open(lsm), started.smb.open(lsm), started.smb.open('Ctx_WinStation_API_service')]);
    expect(writes()).toBe(1);
  });

  test('of a long turn begin to leave before the last is made', async () => {
    const { host: started, smb } = await connected();
    const writes = writesTo(started);
    const answers = Array.from({ length: 40 }, () => smb.echo());
    const early = writes();
    await Promise.all(answers);
    expect([early, writes()]).toEqual([1, 2]);
  });

  test('of one turn are one wait, those of the next another', async () => {
    const { smb } = await connected();
    const before = smb.waits;
    const [pipe] = await Promise.all([smb.open(lsm), smb.open(lsm)]);
    expect(smb.waits - before).toBe(1);
    await smb.close(pipe);
    expect(smb.waits - before).toBe(2);
  });

  test('wait once for an answer that trickles in byte by byte', async () => {
    const started = await host();
    const port = await scripted((socket) => {
      const onward = new Socket().connect(started.port, '127.0.0.1');
      socket.pipe(onward);
      onward.on('data', (bytes: Buffer) => {
        for (const byte of bytes) socket.write(Uint8Array.of(byte));
      });
      socket.on('close', () => onward.destroy());
      onward.on('error', () => undefined);
    });
    const smb = await SmbClient.connect(target(port), never);
    open.push(smb);
    const before = smb.waits;
    await smb.open(lsm);
    expect(smb.waits - before).toBe(1);
  });

  test('that the host refuses cost the request alone', async () => {
    const { smb } = await connected();
    await expect(smb.open('TermSrv_API_service_2')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(smb.open(lsm)).resolves.toBeDefined();
  });

  test('that are answered for less than was written are a bad answer', async () => {
    const { smb } = await connected({
      handlers: [[write.code, (request, server) => [server.answer(request, write, { count: 1 })]]],
    });
    const pipe = await smb.open(lsm);
    const lost = new Promise((resolve) => smb.write(pipe, new Uint8Array(3), resolve));
    await expect(lost).resolves.toMatchObject({
      code: 'bad_answer',
      message: 'the host took 1 bytes of 3',
    });
  });

  test('that the host gives up are lost', async () => {
    const { smb } = await connected({
      handlers: [[create.code, (request, server) => [server.error(request, ntStatus.STATUS_CANCELLED)]]],
    });
    await expect(smb.open(lsm)).rejects.toMatchObject({ code: 'connection_lost' });
  });

  test.each<[string, (host: LoopbackHost, smb: SmbClient) => void, string]>([
    ['when the host ends the connection', (started) => started.hangUp(), 'connection_lost'],
    ['when it is given up', (_, smb) => smb.end(new UsherError({ code: 'timeout', message: 'late' })), 'timeout'],
  ])('that wait fail %s, and so do later ones', async (_, end, code) => {
    const { host: started, smb } = await connected();
    const pipe = await smb.open(lsm);
    const waiting = [reading(smb, pipe), reading(smb, pipe)];
    end(started, smb);
    for (const one of waiting) await expect(one).rejects.toMatchObject({ code });
    await expect(smb.open(lsm)).rejects.toMatchObject({ code });
    expect(smb.lost).toMatchObject({ code });
    await expect(smb.over).resolves.toBe(smb.lost);
  });
});

describe('disposing', () => {
  test('logs off, once, and does not wait for a host that answers nothing to it', async () => {
    let logoffs = 0;
    const heard = Promise.withResolvers<void>();
    const { smb } = await connected({
      handlers: [
        [
          logoff.code,
          () => {
            logoffs++;
            heard.resolve();
            return [];
          },
        ],
      ],
    });
    await smb[Symbol.asyncDispose]();
    await smb[Symbol.asyncDispose]();
    await heard.promise;
    expect([logoffs, smb.lost?.code]).toEqual([1, 'connection_lost']);
  });

  test('fails what waits', async () => {
    const { smb } = await connected();
    const waiting = reading(smb, await smb.open(lsm));
    await Promise.all([expect(waiting).rejects.toBeInstanceOf(UsherError), smb[Symbol.asyncDispose]()]);
  });
});

test('a session that expires is logged on again, and what waits is answered', async () => {
  let isExpired = false;
  const { smb } = await connected({
    handlers: [
      [
        close.code,
        (request, server) => {
          if (!isExpired) {
            isExpired = true;
            return [server.error(request, ntStatus.STATUS_NETWORK_SESSION_EXPIRED)];
          }
          const times = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };
          const sizes = { allocationSize: 0n, endOfFile: 0n, fileAttributes: 0 };
          return [server.answer(request, close, { flags: 0, ...times, ...sizes })];
        },
      ],
    ],
  });
  await expect(smb.close(await smb.open(lsm))).resolves.toBeUndefined();
});

test('a session that expires and is not logged on to again ends the connection, after one try', async () => {
  const setUp = new Map(wellBehaved).get(sessionSetup.code);
  let [isExpired, tries] = [false, 0];
  const { smb } = await connected({
    handlers: [
      [
        close.code,
        (request, server) => {
          isExpired = true;
          return [server.error(request, ntStatus.STATUS_NETWORK_SESSION_EXPIRED)];
        },
      ],
      [
        sessionSetup.code,
        (request, server) => {
          if (!isExpired) return setUp?.(request, server) ?? [];
          tries += 1;
          return [server.error(request, ntStatus.STATUS_LOGON_FAILURE)];
        },
      ],
    ],
  });
  await expect(smb.close(await smb.open(lsm))).rejects.toMatchObject({ code: 'logon_failed' });
  await expect(smb.open(lsm)).rejects.toMatchObject({ code: 'logon_failed' });
  expect([smb.lost?.code, tries]).toEqual(['logon_failed', 1]);
});
