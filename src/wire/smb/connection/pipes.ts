import type { UsherError } from '../../../sessions/errors.ts';
import { encode } from '../../bytes/codec.ts';
import { close } from '../messages/close.ts';
import {
  access,
  create,
  createDisposition,
  createOption,
  impersonationLevel,
  shareAccess,
} from '../messages/create.ts';
import { echo } from '../messages/echo.ts';
import { type FileId, noFile } from '../messages/file-id.ts';
import { ctlCode, ioctl, isFsctl } from '../messages/ioctl.ts';
import { pipeWait } from '../messages/pipe-wait.ts';
import { read } from '../messages/read.ts';
import { write } from '../messages/write.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import type { SmbEvent, Ticket } from './events.ts';
import type { Exchange } from './exchange.ts';
import { broken, failureOf } from './failures.ts';
import type { Answer, Ask, Ended } from './request.ts';

/** What a request came to, without its ticket. */
export type Outcome<E = SmbEvent> = E extends { readonly ticket: Ticket } ? Omit<E, 'ticket'> : never;

/** What can be asked of a connection. */
export interface Operation {
  /** Bytes of what is sent or may come back. */
  readonly payload: number;
  start(exchange: Exchange, ticket: Ticket, heard: Heard): void;
}

/** Who is told how the requests of a connection end. */
export interface Heard {
  answered(ticket: Ticket, outcome: Outcome): void;
  lost(ticket: Ticket, error: UsherError): void;
}

/** The response is longer than what it fits in: there is more in the pipe (MS-SMB2 3.3.5.12). */
const overflow = [ntStatus.STATUS_BUFFER_OVERFLOW];

const pipeAccess =
  access.readData |
  access.writeData |
  access.appendData |
  access.readEa |
  access.writeEa |
  access.readAttributes |
  access.writeAttributes |
  access.readControl |
  access.synchronize;

/** Opens an instance of a pipe, by its name without `\pipe\`. */
export function openPipe(name: string): Operation {
  return operation(
    {
      command: create,
      request: {
        impersonationLevel: impersonationLevel.impersonation,
        desiredAccess: pipeAccess,
        fileAttributes: 0,
        shareAccess: shareAccess.read | shareAccess.write,
        createDisposition: createDisposition.open,
        createOptions: createOption.nonDirectoryFile,
        name,
      },
    },
    `opening the pipe ${name}`,
    ({ fileId }) => ({ kind: 'opened', pipe: fileId }),
  );
}

/** Reads so many bytes at most; waits until there are any. */
export function readPipe(pipe: FileId, length: number): Operation {
  return operation(
    {
      command: read,
      request: { padding: 80, flags: 0, length, offset: 0n, fileId: pipe, minimumCount: 0 },
      payload: length,
      accepts: overflow,
    },
    'reading from a pipe',
    wasRead,
  );
}

const wasRead: Meaning<{ readonly length: number }, { readonly data: Uint8Array }> = ({ data }, { length }, status) =>
  received(data, length, status);

export function writePipe(pipe: FileId, data: Uint8Array): Operation {
  return operation(
    { command: write, request: { data, offset: 0n, fileId: pipe, flags: 0 }, payload: data.length },
    'writing to a pipe',
    ({ count }, asked) => {
      const { length: sent } = asked.data;
      if (count > sent) throw broken(`the host wrote ${count} bytes of ${sent} to a pipe`);
      return { kind: 'written', count };
    },
  );
}

/** Writes a message and reads the next one in one go (FSCTL_PIPE_TRANSCEIVE). */
export function transceive(pipe: FileId, data: Uint8Array, length: number): Operation {
  return operation(
    {
      command: ioctl,
      request: {
        ctlCode: ctlCode.pipeTransceive,
        fileId: pipe,
        input: data,
        maxInputResponse: 0,
        maxOutputResponse: length,
        flags: isFsctl,
      },
      payload: Math.max(data.length, length),
      accepts: overflow,
    },
    'writing to and reading from a pipe',
    ({ output }, asked, status) => received(output, asked.maxOutputResponse, status),
  );
}

/** Waits until an instance of a pipe is free, or for so many milliseconds. */
export function waitForPipe(name: string, milliseconds: number): Operation {
  const wait = { timeout: BigInt(Math.ceil(milliseconds / 100)), name, timeoutSpecified: 1 };
  return operation(
    {
      command: ioctl,
      request: {
        ctlCode: ctlCode.pipeWait,
        fileId: noFile,
        input: encode(pipeWait, wait),
        maxInputResponse: 0,
        maxOutputResponse: 0,
        flags: isFsctl,
      },
    },
    `waiting for the pipe ${name}`,
    done,
  );
}

export function closePipe(pipe: FileId): Operation {
  return operation({ command: close, request: { flags: 0, fileId: pipe } }, 'closing a pipe', done);
}

/** Asks for a sign of life. */
export function ping(): Operation {
  return operation({ command: echo, request: null }, 'asking for an echo', done);
}

const done = (): Outcome => ({ kind: 'done' });

function received(data: Uint8Array, asked: number, status: number): Outcome {
  if (data.length > asked) throw broken(`the host answered ${data.length} bytes where ${asked} were asked for`);
  return { kind: 'read', data, more: status === ntStatus.STATUS_BUFFER_OVERFLOW };
}

/** What an answer comes to. */
type Meaning<Q, A> = (body: A, request: Q, status: number) => Outcome;

function operation<Q, A>(ask: Ask<Q, A>, act: string, meaning: Meaning<Q, A>): Operation {
  return new PipeOperation(ask, act, meaning);
}

class PipeOperation<Q, A> implements Operation {
  readonly #ask: Ask<Q, A>;
  readonly #act: string;
  readonly #meaning: Meaning<Q, A>;

  constructor(ask: Ask<Q, A>, act: string, meaning: Meaning<Q, A>) {
    this.#ask = ask;
    this.#act = act;
    this.#meaning = meaning;
  }

  get payload(): number {
    return this.#ask.payload ?? 0;
  }

  start(exchange: Exchange, ticket: Ticket, heard: Heard): void {
    exchange.ask(this.#ask, new Running(this, ticket, heard));
  }

  outcomeOf({ header: { status }, isError, body }: Answer<A>): Outcome {
    if (!isError) return this.#meaning(body, this.#ask.request, status);
    if (status === ntStatus.STATUS_CANCELLED) return { kind: 'cancelled' };
    return { kind: 'failed', error: failureOf(status, this.#act), status };
  }
}

/** One that was begun. */
class Running<Q, A> implements Ended<A> {
  readonly ticket: Ticket;
  readonly #operation: PipeOperation<Q, A>;
  readonly #heard: Heard;

  constructor(begun: PipeOperation<Q, A>, ticket: Ticket, heard: Heard) {
    this.#operation = begun;
    this.ticket = ticket;
    this.#heard = heard;
  }

  answered(answer: Answer<A>): void {
    this.#heard.answered(this.ticket, this.#operation.outcomeOf(answer));
  }

  lost(error: UsherError): void {
    this.#heard.lost(this.ticket, error);
  }
}
