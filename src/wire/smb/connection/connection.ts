import { UsherError } from '../../../sessions/errors.ts';
import type { LogonInitiator } from '../../security/mechanism.ts';
import { FrameStream } from '../frames.ts';
import type { FileId } from '../messages/file-id.ts';
import { logoff } from '../messages/logoff.ts';
import { begin, reauthenticate } from './begin.ts';
import type { SmbEvent, Ticket } from './events.ts';
import { Exchange } from './exchange.ts';
import { failureOf, lost } from './failures.ts';
import type { Agreement } from './negotiation.ts';
import { type ConnectionParameters, limits } from './parameters.ts';
import {
  closePipe,
  type Heard,
  type Operation,
  openPipe,
  ping,
  readPipe,
  transceive,
  waitForPipe,
  writePipe,
} from './pipes.ts';

/** What is to be sent, in this order, and what has happened. */
export interface Output {
  readonly send: readonly Uint8Array[];
  readonly events: readonly SmbEvent[];
}

/**
 * A connection to the pipes of a host, which does no I/O: every method leaves its output for {@link SmbConnection.take}. What is
 * asked before `ready` waits. Whatever breaks the protocol closes the connection: `closed`.
 */
export class SmbConnection {
  readonly #exchange = new Exchange(() => {
    this.#expire();
  });
  readonly #heard: Heard = {
    answered: (ticket, outcome) => void this.#events.push({ ...outcome, ticket }),
    lost: (ticket, error) => void this.#events.push({ kind: 'failed', ticket, error, status: null }),
  };
  #events: SmbEvent[] = [];
  readonly #stream = new FrameStream();
  #agreement: Agreement | null = null;
  #closedBy: UsherError | null = null;
  #lastTicket: Ticket = 0;
  /** The same read is asked for many times over. */
  #lastRead: { readonly pipe: FileId; readonly length: number; readonly operation: Operation } | null = null;

  constructor(parameters: ConnectionParameters) {
    begin({
      exchange: this.#exchange,
      parameters,
      done: (agreement) => {
        this.#ready(agreement);
      },
    });
  }

  take(): Output {
    const events = this.#events;
    this.#events = [];
    return { send: this.takeUnsent(), events };
  }

  /** How many messages are to be sent. */
  get unsent(): number {
    return this.#exchange.unsent;
  }

  /** Those alone: what has happened is left for {@link SmbConnection.take}. */
  takeUnsent(): readonly Uint8Array[] {
    return this.#exchange.take();
  }

  receive(bytes: Uint8Array): void {
    if (this.#closedBy !== null) return;
    this.#guard(() => {
      this.#stream.push(bytes);
      while (this.#closedBy === null) {
        const message = this.#stream.next(limits.message);
        if (message === null) return;
        this.#exchange.receive(message);
      }
    });
  }

  /** The transport has ended: nothing more will come. */
  end(): void {
    this.#close(lost('the host ended the SMB connection'));
  }

  /** Opens an instance of a pipe, by its name without `\pipe\`: `opened`. */
  open(pipeName: string): Ticket {
    return this.#start(openPipe(pipeName));
  }

  /** `read`, when there are any bytes. */
  read(pipe: FileId, length: number): Ticket {
    const last = this.#lastRead;
    const again = last?.pipe === pipe && last.length === length ? last.operation : readPipe(pipe, length);
    this.#lastRead = { pipe, length, operation: again };
    return this.#start(again);
  }

  /** `written`. */
  write(pipe: FileId, data: Uint8Array): Ticket {
    return this.#start(writePipe(pipe, data));
  }

  /** Writes a message and reads the one that answers it: `read`. */
  transceive(pipe: FileId, data: Uint8Array, length: number): Ticket {
    return this.#start(transceive(pipe, data, length));
  }

  /** Until an instance of a pipe is free: `done`. */
  wait(pipeName: string, milliseconds: number): Ticket {
    return this.#start(waitForPipe(pipeName, milliseconds));
  }

  /** `done`. */
  close(pipe: FileId): Ticket {
    return this.#start(closePipe(pipe));
  }

  /** `done`. */
  echo(): Ticket {
    return this.#start(ping());
  }

  /** The request ends all the same: `cancelled`, or with what came before the server heard of it. */
  cancel(ticket: Ticket): void {
    if (this.#exchange.cancel(ticket)) this.#events.push({ kind: 'cancelled', ticket });
  }

  /** After `session-expired`, with an initiator that has said nothing yet: `reauthenticated`. */
  reauthenticate(initiator: LogonInitiator): void {
    this.#exchange.held = true;
    this.#guard(() => {
      reauthenticate({
        exchange: this.#exchange,
        agreement: this.#agreement,
        initiator,
        done: () => {
          this.#events.push({ kind: 'reauthenticated' });
          this.#release();
        },
      });
    });
  }

  /** Ends the session, and with it whatever waits: `closed`. */
  logOff(): void {
    if (this.#closedBy !== null) return;
    if (this.#exchange.protection === null) {
      this.#close(lost('the connection was given up before there was a session'), null);
      return;
    }
    this.#exchange.held = true;
    this.#exchange.ask(
      { command: logoff, request: null, urgent: true },
      {
        answered: ({ header, isError }) => {
          if (isError) throw failureOf(header.status, 'logging off');
          this.#close(lost('the session was logged off'), null);
        },
      },
    );
  }

  #ready(agreement: Agreement): void {
    this.#agreement = agreement;
    const { dialect, cipher, signingAlgorithm, longestPayload, response } = agreement;
    const { systemTime } = response;
    const { sessionId } = this.#exchange;
    this.#events.push({ kind: 'ready', dialect, cipher, signingAlgorithm, longestPayload, systemTime, sessionId });
    this.#release();
  }

  #release(): void {
    this.#exchange.held = false;
    this.#exchange.pump();
  }

  #expire(): void {
    if (this.#exchange.held) return;
    this.#exchange.held = true;
    this.#events.push({ kind: 'session-expired' });
  }

  #start(operation: Operation): Ticket {
    const ticket = ++this.#lastTicket;
    const refusal = this.#refusalOf(operation);
    if (refusal === null) operation.start(this.#exchange, ticket, this.#heard);
    else this.#heard.lost(ticket, refusal);
    return ticket;
  }

  #refusalOf({ payload }: Operation): UsherError | null {
    if (this.#closedBy !== null) return this.#closedBy;
    const longest = this.#agreement?.longestPayload ?? limits.payload;
    if (payload <= longest) return null;
    const message = `${payload} bytes in one SMB request, where ${longest} may be`;
    return new UsherError({ code: 'unsupported', message });
  }

  /** What breaks the protocol closes the connection. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      this.#close(error);
    }
  }

  #close(reason: UsherError, told: UsherError | null = reason): void {
    if (this.#closedBy !== null) return;
    this.#closedBy = reason;
    this.#exchange.abandon(reason);
    this.#events.push({ kind: 'closed', error: told });
  }
}
