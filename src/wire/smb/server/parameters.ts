import type { Cipher, SigningAlgorithm } from '../keys/algorithms.ts';
import type { Dialect } from '../keys/dialects.ts';
import type { LogonAcceptor } from './logon.ts';
import type { Account, OpenPipe } from './pipe.ts';

/** A share beside IPC$, in which there are no files: what counts is who may connect to it. */
export interface Share {
  readonly name: string;
  readonly admits: (account: Account) => boolean;
}

/** What a host is like. It makes nothing up by itself. */
export interface SmbServerParameters {
  /** ServerGuid: 16 bytes. */
  readonly serverGuid: Uint8Array;
  /** The host's clock, a FILETIME. */
  readonly now: () => bigint;
  /** A logon that has heard nothing yet. */
  readonly logon: () => LogonAcceptor;
  readonly openPipe: OpenPipe;
  /** Whether there is such a pipe, for those who wait until an instance of it is free. */
  readonly hasPipe: (name: string) => boolean;
  /** None where nothing is said. */
  readonly shares?: readonly Share[];
  /** What is spoken; everything where nothing is said. */
  readonly dialects?: readonly Dialect[];
  readonly ciphers?: readonly Cipher[];
  readonly signingAlgorithms?: readonly SigningAlgorithm[];
  /** Whether those may log on who do not sign; clients that can do always sign then. `required` where nothing is said. */
  readonly signing?: 'enabled' | 'required';
  /**
   * `offered` (where nothing is said): encrypted is what the client encrypts; `desired`: clients that can are told to; `required`:
   * others are refused.
   */
  readonly encryption?: 'off' | 'offered' | 'desired' | 'required';
  /** Whether the pipes' share demands encryption although the host does not; it does not where nothing is said. */
  readonly encryptsPipes?: boolean;
  /** How long a logon is good for, in units of 100 nanoseconds; for ever where nothing is said. */
  readonly sessionLifetime?: bigint;
  /** How many requests of a connection may wait for something: 512 where nothing is said, as at a Windows Server. */
  readonly parkedRequests?: number;
  /** Whether several FSCTL_PIPE_TRANSCEIVE of one pipe may wait for their answers; `several` where nothing is said. */
  readonly transceives?: 'one' | 'several';
  /** How many credits a client may have; 8192 where nothing is said, as at a Windows Server. */
  readonly credits?: number;
}

/** What must be new for each connection, and how it is told of output. */
export interface ConnectionFacts {
  /** 32 random bytes. */
  readonly salt: Uint8Array;
  /** Where the count begins that makes the nonces: random. */
  readonly nonceStart: bigint;
  /** What it comes by, which is told to {@link SmbServerParameters.openPipe} and otherwise means nothing here. */
  readonly link?: object | null;
  /** Something is to be taken that did not come of what was received. */
  readonly wake: () => void;
}

/** What a client may make of a connection before it is closed or refused. */
export const limits = {
  /** Bytes of one message before and after somebody has logged on. */
  firstMessage: 2 ** 17,
  message: 2 ** 20 + 2 ** 12,
  /** MaxTransactSize, MaxReadSize and MaxWriteSize: without and with multi-credit requests. */
  shortPayload: 2 ** 16,
  payload: 2 ** 20,
  /** Sessions of a connection, trees of a session, open pipes of a connection. */
  sessions: 16,
  trees: 32,
  opens: 256,
  /** Tokens of one logon. */
  logonLegs: 8,
  /** Requests of one compound. */
  compound: 64,
  /** Characters of a pipe's name. */
  pipeName: 256,
  /** Bytes that wait in a pipe for their reader: what is written meanwhile waits too. */
  unread: 2 ** 20,
  /** Bytes of a connection that are written and wait. */
  unwritten: 2 ** 21,
} as const;

export const usual = { parkedRequests: 512, credits: 8192 } as const;
