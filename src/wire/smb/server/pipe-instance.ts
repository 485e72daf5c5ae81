import type { NtStatusName } from '../../ms-erref/ntstatus.ts';
import type { Pipe, PipeClient } from './pipe.ts';
import { limits } from './parameters.ts';

/** What a read comes to. `more`: the message is longer, its rest is still there. */
export type ReadOutcome = { readonly data: Uint8Array; readonly more: boolean } | NtStatusName;

/** Somebody who waits for a message. */
export interface Reader {
  /** Bytes at most. */
  readonly length: number;
  readonly done: (outcome: ReadOutcome) => void;
}

/** Somebody whose message waits until what is in the pipe has been read; null: nothing is written, it is a flush. */
export interface Writer {
  readonly data: Uint8Array | null;
  readonly done: (outcome: NtStatusName | null) => void;
}

const nothing = new Uint8Array();

/** An open instance of a pipe in message mode: what its server said and nobody has read yet, and who waits for it. */
export class PipeInstance implements PipeClient {
  #pipe: Pipe | null = null;
  #messages: Uint8Array[] = [];
  #unread = 0;
  #readers: Reader[] = [];
  #writers: Writer[] = [];
  #isEnded = false;
  /** FilePipeInformation: whether a read ends with its message, and whether it waits for one. */
  readsMessages = true;
  blocks = true;

  /** Joins the server's end. */
  connect(pipe: Pipe): void {
    this.#pipe = pipe;
  }

  get unread(): number {
    return this.#unread;
  }

  get messages(): number {
    return this.#messages.length;
  }

  /** Bytes of the message that is next. */
  get firstLength(): number {
    return this.#messages[0]?.length ?? 0;
  }

  /** How many wait to read. */
  get waiting(): number {
    return this.#readers.length;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** What can be read without waiting; null where it would have to. */
  read(length: number): ReadOutcome | null {
    if (this.#readers.length > 0) return null;
    const outcome = this.#next(length);
    this.#unblock();
    return outcome ?? (this.blocks ? null : 'STATUS_PIPE_EMPTY');
  }

  /** What would be read, which stays. */
  peek(length: number): Uint8Array {
    return this.#messages[0]?.subarray(0, length) ?? nothing;
  }

  /** Whether a message was given to the server; null where it has to wait. */
  write(data: Uint8Array): NtStatusName | true | null {
    if (this.#isEnded || this.#pipe === null) return 'STATUS_PIPE_CLOSING';
    if (this.#unread > limits.unread || this.#writers.length > 0) return null;
    if (data.length > 0) this.#pipe.receive(data);
    return true;
  }

  get isFlushed(): boolean {
    return this.#writers.length === 0;
  }

  waitToRead(reader: Reader): void {
    this.#readers.push(reader);
  }

  waitToWrite(writer: Writer): void {
    this.#writers.push(writer);
  }

  giveUp(waiting: Reader | Writer): void {
    this.#readers = this.#readers.filter((reader) => reader !== waiting);
    this.#writers = this.#writers.filter((writer) => writer !== waiting);
  }

  send(message: Uint8Array): void {
    if (this.#isEnded || message.length === 0) return;
    this.#messages.push(message);
    this.#unread += message.length;
    this.#settle();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#settle();
  }

  /** The client closes its end. Whoever waits is the caller's to tell. */
  close(): void {
    const pipe = this.#pipe;
    this.#pipe = null;
    this.#isEnded = true;
    this.#messages = [];
    this.#unread = 0;
    this.#readers = [];
    this.#writers = [];
    pipe?.end();
  }

  /** Gives what is there to those who wait, and takes what had to wait for it. */
  #settle(): void {
    for (;;) {
      const [reader] = this.#readers;
      const outcome = reader === undefined ? null : this.#next(reader.length);
      if (reader === undefined || outcome === null) break;
      this.#readers.shift();
      reader.done(outcome);
    }
    this.#unblock();
  }

  #unblock(): void {
    while (this.#writers.length > 0 && (this.#isEnded || this.#unread <= limits.unread)) {
      const writer = this.#writers.shift();
      if (writer === undefined) return;
      const isOver = this.#isEnded || this.#pipe === null;
      // Told before its message can be answered.
      writer.done(isOver ? 'STATUS_PIPE_CLOSING' : null);
      if (!isOver && writer.data !== null) this.#pipe?.receive(writer.data);
    }
  }

  #next(length: number): ReadOutcome | null {
    const [first] = this.#messages;
    if (first === undefined) return this.#isEnded ? 'STATUS_PIPE_BROKEN' : null;
    if (!this.readsMessages) return { data: this.#stream(length), more: false };
    const data = this.#take(length);
    return { data, more: data.length < first.length };
  }

  #stream(length: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    let left = length;
    while (left > 0 && this.#messages.length > 0) {
      const piece = this.#take(left);
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  /** So many bytes at most of the first message. */
  #take(length: number): Uint8Array {
    const [first = nothing] = this.#messages;
    const data = first.subarray(0, length);
    if (data.length === first.length) this.#messages.shift();
    else this.#messages[0] = first.subarray(length);
    this.#unread -= data.length;
    return data;
  }
}
