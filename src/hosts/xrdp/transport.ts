import type { Readable, Writable } from 'node:stream';

/** A command that runs on the host, its streams in bytes. */
export interface RunningCommand extends Disposable {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The exit code, or null where a signal or the loss of the connection ended it. Never rejects. */
  readonly exited: Promise<number | null>;
}

/** A kept way to run commands on one host: an SSH connection, or this machine itself. */
export interface Transport extends AsyncDisposable {
  /** The account that commands run as; null where it is this process's own. */
  readonly user: string | null;
  /** Settles when the way is lost, with the reason; null when it was closed on purpose. Never rejects. */
  readonly closed: Promise<Error | null>;
  /** Starts a command, which a POSIX shell, csh or fish of the account reads. Throws `UsherError`. */
  start(command: string, signal: AbortSignal): Promise<RunningCommand>;
}
