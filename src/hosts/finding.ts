import type { UsherError } from '../sessions/errors.ts';

/** `warning` works but not as it could; `unknown` cannot be known from here. */
export type Verdict = 'ok' | 'warning' | 'problem' | 'unknown';

/** Something to paste, and where. */
export interface Mend {
  /** For people: `on the host, in PowerShell as administrator`. */
  readonly where: string;
  /** The exact command or setting. */
  readonly paste: string;
}

/** One thing that was looked at on the way to a host and on it, and what it means. */
export interface Finding {
  /** Stable short name: `name`, `port`, `dialect`, `signing`, `logon`, `clock`, `pipe`, `right`, `limit`, `sudo` … */
  readonly check: string;
  /** What of several it is about, such as a pipe's, a right's or a limit's name; null where there is one. */
  readonly of: string | null;
  readonly verdict: Verdict;
  /** One line without a full stop. */
  readonly summary: string;
  /** What it means to whoever uses Usher; null where the summary says it all. */
  readonly meaning: string | null;
  readonly mends: readonly Mend[];
  /** Facts that an expert asks for next, one a line. */
  readonly details: readonly string[];
  /** The failure behind it. */
  readonly error: UsherError | null;
}

/** A finding, where only what was looked at, how it is and what is said of it must be told. */
export function finding(
  check: string,
  verdict: Verdict,
  summary: string,
  more: Partial<Omit<Finding, 'check' | 'verdict' | 'summary'>> = {},
): Finding {
  return { check, of: null, verdict, summary, meaning: null, mends: [], details: [], error: null, ...more };
}
