import type { Secret } from '../../credential.ts';
import type { KeyChoice } from './key-choice.ts';
import type { LogonMethod } from './logon-method.ts';
import type { KeyOffer } from './offered-key.ts';

/** What there is to log on with. */
export interface LogonMeans {
  readonly user: string;
  /** The host as a person would name it to ssh. */
  readonly hostName: string;
  /** What the configuration lets be tried, in this order. */
  readonly methods: readonly LogonMethod[];
  /** Chooses the keys, once the host said that it takes any. */
  readonly keys: () => Promise<KeyChoice>;
  /** Asks for the password, at most once. */
  readonly password: () => Promise<Secret | null>;
  /** Hears, once or more often, that the logon has begun; what it is given grows as the logon goes on. */
  readonly begun?: (progress: LogonProgress) => void;
}

/** How far a logon came. */
export interface LogonProgress {
  /** The methods that the host would take at this point (RFC 4252, section 5.1); null before it said. */
  takes: readonly string[] | null;
  choice: KeyChoice | null;
  readonly offers: KeyOffer[];
  password: 'untried' | 'absent' | 'sent';
  /** A prompt that no password answers. */
  unansweredPrompt: string | null;
}
