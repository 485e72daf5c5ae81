import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { NtlmClient, type NtlmClientFacts } from '../../../wire/ntlm/client.ts';
import { ntowfv1 } from '../../../wire/ntlm/keys.ts';
import { SmbConnection } from '../../../wire/smb/connection/connection.ts';
import type { SmbEvent } from '../../../wire/smb/connection/events.ts';
import { NtlmLogon } from '../../../wire/smb/server/logon.ts';
import type { SmbServerParameters } from '../../../wire/smb/server/parameters.ts';
import { SmbServer } from '../../../wire/smb/server/server.ts';
import { SpnegoInitiator } from '../../../wire/spnego/initiator.ts';
import type { Place } from '../places.ts';

const ntHash = ntowfv1('geheim');
const time = 133_111_111_111_111_111n;

/** A host whose pipes say backwards what they hear. */
export function mirroringHost(name: string, parameters: Partial<SmbServerParameters> = {}): SmbServer {
  const names = { nbComputerName: name, nbDomainName: 'CORP', dnsComputerName: name, dnsDomainName: 'corp.example' };
  const facts = { ...names, time, serverChallenge: new Uint8Array(8).fill(7), accounts: { ntHashOf: () => ntHash } };
  return new SmbServer({
    serverGuid: new Uint8Array(16),
    now: () => time,
    logon: () => new NtlmLogon(facts),
    openPipe: ({ client }) => ({ receive: (message) => client.send(message.toReversed()), end: () => {} }),
    hasPipe: () => true,
    ...parameters,
  });
}

/** Somebody who speaks to a host over a socket. */
export class Caller implements Disposable {
  readonly socket: Socket;
  readonly #smb: SmbConnection;
  readonly #events: SmbEvent[] = [];
  #heard = Promise.withResolvers<void>();

  constructor({ address, port }: Place, facts: Partial<NtlmClientFacts> = {}) {
    this.socket = connect({ host: address, port });
    this.#smb = new SmbConnection({
      serverName: address,
      initiator: new SpnegoInitiator([
        new NtlmClient({
          user: 'anna',
          domain: 'CORP',
          ntHash,
          workstation: 'PC',
          targetName: `cifs/${address}`,
          channelBindings: null,
          time,
          clientChallenge: new Uint8Array(8),
          exportedSessionKey: new Uint8Array(16).fill(3),
          ...facts,
        }),
      ]),
      clientGuid: new Uint8Array(16),
      salt: new Uint8Array(32),
      nonceStart: 0n,
    });
    this.socket.on('error', () => undefined);
    this.socket.on('data', (bytes: Buffer) => {
      this.#smb.receive(bytes);
      this.pump();
    });
    this.socket.on('close', () => {
      this.#smb.end();
      this.pump();
    });
    this.pump();
  }

  get smb(): SmbConnection {
    return this.#smb;
  }

  pump(): void {
    const { send, events } = this.#smb.take();
    for (const bytes of send) this.socket.write(bytes);
    this.#events.push(...events);
    if (events.length === 0) return;
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
  }

  /** The next event. */
  async next(): Promise<SmbEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      await this.#heard.promise;
    }
  }

  /** What a pipe says to a message. */
  async mirrored(message: Uint8Array): Promise<SmbEvent> {
    this.#smb.open('mirror');
    this.pump();
    const opened = await this.next();
    if (opened.kind !== 'opened') return opened;
    this.#smb.transceive(opened.pipe, message, 65536);
    this.pump();
    return this.next();
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
