import type { NtStatusName } from '../../ms-erref/ntstatus.ts';

/** Who logged on. */
export interface Account {
  readonly user: string;
  readonly domain: string;
  /** The name that the client's machine gave itself. */
  readonly workstation: string;
}

/** The client's end of an instance of a pipe. */
export interface PipeClient {
  /** One message: a read gives one at most. It is kept as it is, not copied. */
  send(message: Uint8Array): void;
  /** The server closes its end: what was sent can still be read. */
  end(): void;
}

/** The server's end of an instance of a pipe in message mode. */
export interface Pipe {
  /** One message of the client, which is the pipe's to keep. May answer at once or at any time later. */
  receive(message: Uint8Array): void;
  /** The client has closed its end, or is gone: whatever is sent now is lost. */
  end(): void;
}

export interface PipeOpening {
  /** As the client wrote it, without `\pipe\`: upper and lower case mean the same. */
  readonly name: string;
  readonly account: Account;
  readonly client: PipeClient;
  /** What the connection comes by, as whoever accepted it said; null where nothing was said. */
  readonly link: object | null;
}

/** A new instance of a pipe; null where there is no such pipe, otherwise the status by which the client is refused. */
export type OpenPipe = (opening: PipeOpening) => Pipe | NtStatusName | null;
