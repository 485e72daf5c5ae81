import type { Duplex } from 'node:stream';
import { UsherError } from '../../sessions/errors.ts';
import type { LogonInitiator, LogonStep } from '../../wire/security/mechanism.ts';
import { SmbConnection } from '../../wire/smb/connection/connection.ts';
import type { Ready, SmbEvent, Ticket } from '../../wire/smb/connection/events.ts';
import type { ConnectionParameters } from '../../wire/smb/connection/parameters.ts';
import { ntStatus } from '../../wire/ms-erref/ntstatus.ts';
import type { FileId } from '../../wire/smb/messages/file-id.ts';
import type { Dial, Endpoint } from './dial.ts';

/** Where a host is spoken to, and as whom. */
export interface SmbTarget extends Endpoint {
  readonly dial: Dial;
  readonly parameters: Omit<ConnectionParameters, 'initiator'>;
  /**
   * A logon that has said nothing yet: the first one, asked for when the host has answered (who must wait for one waits for no dead
   * host), and one more whenever the host lets a session expire.
   */
  readonly initiate: () => LogonInitiator | Promise<LogonInitiator>;
}

/** Reads that are parked at a host: somewhat fewer than a Windows server lets wait, and than any other Windows does. */
const [mostReads, fewestReads] = [480, 48];

type TicketEvent = Extract<SmbEvent, { readonly ticket: Ticket }>;
type Waiter = { readonly resolve: (event: TicketEvent) => void; readonly reject: (error: UsherError) => void };

/** Who reads from a pipe. Hosts owe thousands of reads for hours, so that no promise is made for each. */
export interface PipeReader {
  /** Null where it was given up: what is still needed is to be asked for again. */
  read(bytes: Uint8Array | null): void;
  lost(error: UsherError): void;
}

interface Writing {
  readonly length: number;
  readonly lost: (error: UsherError) => void;
}

/** Bytes that are kept until it is known who logs on: an answer to NEGOTIATE is far shorter. */
const longestEarly = 2 ** 17;

/** The logon of a connection that begins before it is known who logs on. */
class LaterInitiator implements LogonInitiator {
  /** Null until then, and after the logon. */
  meant: LogonInitiator | null = null;

  start(hint?: Uint8Array): Uint8Array {
    return this.#known().start(hint);
  }

  step(token: Uint8Array): LogonStep {
    return this.#known().step(token);
  }

  #known(): LogonInitiator {
    if (this.meant === null) throw new TypeError('the logon was begun before anybody logs on');
    return this.meant;
  }
}

/** So many requests leave before their turn is over: a host begins with the first of a long list while the last are being made. */
const fullPacket = 32;

/** An SMB connection whose requests are promises. What is asked in one turn leaves in one packet, or in full ones. */
export class SmbClient implements AsyncDisposable {
  readonly #stream: Duplex;
  readonly #target: SmbTarget;
  readonly #smb: SmbConnection;
  readonly #waiters = new Map<Ticket, Waiter>();
  readonly #logon = new LaterInitiator();
  readonly #spoken = Promise.withResolvers<void>();
  /** Whether it is known who logs on: from then on the host is heard. */
  #isHeard = false;
  /** What the host said before. */
  #early: Buffer = Buffer.alloc(0);
  readonly #ready = Promise.withResolvers<Ready>();
  readonly #over = Promise.withResolvers<UsherError>();
  readonly #reads = {
    most: mostReads,
    parked: new Map<Ticket, PipeReader>(),
    waiting: [] as (() => void)[],
    /** Up to this one, reads that come to nothing were given up. */
    givenUp: 0 satisfies Ticket,
  };
  readonly #writes = new Map<Ticket, Writing>();
  #lost: UsherError | null = null;
  #flushing = false;
  /** Answers that came until now were answers to requests of this round at most. */
  #heard = 1;
  #asked = 1;

  private constructor(stream: Duplex, target: SmbTarget) {
    this.#stream = stream;
    this.#target = target;
    this.#smb = new SmbConnection({ ...target.parameters, initiator: this.#logon });
    this.#spoken.promise.catch(() => undefined);
    this.#ready.promise.catch(() => undefined);
    stream.on('data', (bytes: Buffer) => this.#take(bytes));
    stream.on('error', (cause) =>
      this.end(new UsherError({ code: 'connection_lost', message: 'the connection broke', cause })),
    );
    stream.on('close', () =>
      this.end(new UsherError({ code: 'connection_lost', message: 'the host ended the connection' })),
    );
    this.#pump();
  }

  /** Connects, negotiates, logs on and opens IPC$. Throws `UsherError`; an abort ends it with `timeout`. */
  static connect(target: SmbTarget, signal: AbortSignal): Promise<SmbClient> {
    return SmbClient.#connect(target, signal, true);
  }

  static async #connect(target: SmbTarget, signal: AbortSignal, isFirst: boolean): Promise<SmbClient> {
    const client = new SmbClient(await target.dial(target, signal), target);
    const abort = (): void =>
      client.end(new UsherError({ code: 'timeout', message: 'the host did not answer in time' }));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await client.#spoken.promise;
      const initiator = await target.initiate();
      // Hosts hang up on those who do not log on for a while, as somebody who types a password.
      if (isFirst && client.#lost?.code === 'connection_lost') return await SmbClient.#connect(target, signal, false);
      client.#logOn(initiator);
      await client.#ready.promise;
      return client;
    } catch (error) {
      client.end(new UsherError({ code: 'connection_lost', message: 'the connection was given up' }));
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** What was agreed upon. */
  get ready(): Promise<Ready> {
    return this.#ready.promise;
  }

  /** How often everything waited for the host until now: TCP's own, and one for each round of requests. */
  get waits(): number {
    return this.#heard;
  }

  /** Why nothing comes any more; null while the connection stands. */
  get lost(): UsherError | null {
    return this.#lost;
  }

  /** Settles when the connection is over, with the reason. */
  get over(): Promise<UsherError> {
    return this.#over.promise;
  }

  async open(pipeName: string): Promise<FileId> {
    const event = await this.#ask((smb) => smb.open(pipeName));
    if (event.kind !== 'opened') throw unexpected(event);
    return event.pipe;
  }

  /** Whether there is room for reads that no answer is owed to yet. */
  get mayReadAhead(): boolean {
    const { parked, waiting, most } = this.#reads;
    return parked.size + waiting.length < most / 2;
  }

  /**
   * Waits until there are any bytes. A host lets so many requests of a connection wait for something: 512, or 64 where it is no
   * server, and refuses what is more ([MS-SMB2] 3.3.4.2, its note on blocking operations). Others wait here.
   */
  read(pipe: FileId, length: number, reader: PipeReader): void {
    const { parked, most, waiting } = this.#reads;
    if (parked.size < most) return this.#park(pipe, length, reader);
    waiting.push(() => {
      if (this.#lost === null && this.#reads.most < most) reader.read(null);
      else this.#park(pipe, length, reader);
    });
  }

  #park(pipe: FileId, length: number, reader: PipeReader): void {
    if (this.#lost !== null) return reader.lost(this.#lost);
    this.#reads.parked.set(this.#smb.read(pipe, length), reader);
    this.#pumpAsked();
  }

  #heardRead(reader: PipeReader, event: TicketEvent): void {
    const reads = this.#reads;
    const { ticket } = event;
    reads.parked.delete(ticket);
    const isTooMany = event.kind === 'failed' && event.status === ntStatus.STATUS_INSUFFICIENT_RESOURCES;
    if (isTooMany) this.#parkFewer(ticket);
    if (reads.parked.size < reads.most) reads.waiting.shift()?.();
    if (event.kind === 'read') reader.read(event.data);
    else if ((isTooMany || event.kind === 'cancelled') && ticket <= reads.givenUp) reader.read(null);
    else reader.lost(unexpected(event));
  }

  /** The host is no server: all reads are given up, and asked for again as far as they are needed. */
  #parkFewer(refused: Ticket): void {
    const reads = this.#reads;
    if (reads.most === fewestReads) return;
    reads.most = fewestReads;
    reads.givenUp = Math.max(refused, ...reads.parked.keys());
    for (const ticket of reads.parked.keys()) this.#smb.cancel(ticket);
    for (const resume of reads.waiting.splice(0)) resume();
    this.#pumpSoon();
  }

  /** Nothing is told where the host takes all bytes. */
  write(pipe: FileId, data: Uint8Array, lost: Writing['lost']): void {
    if (this.#lost !== null) return lost(this.#lost);
    this.#writes.set(this.#smb.write(pipe, data), { length: data.length, lost });
    this.#pumpAsked();
  }

  #heardWrite({ length, lost }: Writing, event: TicketEvent): void {
    this.#writes.delete(event.ticket);
    if (event.kind !== 'written') return lost(unexpected(event));
    if (event.count === length) return;
    lost(new UsherError({ code: 'bad_answer', message: `the host took ${event.count} bytes of ${length}` }));
  }

  /** Whether the host is there: it answers at once, whatever else waits. */
  async echo(): Promise<void> {
    await this.#ask((smb) => smb.echo());
  }

  async close(pipe: FileId): Promise<void> {
    await this.#ask((smb) => smb.close(pipe));
  }

  /** Gives the connection up: whatever is asked ends with the reason. */
  end(reason: UsherError): void {
    this.#lose(reason);
    this.#stream.destroy();
  }

  /** Logs off and closes, without waiting for the host: one that still has reads to answer (smbd) does not answer a logoff. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#lost !== null) return;
    this.#smb.logOff();
    this.#pump();
    this.#stream.end(() => this.#stream.destroy());
    this.#lose(new UsherError({ code: 'connection_lost', message: 'the session was logged off' }));
  }

  /** Hears the answer to NEGOTIATE, which waited for who logs on. */
  #logOn(initiator: LogonInitiator): void {
    if (this.#lost !== null) throw this.#lost;
    this.#logon.meant = initiator;
    this.#isHeard = true;
    this.#take(this.#early);
    this.#early = Buffer.alloc(0);
  }

  #take(bytes: Buffer): void {
    if (!this.#isHeard) return this.#keep(bytes);
    this.#heard = this.#asked;
    this.#smb.receive(bytes);
    this.#pump();
  }

  #keep(bytes: Buffer): void {
    this.#early = Buffer.concat([this.#early, bytes]);
    if (this.#early.length > longestEarly) {
      return this.end(new UsherError({ code: 'bad_answer', message: 'the host says more than it was asked' }));
    }
    this.#spoken.resolve();
  }

  async #logOnAgain(): Promise<void> {
    try {
      this.#smb.reauthenticate(await this.#target.initiate());
      this.#pump();
    } catch (cause) {
      this.end(
        new UsherError({ code: 'connection_lost', message: 'the session expired, and nobody logs on again', cause }),
      );
    }
  }

  #lose(reason: UsherError): void {
    if (this.#lost !== null) return;
    this.#lost = reason;
    this.#spoken.reject(reason);
    this.#ready.reject(reason);
    const { parked, waiting } = this.#reads;
    for (const { reject } of this.#waiters.values()) reject(reason);
    for (const { lost } of this.#writes.values()) lost(reason);
    for (const reader of parked.values()) reader.lost(reason);
    for (const resume of waiting.splice(0)) resume();
    for (const kept of [this.#waiters, this.#writes, parked]) kept.clear();
    this.#over.resolve(reason);
  }

  #ask(start: (smb: SmbConnection) => Ticket): Promise<TicketEvent> {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    const { promise, resolve, reject } = Promise.withResolvers<TicketEvent>();
    this.#waiters.set(start(this.#smb), { resolve, reject });
    this.#pumpAsked();
    return promise;
  }

  #pumpAsked(): void {
    this.#asked = this.#heard + 1;
    if (this.#smb.unsent >= fullPacket) this.#send(this.#smb.takeUnsent());
    this.#pumpSoon();
  }

  #pumpSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { send, events } = this.#smb.take();
    this.#send(send);
    for (const event of events) this.#hear(event);
    if (events.length > 0) this.#pumpSoon();
  }

  #send(frames: readonly Uint8Array[]): void {
    if (frames.length > 0 && !this.#stream.destroyed) this.#stream.write(Buffer.concat(frames));
  }

  #hear(event: SmbEvent): void {
    switch (event.kind) {
      case 'ready':
        this.#logon.meant = null;
        return this.#ready.resolve(event);
      case 'session-expired':
        return void this.#logOnAgain();
      case 'reauthenticated':
        return;
      case 'closed':
        return this.end(
          event.error ?? new UsherError({ code: 'connection_lost', message: 'the session was logged off' }),
        );
      default:
        return this.#answered(event);
    }
  }

  #answered(event: TicketEvent): void {
    const reader = this.#reads.parked.get(event.ticket);
    if (reader !== undefined) return this.#heardRead(reader, event);
    const writing = this.#writes.get(event.ticket);
    if (writing !== undefined) return this.#heardWrite(writing, event);
    const waiter = this.#waiters.get(event.ticket);
    this.#waiters.delete(event.ticket);
    if (event.kind === 'failed') waiter?.reject(event.error);
    else waiter?.resolve(event);
  }
}

function unexpected(event: TicketEvent): UsherError {
  const { kind } = event;
  if (event.kind === 'failed') return event.error;
  return new UsherError({
    code: kind === 'cancelled' ? 'connection_lost' : 'bad_answer',
    message: kind === 'cancelled' ? 'the host gave the request up' : `an SMB request ended as '${kind}'`,
  });
}
