import { NtlmClient, type NtlmClientFacts } from '../../../ntlm/client.ts';
import { clientFacts, serverFacts } from '../../../ntlm/testing/logon.ts';
import { SpnegoInitiator } from '../../../spnego/initiator.ts';
import type { LogonInitiator } from '../../../security/mechanism.ts';
import { SmbConnection } from '../../connection/connection.ts';
import type { SmbEvent, Ticket } from '../../connection/events.ts';
import type { ConnectionParameters } from '../../connection/parameters.ts';
import type { FileId } from '../../messages/file-id.ts';
import { ServerConnection } from '../connection.ts';
import { NtlmLogon, type NtlmLogonFacts } from '../logon.ts';
import type { ConnectionFacts, SmbServerParameters } from '../parameters.ts';
import type { Account, Pipe, PipeClient } from '../pipe.ts';
import { SmbServer } from '../server.ts';

/** An instance of a pipe that a test opened, and what it heard. */
export interface TestPipe extends Pipe {
  readonly name: string;
  readonly account: Account;
  readonly client: PipeClient;
  readonly heard: Uint8Array[];
  isEnded: boolean;
}

/** What a test's pipe does with a message: the pipe `mirror` says it backwards, at once; `silent` says nothing by itself. */
const says: Readonly<Record<string, (message: Uint8Array, client: PipeClient) => void>> = {
  mirror: (message, client) => client.send(message.toReversed()),
  silent: () => {},
};

/** A host that knows zoë, with the pipes `mirror` and `silent`. */
export class TestHost {
  readonly server: SmbServer;
  readonly pipes: TestPipe[] = [];
  clock = 133_111_111_111_111_111n;

  constructor(parameters: Partial<SmbServerParameters> = {}, logon: Partial<NtlmLogonFacts> = {}) {
    const accounts = { ntHashOf: (account: { user: string; domain: string }) => serverFacts.ntHashOf(account) };
    this.server = new SmbServer({
      serverGuid: new Uint8Array(16).fill(0x5e),
      now: () => this.clock,
      logon: () => new NtlmLogon({ ...serverFacts, accounts, ...logon }),
      openPipe: ({ name, account, client }) => {
        const say = says[name.toLowerCase()];
        if (say === undefined) return null;
        const heard: Uint8Array[] = [];
        const pipe: TestPipe = {
          name,
          account,
          client,
          heard,
          isEnded: false,
          receive(message) {
            heard.push(message);
            say(message, client);
          },
          end() {
            pipe.isEnded = true;
          },
        };
        this.pipes.push(pipe);
        return pipe;
      },
      hasPipe: (name) => says[name.toLowerCase()] !== undefined,
      ...parameters,
    });
  }

  get lastPipe(): TestPipe {
    const pipe = this.pipes.at(-1);
    if (pipe === undefined) throw new TypeError('no pipe was opened');
    return pipe;
  }
}

export const spnego = (facts: Partial<NtlmClientFacts> = {}): LogonInitiator =>
  new SpnegoInitiator([new NtlmClient({ ...clientFacts, ...facts })]);

export interface DialogueFacts {
  readonly host?: TestHost;
  readonly server?: Partial<SmbServerParameters>;
  readonly logon?: Partial<NtlmLogonFacts>;
  readonly client?: Partial<ConnectionParameters>;
  readonly connection?: Partial<ConnectionFacts>;
  /** Changes what the client sends, message by message, as it is framed; null: it does not arrive. */
  readonly toServer?: (frame: Uint8Array, at: number) => Uint8Array | null;
  readonly toClient?: (frame: Uint8Array, at: number) => Uint8Array | null;
}

/** Our client and our server, who tell each other whatever they have to say. */
export class ServerDialogue {
  readonly host: TestHost;
  readonly client: SmbConnection;
  readonly connection: ServerConnection;
  readonly events: SmbEvent[] = [];
  readonly sent: Uint8Array[] = [];
  readonly answered: Uint8Array[] = [];
  /** How often the server asked to be looked at. */
  wakes = 0;
  readonly #facts: DialogueFacts;

  constructor(facts: DialogueFacts = {}) {
    this.#facts = facts;
    this.host = facts.host ?? new TestHost(facts.server, facts.logon);
    this.connection = new ServerConnection(this.host.server, {
      salt: new Uint8Array(32).fill(0xa5),
      nonceStart: 1000n,
      wake: () => {
        this.wakes++;
      },
      ...facts.connection,
    });
    this.client = new SmbConnection({
      serverName: 'rds1.corp.example',
      initiator: spnego(),
      clientGuid: new Uint8Array(16).fill(0xc1),
      salt: new Uint8Array(32).fill(0x5a),
      nonceStart: 7n,
      ...facts.client,
    });
    this.run();
  }

  /** Until neither has anything to say. Gives what happened to the client meanwhile. */
  run(): readonly SmbEvent[] {
    const { toServer = unchanged, toClient = unchanged } = this.#facts;
    const before = this.events.length;
    for (;;) {
      const { send, events } = this.client.take();
      this.events.push(...events);
      for (const frame of send) {
        const arrived = toServer(frame, this.sent.length);
        this.sent.push(frame);
        if (arrived !== null) this.connection.receive(arrived);
      }
      const { send: answers, closed } = this.connection.take();
      for (const frame of answers) {
        const arrived = toClient(frame, this.answered.length);
        this.answered.push(frame);
        if (arrived !== null) this.client.receive(arrived);
      }
      if (send.length + answers.length + events.length > 0) continue;
      if (closed !== null && this.events.at(-1)?.kind !== 'closed') this.client.end();
      this.events.push(...this.client.take().events);
      return this.events.slice(before);
    }
  }

  /** What one request comes to. */
  ask(start: (client: SmbConnection) => Ticket): SmbEvent | undefined {
    const ticket = start(this.client);
    return this.run().find((event) => 'ticket' in event && event.ticket === ticket);
  }

  /** Opens a pipe that there is. */
  open(name: string): FileId {
    const event = this.ask((client) => client.open(name));
    if (event?.kind !== 'opened') throw new TypeError(`opening ${name} came to ${event?.kind ?? 'nothing'}`);
    return event.pipe;
  }

  get kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }
}

const unchanged = (frame: Uint8Array): Uint8Array => frame;
