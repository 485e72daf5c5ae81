import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Milliseconds } from '../../sessions/duration.ts';
import type { SmbServer } from '../../wire/smb/server/server.ts';
import { type Link, Peer } from './peer.ts';
import type { Place } from './places.ts';

/** What a listener does not make up by itself. */
export interface ListenerFacts {
  /** So many random bytes. */
  readonly random: (count: number) => Uint8Array;
  /** Does the work when so much time has gone by, unless it is disposed of before. */
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
  /** Connections of one host at a time; more are refused. */
  readonly mostConnections: number;
  /** How long a client may take to log on. */
  readonly logonWithin: Milliseconds;
}

/** A host that is to be listened for. */
export interface ListeningHost {
  readonly server: SmbServer;
  /** The network of a new connection; nothing is wrong with it where nothing is said, or null. */
  readonly link?: () => Link | null;
  /** While it is off, whoever connects is cut off at once; it is on where nothing is said. */
  readonly power?: {
    readonly isOn: () => boolean;
    /** Until it is disposed of, this is done when the host goes off. */
    readonly whenOff: (hangUp: () => void) => Disposable;
  };
}

export interface HostListenerFacts extends ListenerFacts, ListeningHost {
  readonly place: Place;
}

/** The socket that a simulated host listens on, while it is up. */
export class HostListener {
  readonly place: Place;
  readonly #facts: HostListenerFacts;
  readonly #peers = new Set<Peer>();
  #listening: Server | null = null;

  constructor(facts: HostListenerFacts) {
    this.place = facts.place;
    this.#facts = facts;
  }

  get connections(): number {
    return this.#peers.size;
  }

  /** Listens. Throws what the system says where it cannot: EADDRINUSE, EADDRNOTAVAIL. */
  async up(): Promise<void> {
    if (this.#listening !== null) return;
    const { address: host, port } = this.place;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#listening = server;
    try {
      server.listen({ host, port, exclusive: true });
      await once(server, 'listening');
      server.on('error', () => {});
    } catch (error) {
      this.#listening = null;
      throw error;
    }
  }

  /** Cuts all connections off and listens no more, as a host does that goes down. */
  async down(): Promise<void> {
    const server = this.#listening;
    if (server === null) return;
    this.#listening = null;
    const closed = once(server, 'close');
    server.close();
    for (const peer of this.#peers) peer.cut();
    await closed;
  }

  #accept(socket: Socket): void {
    const { server, random, after, mostConnections, logonWithin, link, power } = this.#facts;
    if (this.#peers.size >= mostConnections || power?.isOn() === false) {
      socket.destroy();
      return;
    }
    const nonceStart = new DataView(Uint8Array.from(random(8)).buffer).getBigUint64(0);
    const peer = new Peer({ socket, server, salt: random(32), nonceStart, link: link?.() ?? null });
    const deadline = after(logonWithin, () => {
      if (!peer.hasSession) peer.cut();
    });
    const hangUp = power?.whenOff(() => peer.cut());
    this.#peers.add(peer);
    socket.on('close', () => {
      deadline[Symbol.dispose]();
      hangUp?.[Symbol.dispose]();
      this.#peers.delete(peer);
    });
  }
}
