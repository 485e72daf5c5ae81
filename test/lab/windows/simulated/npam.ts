import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/**
 * The unix sockets through which smbd hands over a pipe that it does not serve itself (Samba's named_pipe_auth): a request that tells
 * who the client is, an answer, then messages either way, each behind its length.
 */
export interface HandedPipe {
  /** Of those that are asked for, who logged on over SMB; null for anybody else. */
  readonly account: string | null;
  send(message: Uint8Array): void;
  end(): void;
}

/** What is done with a pipe's messages. */
export interface PipeEnd {
  receive(message: Uint8Array): void;
  close(): void;
}

const magic = 'NPAM';
const level = 7;
const longestRequest = 1 << 20;
const messageModePipe = 2;
const deviceState = 0x05ff;
const allocationSize = 4096n;

/** Listens where smbd looks for a pipe; it wants the socket for root alone. `opened` gives null where the pipe is not there. */
export function listen(
  path: string,
  accounts: readonly string[],
  opened: (pipe: HandedPipe) => PipeEnd | null,
): Promise<Server> {
  const listening = Promise.withResolvers<Server>();
  const server = createServer((socket) => serve(socket, accounts, opened));
  server.once('error', listening.reject);
  server.listen(path, () => {
    chmodSync(path, 0o600);
    listening.resolve(server);
  });
  return listening.promise;
}

function serve(socket: Socket, accounts: readonly string[], opened: (pipe: HandedPipe) => PipeEnd | null): void {
  let received = Buffer.alloc(0);
  let end: PipeEnd | null = null;
  socket.on('error', () => undefined);
  socket.on('close', () => end?.close());
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    if (end === null) {
      const taken = takeRequest(received);
      if (taken === 'more') return;
      if (taken === null) return void socket.destroy();
      received = received.subarray(taken.length);
      socket.write(reply());
      end = opened({
        account: accountIn(taken.info, accounts),
        send: (message) => socket.write(framed(message)),
        end: () => socket.end(),
      });
      if (end === null) return void socket.end();
    }
    while (received.length >= 2 && received.length >= 2 + received.readUInt16LE()) {
      const length = 2 + received.readUInt16LE();
      end.receive(received.subarray(2, length));
      received = received.subarray(length);
    }
  });
}

function takeRequest(bytes: Buffer): { readonly info: Buffer; readonly length: number } | 'more' | null {
  if (bytes.length < 4) return 'more';
  const length = 4 + bytes.readUInt32BE();
  if (length > longestRequest || length < 16) return null;
  if (bytes.length < length) return 'more';
  const isOurs = bytes.toString('latin1', 4, 8) === magic && bytes.readUInt32LE(8) === level;
  return isOurs ? { info: bytes.subarray(16, length), length } : null;
}

function reply(): Buffer {
  const body = Buffer.alloc(32);
  body.write(magic, 'latin1');
  body.writeUInt32LE(level, 4);
  body.writeUInt32LE(level, 8);
  body.writeUInt16LE(messageModePipe, 12);
  body.writeUInt16LE(deviceState, 14);
  body.writeBigUInt64LE(allocationSize, 20);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(message.length);
  return Buffer.concat([length, message]);
}

/** The first of the accounts that the request has as an NDR string of UTF-8: varying, with its terminator. */
function accountIn(info: Buffer, accounts: readonly string[]): string | null {
  const lower = Buffer.from(info.toString('latin1').toLowerCase(), 'latin1');
  const found = accounts.flatMap((account) => {
    const text = Buffer.from(`${account.toLowerCase()}\0`);
    const counts = Buffer.alloc(12);
    counts.writeUInt32LE(text.length);
    counts.writeUInt32LE(text.length, 8);
    const at = lower.indexOf(Buffer.concat([counts, text]));
    return at < 0 ? [] : [{ at, account }];
  });
  return found.toSorted((one, other) => one.at - other.at)[0]?.account ?? null;
}
