import { Duplex } from 'node:stream';
import type { Dial } from '../../../src/hosts/windows/dial.ts';
import type { Milliseconds } from '../../../src/sessions/duration.ts';
import { UsherError } from '../../../src/sessions/errors.ts';
import type { SimulatedClock } from '../../../src/simulator/clock/simulated-clock.ts';
import { HostLink } from '../../../src/simulator/listen/host-link.ts';
import type { Link } from '../../../src/simulator/listen/peer.ts';
import type { SimulatedHost } from '../../../src/simulator/world/host.ts';
import { ServerConnection } from '../../../src/wire/smb/server/connection.ts';
import type { SmbServer } from '../../../src/wire/smb/server/server.ts';

/** The way from Usher to a host, without a socket: bytes arrive when the clock says so. */
export interface Network {
  readonly host: SimulatedHost;
  readonly server: SmbServer;
  readonly clock: SimulatedClock;
  readonly random: (count: number) => Uint8Array;
  /** One way. */
  readonly latency: Milliseconds;
}

/** Dials the host. A host that is down refuses. The connections that are open can be cut. */
export class MemoryNetwork {
  readonly #network: Network;
  readonly #open = new Set<Line>();

  constructor(network: Network) {
    this.#network = network;
  }

  readonly dial: Dial = async ({ port }, signal) => {
    const { clock, latency, host } = this.#network;
    const arrived = Promise.withResolvers<void>();
    const abort = (): void =>
      arrived.reject(new UsherError({ code: 'timeout', message: `nothing answers on port ${port}` }));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    using _way = clock.after((latency * 2) as Milliseconds, arrived.resolve);
    try {
      await arrived.promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    if (host.power === 'down') {
      throw new UsherError({ code: 'unreachable', message: `port ${port} cannot be reached` });
    }
    const line = new Line(this.#network, () => this.#open.delete(line));
    this.#open.add(line);
    return line.stream;
  };

  /** Every connection is gone at once. */
  cut(): void {
    for (const line of this.#open) line.cut();
  }
}

/** One connection: the client's end of it is a stream, the host's is its SMB server. */
class Line {
  readonly stream: Duplex;
  readonly #network: Network;
  readonly #link: Link;
  readonly #connection: ServerConnection;
  readonly #over: () => void;
  readonly #hangUp: Disposable;
  #isPumping = false;

  constructor(network: Network, over: () => void) {
    const { server, random, host } = network;
    this.#network = network;
    this.#link = new HostLink(host);
    this.#over = over;
    const nonceStart = new DataView(Uint8Array.from(random(8)).buffer).getBigUint64(0);
    this.#connection = new ServerConnection(server, {
      salt: random(32),
      nonceStart,
      link: this.#link,
      wake: () => this.#pumpSoon(),
    });
    this.stream = new Duplex({
      allowHalfOpen: false,
      read: () => undefined,
      write: (bytes: Buffer, _encoding, taken) => {
        this.#carry(() => this.#arrived(bytes));
        taken();
      },
      destroy: (error, destroyed) => {
        this.#carry(() => this.#closed());
        destroyed(error);
      },
    });
    this.#hangUp = host.whenDown(() => this.cut());
  }

  cut(): void {
    this.#carry(() => this.stream.destroy());
  }

  #carry(arrive: () => void): void {
    this.#network.clock.after(this.#network.latency, arrive);
  }

  #arrived(bytes: Uint8Array): void {
    this.#link.toHost(bytes, (delivered) => this.#hear(delivered));
  }

  #hear(bytes: Uint8Array): void {
    if (this.stream.destroyed) return;
    this.#connection.receive(bytes);
    this.#pump();
  }

  #closed(): void {
    this.#hangUp[Symbol.dispose]();
    this.#over();
    this.#connection.close(new UsherError({ code: 'connection_lost', message: 'the client is gone' }));
  }

  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    queueMicrotask(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { send, closed } = this.#connection.take();
    const leaving: Uint8Array[] = [];
    let isOver = closed !== null;
    for (const frame of send) {
      this.#link.toClient(
        frame,
        (bytes) => leaving.push(bytes),
        () => {
          isOver = true;
        },
      );
    }
    if (leaving.length > 0) this.#send(Buffer.concat(leaving));
    if (isOver) this.cut();
  }

  #send(bytes: Buffer): void {
    this.#carry(() => {
      if (!this.stream.destroyed) this.stream.push(bytes);
    });
  }
}
