import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface RelayOptions {
  /** What a round trip takes longer, in milliseconds; nothing by default. */
  readonly roundTripMs?: number;
  /** What arrives of what is sent, for somebody who meddles with it; all of it by default. */
  readonly change?: (data: Buffer, isAsked: boolean) => Buffer;
}

/** Carries TCP connections to a host, later than they came, and sees what is said. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /**
   * How often the client has waited for the host until now: the first time for TCP's own answer, then whenever something that
   * was sent after an answer came back. Exact where the host answers everything within `roundTripMs`.
   */
  readonly rounds: number;
  /** All that went either way. */
  carried(): Buffer;
  /** From the client, in the order that it came. */
  asked(): Buffer;
}

export async function startRelay(port: number, { roundTripMs = 0, change }: RelayOptions = {}): Promise<Relay> {
  const sockets = new Set<Socket>();
  const seen: { readonly isAsked: boolean; readonly data: Buffer }[] = [];
  /** Of the last that reached either side. */
  let [answered, asked] = [1, 1];
  const carry = (from: Socket, to: Socket, isAsked: boolean): void => {
    sockets.add(from);
    from.on('data', (data: Buffer) => {
      seen.push({ isAsked, data });
      const round = isAsked ? answered + 1 : asked;
      setTimeout(() => {
        if (isAsked) asked = Math.max(asked, round);
        else answered = Math.max(answered, round);
        to.write(change === undefined ? data : change(data, isAsked));
      }, roundTripMs / 2);
    });
    from.on('end', () => setTimeout(() => to.end(), roundTripMs / 2));
    from.on('error', () => to.destroy());
    from.on('close', () => sockets.delete(from));
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const host = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    carry(client, host, true);
    carry(host, client, false);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get rounds() {
      return answered;
    },
    carried: () => Buffer.concat(seen.map(({ data }) => data)),
    asked: () => Buffer.concat(seen.flatMap(({ isAsked, data }) => (isAsked ? [data] : []))),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
