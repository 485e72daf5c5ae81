import type { UsherError } from '../../sessions/errors.ts';

/** What one reading of a host brought, in the host's own words. Times are FILETIMEs; null is what it did not tell. */
export interface HostFacts {
  /** The host's clock. */
  readonly now: bigint;
  /** When the host started; 0 where nothing has told it yet. */
  readonly boot: bigint;
  readonly sessions: readonly SessionFacts[];
  readonly listeners: readonly ListenerFacts[];
  readonly processes: readonly ProcessFacts[] | null;
  /** Whether these are all sessions, each told for certain. */
  readonly complete: boolean;
  /** Ids of sessions of before of which the host says that they are not there any more, or that another one's has them. */
  readonly gone: ReadonlySet<number>;
  readonly gaps: readonly Gap[];
}

/** What a reading of some sessions brought: those that are there, and those of which the host says that they are not. */
export type SomeFacts = Pick<HostFacts, 'now' | 'boot' | 'sessions' | 'gone'>;

export interface SessionFacts {
  readonly id: number;
  /** WINSTATIONSTATECLASS ([MS-TSTS] 2.2.1.9). */
  readonly state: number;
  readonly name: string;
  /** Empty where nobody is logged on. */
  readonly user: string;
  readonly domain: string;
  readonly times: SessionTimes | null;
  readonly locked: boolean | null;
  /** Of the session's protocol, which is more exact than the one among {@link times}. */
  readonly lastInputTime: bigint | null;
  readonly client: ClientFacts | null;
  /** The transport peer's address. */
  readonly address: string | null;
  /** Bytes since the client connected, modulo 2^32. */
  readonly traffic: Traffic | null;
  /** The calls that were not answered in time. */
  readonly silent: readonly string[];
}

export interface SessionTimes {
  readonly connected: bigint;
  readonly disconnected: bigint;
  readonly loggedOn: bigint;
  readonly lastInput: bigint;
}

/** What a client said of itself. */
export interface ClientFacts {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** TS_COLOR_DEPTH as the client asked for it: bits, or one of the codes 1 to 5. */
  readonly colorDepth: number;
  /** 0 for the console, 1 for ICA, 2 for RDP. */
  readonly protocolType: number;
}

export interface Traffic {
  readonly fromClient: number;
  readonly toClient: number;
}

export interface ListenerFacts {
  readonly id: number;
  readonly name: string;
  readonly listening: boolean;
}

export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  readonly sessionId: number;
  readonly name: string;
  readonly createTime: bigint;
  /** Processor time so far, in 100 ns. */
  readonly cpuTime: bigint;
  readonly workingSetBytes: number;
  /** `S-1-5-18`; null where the caller may not know. */
  readonly sid: string | null;
}

/** A part of the host that did not answer, and what that costs. */
export interface Gap {
  readonly code: string;
  readonly error: UsherError;
  readonly columns: readonly string[];
}
