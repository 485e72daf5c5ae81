import { NtlmClient, type NtlmClientFacts } from '../../ntlm/client.ts';
import { NtlmServer } from '../../ntlm/server.ts';
import { clientFacts, serverFacts } from '../../ntlm/testing/logon.ts';
import { SpnegoAcceptor } from '../../spnego/acceptor.ts';
import { SpnegoInitiator } from '../../spnego/initiator.ts';
import type { CallFacts } from '../client/call.ts';
import { RpcClient } from '../client/client.ts';
import type { RpcEvent } from '../client/events.ts';
import type { ClientSecurity, RpcClientParameters } from '../client/parameters.ts';
import type { AuthLevel } from '../pdus/sec-trailer.ts';
import type { SyntaxId } from '../pdus/syntax-id.ts';
import type { ServerEvent } from '../server/events.ts';
import type { RpcServerParameters } from '../server/parameters.ts';
import { RpcServer } from '../server/server.ts';

export const session: SyntaxId = { uuid: '484809d6-4239-471b-b5bc-61df8c23ac48', major: 1, minor: 0 };
export const enumeration: SyntaxId = { uuid: '88143fd0-c28d-4b2b-8fef-8d882f6a9390', major: 1, minor: 0 };
export const notification: SyntaxId = { uuid: '11899a43-2b68-4a76-92e3-a3d6ad8c26ce', major: 1, minor: 0 };

export type How = 'none' | `${'ntlm' | 'negotiate'} ${AuthLevel}`;

/** A client's security of this kind, with NTLM in it. */
export function clientSecurity(how: How, facts: NtlmClientFacts = clientFacts): ClientSecurity | null {
  const ntlm = (): NtlmClient => new NtlmClient(facts);
  switch (how) {
    case 'none':
      return null;
    case 'ntlm integrity':
      return { type: 'ntlm', level: 'integrity', initiator: ntlm() };
    case 'ntlm privacy':
      return { type: 'ntlm', initiator: ntlm() };
    case 'negotiate integrity':
      return { type: 'negotiate', level: 'integrity', initiator: new SpnegoInitiator([ntlm()]) };
    case 'negotiate privacy':
      return { type: 'negotiate', initiator: new SpnegoInitiator([ntlm()]) };
  }
}

export const usualServer: RpcServerParameters = {
  interfaces: [session, enumeration],
  acceptor(type) {
    if (type === 'kerberos') return null;
    const ntlm = new NtlmServer(serverFacts);
    return type === 'ntlm' ? ntlm : new SpnegoAcceptor([ntlm]);
  },
  associationGroupId: 0x1234,
  secondaryAddress: '\\PIPE\\LSM_API_service',
};

/** Changes PDUs on their way; null: it does not arrive. */
export type Between = (pdu: Uint8Array) => Uint8Array | null;

export interface DialogueFacts {
  readonly how?: How;
  readonly client?: Partial<RpcClientParameters>;
  readonly server?: Partial<RpcServerParameters>;
  /** What is called before the bind is answered. */
  readonly early?: readonly CallFacts[];
  /** PDUs arrive in pieces of so many bytes. */
  readonly pieces?: number;
  /** What the server does when something happens. */
  readonly react?: (event: ServerEvent, server: RpcServer) => void;
  readonly toServer?: Between;
  readonly toClient?: Between;
}

/** Answers what was sent, backwards. */
export function mirror(event: ServerEvent, server: RpcServer): void {
  if (event.kind === 'called') server.respond(event.call, event.stub.toReversed());
}

const unchanged: Between = (pdu) => pdu;

/** A client and a server, and whatever they tell each other. */
export class Dialogue {
  readonly client: RpcClient;
  readonly server: RpcServer;
  readonly events: RpcEvent[] = [];
  readonly heard: ServerEvent[] = [];
  readonly sent: Uint8Array[] = [];
  readonly answered: Uint8Array[] = [];
  readonly #facts: DialogueFacts;

  constructor(facts: DialogueFacts = {}) {
    const security = clientSecurity(facts.how ?? 'none');
    this.#facts = facts;
    this.client = new RpcClient({ interfaces: [session, enumeration], security, ...facts.client });
    this.server = new RpcServer({ ...usualServer, ...facts.server });
    for (const call of facts.early ?? []) this.client.call(call);
    this.run();
  }

  /** Until neither has anything to say. Gives what happened to the client meanwhile. */
  run(): readonly RpcEvent[] {
    const { react = mirror, toServer = unchanged, toClient = unchanged } = this.#facts;
    const before = this.events.length;
    for (;;) {
      const { send, events } = this.client.take();
      this.events.push(...events);
      for (const pdu of send) {
        this.sent.push(pdu);
        for (const piece of this.#pieces(toServer(pdu))) this.server.receive(piece);
      }
      const { send: answers, events: happened } = this.server.take();
      this.heard.push(...happened);
      for (const pdu of answers) {
        this.answered.push(pdu);
        for (const piece of this.#pieces(toClient(pdu))) this.client.receive(piece);
      }
      for (const event of happened) react(event, this.server);
      if (send.length + answers.length + happened.length === 0) return this.events.slice(before);
    }
  }

  #pieces(pdu: Uint8Array | null): readonly Uint8Array[] {
    if (pdu === null) return [];
    const length = this.#facts.pieces ?? pdu.length;
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < pdu.length; at += length) pieces.push(pdu.subarray(at, at + length));
    return pieces;
  }
}
