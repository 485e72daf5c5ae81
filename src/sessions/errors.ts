/** Every kind of failure that Usher tells its user about, with the exit code that it leads to when nothing else was done. */
export const errorCodes = {
  /** The command, an option or a file's contents are wrong. */
  usage: 2,
  /** The text is not a session's key. */
  bad_key: 2,
  /** The inventory or another file of Usher's cannot be read or does not hold what it should. */
  bad_file: 2,
  /** No host, or no session, goes by this name. */
  not_found: 2,
  /** Several sessions go by this name. */
  ambiguous: 2,
  /** The host's name cannot be resolved, nothing listens, or the way there is cut. */
  unreachable: 3,
  /** The host did not answer in time. */
  timeout: 3,
  /** The connection ended before the answer was whole. */
  connection_lost: 3,
  /** The host's key is not in known_hosts. */
  host_key_unknown: 3,
  /** The host showed another key than the one in known_hosts, or one that is revoked. */
  host_key_changed: 3,
  /** The host refused the user or the credential. */
  logon_failed: 3,
  /** No credential to try. */
  no_credential: 3,
  /** The credential was refused before and rests until it changes. */
  credential_rested: 3,
  /** The host lacks what the driver needs (perl, /proc, a pipe). */
  unsupported: 3,
  /** The host's answer is truncated, garbled, of another version or beyond a limit. */
  bad_answer: 3,
  /** The host refused the operation. */
  access_denied: 4,
  /** The session is not the one it was. Nothing was done. */
  session_changed: 4,
  /** The act makes no sense in this session's state, or a rule forbids it. */
  not_allowed: 4,
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorFacts {
  readonly code: ErrorCode;
  /** What went wrong, in one sentence without a full stop, with no secret in it. */
  readonly message: string;
  /** The host's name, when the failure belongs to one. */
  readonly host?: string | undefined;
  /** What was being done: `listing sessions`, `logging on as root`. */
  readonly operation?: string | undefined;
  /** What the user can do about it, with the exact command where there is one. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The only error that reaches a user on purpose. Anything else that is thrown is a defect. */
export class UsherError extends Error {
  override readonly name = 'UsherError';
  readonly code: ErrorCode;
  readonly host: string | null;
  readonly operation: string | null;
  readonly hint: string | null;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.host = facts.host ?? null;
    this.operation = facts.operation ?? null;
    this.hint = facts.hint ?? null;
  }
}

/** Failures that stand side by side, such as those of several hosts: each reaches the user as a row of its own. */
export class UsherErrors extends Error {
  override readonly name = 'UsherErrors';
  readonly errors: readonly UsherError[];

  constructor(errors: readonly UsherError[]) {
    super(errors.map(({ message }) => message).join('; '));
    this.errors = errors;
  }
}

/** The same failure, told of this host and operation where it named none. */
export function withContext(error: UsherError, context: { host?: string; operation?: string }): UsherError {
  return new UsherError({
    code: error.code,
    message: error.message,
    host: error.host ?? context.host,
    operation: error.operation ?? context.operation,
    hint: error.hint ?? undefined,
    cause: error.cause,
  });
}

/** An error row as `--json` prints it. */
export interface ErrorRow {
  readonly host: string | null;
  readonly code: ErrorCode;
  readonly message: string;
  /** The chain of causes below the message, outermost first, joined by `: `. */
  readonly cause: string | null;
  readonly hint: string | null;
}

/** `xh1: text`. A label that ends with a colon itself, such as `local:`, gets no second one. */
export const labelled = (label: string, text: string): string => `${label}${label.endsWith(':') ? '' : ':'} ${text}`;

const causeDepth = 8;

export function errorRow(error: UsherError): ErrorRow {
  const causes: string[] = [];
  for (let at: unknown = error.cause; at instanceof Error && causes.length < causeDepth; at = at.cause) {
    causes.push(at.message);
  }
  const message = error.operation === null ? error.message : labelled(error.operation, error.message);
  return {
    host: error.host,
    code: error.code,
    message,
    cause: causes.length === 0 ? null : causes.join(': '),
    hint: error.hint,
  };
}
