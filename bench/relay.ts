import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Place } from './peers/protocol.ts';

/** What clients sent through a relay since the last reading. */
export interface Traffic {
  readonly connections: number;
  /** SMB messages of the clients: frames of the Direct TCP transport ([MS-SMB2] 2.1). */
  readonly messages: number;
  /** How often a client spoke after the host had: its round trips, but for those of TCP itself. */
  readonly roundTrips: number;
}

/** A TCP relay on loopback to a host on this machine. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** Milliseconds until bytes go on, in each direction. */
  delay: number;
  /** What was sent since the last time. */
  count(): Traffic;
}

const nothing = { connections: 0, messages: 0, roundTrips: 0 };

export async function startRelay(to: Place): Promise<Relay> {
  const sockets = new Set<Socket>();
  const relay = { delay: 0 };
  let traffic = { ...nothing };
  const server = createServer({ noDelay: true }, (client) => {
    const host = connect({ port: to.port, host: to.address, noDelay: true });
    const frames = frameCounter();
    let isHostsTurn = true;
    traffic.connections += 1;
    pass(client, host, relay, (bytes) => {
      if (isHostsTurn) traffic.roundTrips += 1;
      isHostsTurn = false;
      traffic.messages += frames(bytes);
    });
    pass(host, client, relay, () => {
      isHostsTurn = true;
    });
    for (const socket of [client, host]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(relay, {
    port: (server.address() as AddressInfo).port,
    count() {
      const counted = traffic;
      traffic = { ...nothing };
      return counted;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
}

/** Bytes and the end go on after the delay, in order. */
function pass(from: Socket, to: Socket, link: { readonly delay: number }, heard: (bytes: Buffer) => void): void {
  const later = (work: () => void): void => {
    if (link.delay === 0) work();
    else setTimeout(work, link.delay);
  };
  from.on('data', (bytes: Buffer) => {
    heard(bytes);
    later(() => to.write(bytes));
  });
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
}

/** Counts the frames that begin in what comes: four bytes, of which three are a length, and so many bytes. */
function frameCounter(): (bytes: Buffer) => number {
  let prefix: number[] = [];
  let left = 0;
  return (bytes) => {
    let begun = 0;
    for (let at = 0; at < bytes.length; ) {
      if (left > 0) {
        const taken = Math.min(left, bytes.length - at);
        left -= taken;
        at += taken;
        continue;
      }
      prefix.push(bytes[at++] ?? 0);
      if (prefix.length < 4) continue;
      left = Buffer.from(prefix).readUInt32BE(0);
      prefix = [];
      begun += 1;
    }
    return begun;
  };
}
