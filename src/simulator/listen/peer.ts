import type { Socket } from 'node:net';
import { UsherError } from '../../sessions/errors.ts';
import type { ConnectionFacts } from '../../wire/smb/server/parameters.ts';
import { ServerConnection } from '../../wire/smb/server/connection.ts';
import type { SmbServer } from '../../wire/smb/server/server.ts';

/** What becomes of the bytes of one connection on their way, for hosts whose network is not as it should be. */
export interface Link {
  /**
   * What the host sends, frame by frame: `deliver` may be called now, later, with other bytes, or never. `hangUp` ends the connection
   * once what was delivered has left.
   */
  toClient(frame: Uint8Array, deliver: (bytes: Uint8Array) => void, hangUp: () => void): void;
  /** What the client sends. */
  toHost(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void;
}

export interface PeerFacts extends Omit<ConnectionFacts, 'wake'> {
  readonly socket: Socket;
  readonly server: SmbServer;
  /** Null where nothing is wrong with the network. */
  readonly link: Link | null;
}

/** Bytes that wait for a client to take them: then nothing more is read from it. */
const mostUnsent = 2 ** 20;

/** A client's connection: its socket, and the server's end of what is spoken over it. */
export class Peer {
  readonly #socket: Socket;
  readonly #link: Link | null;
  readonly #connection: ServerConnection;
  #isPumping = false;
  /** What leaves in this turn; null between turns. */
  #leaving: Uint8Array[] | null = null;
  #isHungUp = false;

  constructor({ socket, server, link, salt, nonceStart }: PeerFacts) {
    this.#socket = socket;
    this.#link = link;
    this.#connection = new ServerConnection(server, { salt, nonceStart, link, wake: () => this.#pumpSoon() });
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      if (link === null) this.#hear(bytes);
      else link.toHost(bytes, (delivered) => this.#hear(delivered));
    });
    socket.on('drain', () => {
      socket.resume();
    });
    socket.on('error', () => {
      socket.destroy();
    });
    socket.on('close', () => {
      this.#connection.close(new UsherError({ code: 'connection_lost', message: 'the client is gone' }));
    });
  }

  /** Whether somebody has logged on, or is about to. */
  get hasSession(): boolean {
    return this.#connection.load.sessions > 0;
  }

  /** Cuts the connection off. */
  cut(): void {
    this.#socket.destroy();
  }

  #hear(bytes: Uint8Array): void {
    if (this.#socket.destroyed) return;
    this.#connection.receive(bytes);
    this.#pump();
  }

  /** Once in a turn, however often there is something. */
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
    this.#leaving = leaving;
    for (const bytes of send) {
      if (this.#link === null) this.#send(bytes);
      else this.#link.toClient(bytes, this.#deliver, this.#hangUp);
    }
    this.#leaving = null;
    if (leaving.length > 0) this.#send(Buffer.concat(leaving));
    if (this.#isHungUp || closed !== null) this.#socket.destroySoon();
  }

  readonly #deliver = (bytes: Uint8Array): void => this.#send(bytes);

  readonly #hangUp = (): void => {
    this.#isHungUp = true;
    if (this.#leaving === null) this.#socket.destroySoon();
  };

  /** What leaves in one turn leaves as one piece. */
  #send(bytes: Uint8Array): void {
    if (this.#leaving !== null) return void this.#leaving.push(bytes);
    if (this.#socket.destroyed || !this.#socket.writable) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > mostUnsent) this.#socket.pause();
  }
}
