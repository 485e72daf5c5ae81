import type { Timers } from '../fleet/deadline.ts';
import type { Machine } from '../fleet/machine.ts';
import type { Places } from '../fleet/paths.ts';
import type { HostDriver } from '../hosts/driver.ts';
import type { Milliseconds } from '../sessions/duration.ts';
import type { Host } from '../sessions/host.ts';
import type { Simulator } from './simulated/port.ts';

/** Where text goes. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** The terminal's width, or null where it is not known or not a terminal. */
  readonly columns: number | null;
}

/** The same with a line below all that was written. */
export interface LineOutput extends Output {
  /**
   * Shows the line on a terminal, as much of it as fits, in place of the one before; nothing takes it away, and so does whatever is
   * written to that terminal.
   */
  draw(text: string): void;
}

/** The person in front of a terminal. */
export interface Terminal {
  /** Null where the person ends the input instead of answering. */
  ask(question: string): Promise<string | null>;
  /** The same without echo. */
  askSecret(question: string): Promise<string | null>;
}

/** A key that was pressed, as `readline.emitKeypressEvents` of Node tells it. */
export interface KeyPress {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  /** What it types; undefined where that is nothing. */
  readonly text?: string | undefined;
}

/** The whole of a terminal, for a program that draws on it. Disposing of it leaves the terminal as it was. */
export interface Screen extends Disposable {
  readonly width: number;
  readonly height: number;
  /** Shows these lines, and nothing else. */
  draw(lines: readonly string[]): void;
  /** Hears keys, until the screen is disposed of. */
  onKey(hear: (key: KeyPress) => void): void;
  onResize(hear: () => void): void;
}

/** What known_hosts says of a key. `changed`: another key is known for this host. `revoked`: it must not be trusted. */
export type HostKeyStatus = 'known' | 'unknown' | 'changed' | 'revoked';

/** The key by which an SSH host proves who it is. */
export interface HostKey {
  /** `ED25519`, `ECDSA`, `RSA`. */
  readonly type: string;
  /** `SHA256:…` as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  readonly status: HostKeyStatus;
  /** Adds the key to the user's known_hosts. Throws `UsherError`. */
  trust(): Promise<void>;
}

/** Asks an SSH host for its key, without logging on to it. Throws `UsherError`. */
export type ReadHostKey = (host: Host, signal: AbortSignal) => Promise<HostKey>;

/** What the command line says about how to speak to hosts. */
export interface DriverOptions {
  /** `--ssh-config`; null: the user's own. */
  readonly sshConfigFile: string | null;
  /** `--timeout`: how long one host may take. */
  readonly timeout: Milliseconds;
}

/** The process that the program is. */
export interface OwnProcess {
  readonly pid: number;
  /** What a user types to call the program: `usher`, `bin/usher`. */
  readonly calledAs: string;
  /** Whether another process runs. */
  isAlive(pid: number): boolean;
  /** Until it is disposed of, this is done when the process ends, however it does. It cannot wait for anything. */
  atExit(work: () => void): Disposable;
}

/** Everything around the program: the process's own, or a test's. */
export interface Surroundings {
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: LineOutput;
  /** Null unless both standard input and standard error are terminals. */
  readonly terminal: Terminal | null;
  /** Takes the whole terminal; null unless standard input and standard output are terminals. */
  readonly openScreen: (() => Screen) | null;
  /** Standard input to its end. Throws `UsherError` where it is longer than so many bytes. */
  readInput(mostBytes: number): Promise<string>;
  readonly places: Places;
  readonly timers: Timers;
  /** Without it no host has more time where this process is busy itself. */
  readonly machine?: Machine;
  /** A number from 0 to below 1. Without it what failed is not tried again, as it would be by everybody at the same time. */
  readonly random?: () => number;
  /** IANA name of the zone that times are shown in, `Europe/Paris`. */
  readonly timeZone: string;
  now(): Temporal.Instant;
  /** Aborts when the user wants to leave (Ctrl-C). */
  readonly signal: AbortSignal;
  drivers(options: DriverOptions): Promise<readonly HostDriver[]>;
  hostKeys(options: DriverOptions): Promise<ReadHostKey>;
  readonly process: OwnProcess;
  simulator(): Promise<Simulator>;
}
