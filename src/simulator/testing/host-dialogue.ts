import { UsherError } from '../../sessions/errors.ts';
import { decodeResponse, encodeRequest, type RpcCall } from '../../wire/ndr/call.ts';
import { NtlmClient } from '../../wire/ntlm/client.ts';
import { RpcClient } from '../../wire/rpc/client/client.ts';
import { SmbConnection } from '../../wire/smb/connection/connection.ts';
import type { SmbEvent, Ticket } from '../../wire/smb/connection/events.ts';
import { ServerConnection } from '../../wire/smb/server/connection.ts';
import type { SmbServer } from '../../wire/smb/server/server.ts';
import { SpnegoInitiator } from '../../wire/spnego/initiator.ts';
import { HostLink } from '../listen/host-link.ts';
import { smbServerOf } from '../listen/host-server.ts';
import type { Account } from '../world/account.ts';
import type { SimulatedHost } from '../world/host.ts';
import { counting } from './pipe.ts';

/** A client and a simulated host with all that is between them but a socket: SMB, its pipes, and what behaviours do to frames. */
export class HostDialogue {
  readonly host: SimulatedHost;
  readonly client: SmbConnection;
  readonly events: SmbEvent[] = [];
  /** Every frame that the host let go, as it arrived. */
  readonly arrived: Uint8Array[] = [];
  isHungUp = false;
  readonly #connection: ServerConnection;
  readonly #link: HostLink;

  constructor(host: SimulatedHost, account: Account, server: SmbServer = smbServerOf(host, { random: counting() })) {
    if (account.ntHash === null) throw new TypeError(`${account.name} has no password`);
    this.host = host;
    this.#link = new HostLink(host);
    this.#connection = new ServerConnection(server, {
      salt: new Uint8Array(32),
      nonceStart: 1n,
      wake: () => undefined,
      link: this.#link,
    });
    this.client = new SmbConnection({
      serverName: host.name,
      initiator: new SpnegoInitiator([
        new NtlmClient({
          user: account.name,
          domain: account.domain,
          ntHash: account.ntHash,
          workstation: 'PC',
          targetName: `cifs/${host.name}`,
          channelBindings: null,
          time: host.now(),
          clientChallenge: new Uint8Array(8),
          exportedSessionKey: new Uint8Array(16).fill(3),
        }),
      ]),
      clientGuid: new Uint8Array(16),
      salt: new Uint8Array(32),
      nonceStart: 0n,
    });
    this.run();
  }

  /** Until neither has anything to say. Gives what happened to the client meanwhile. */
  run(): readonly SmbEvent[] {
    const before = this.events.length;
    for (;;) {
      const { send, events } = this.client.take();
      this.events.push(...events);
      for (const frame of send) this.#link.toHost(frame, (bytes) => this.#connection.receive(bytes));
      const { send: answers } = this.#connection.take();
      for (const frame of answers) this.#link.toClient(frame, this.#arrive, this.#hangUp);
      if (send.length + answers.length + events.length === 0) return this.events.slice(before);
    }
  }

  /** What a request comes to; undefined where it comes to nothing. */
  ask(start: (client: SmbConnection) => Ticket): SmbEvent | undefined {
    const ticket = start(this.client);
    this.run();
    return this.events.find((event) => 'ticket' in event && event.ticket === ticket);
  }

  /** Makes a call over a pipe of its own. What came: an answer, why it is none, or null: nothing. */
  call<Q, A>(call: RpcCall<Q, A>, request: Q): A | UsherError | null {
    const opened = this.ask((client) => client.open(call.interface.pipe));
    if (opened?.kind === 'failed') return opened.error;
    if (opened?.kind !== 'opened') return null;
    const rpc = new RpcClient({ interfaces: [call.interface], security: null });
    const id = rpc.call({ interface: call.interface, opnum: call.opnum, stub: encodeRequest(call, request) });
    for (;;) {
      const { send, events } = rpc.take();
      for (const event of events) {
        if (event.kind === 'answered' && event.call === id) return decodeResponse(call, event.stub);
        if (event.kind === 'failed' || event.kind === 'closed') return event.error;
      }
      for (const pdu of send) this.client.write(opened.pipe, pdu);
      const read = this.ask((client) => client.read(opened.pipe, 65_536));
      if (read === undefined) return null;
      if (read.kind === 'failed') return read.error;
      if (read.kind === 'read') rpc.receive(read.data);
    }
  }

  readonly #arrive = (bytes: Uint8Array): void => {
    this.arrived.push(bytes);
    this.client.receive(bytes);
  };

  readonly #hangUp = (): void => {
    this.isHungUp = true;
    this.#connection.close(new UsherError({ code: 'connection_lost', message: 'the connection is cut' }));
    this.client.end();
  };
}
