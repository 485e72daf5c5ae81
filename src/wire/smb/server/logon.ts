import { UsherError } from '../../../sessions/errors.ts';
import type { NtStatusName } from '../../ms-erref/ntstatus.ts';
import { NtlmServer, type NtlmServerFacts } from '../../ntlm/server.ts';
import type { LogonSide, LogonStep } from '../../security/mechanism.ts';
import { SpnegoAcceptor } from '../../spnego/acceptor.ts';
import type { Account } from './pipe.ts';

/** The server's side of a logon, which serves once. */
export interface LogonAcceptor {
  /** What a server tells of itself before anybody has said anything. */
  hint(): Uint8Array;
  /** What a token leads to; the status by which the client is refused where it leads to nothing. */
  accept(token: Uint8Array): LogonStep | NtStatusName;
  /** Who logged on; null until then. */
  readonly account: Account | null;
}

export interface Attempt {
  readonly user: string;
  readonly domain: string;
  /** Whether the password was right. */
  readonly isProven: boolean;
}

/** Who is known, and what else counts than his password. */
export interface Accounts {
  /** NTOWFv1 of the account's password; null where there is no such account. */
  readonly ntHashOf: NtlmServerFacts['ntHashOf'];
  /** Hears of every attempt; the status by which it is refused, null where the password decides. */
  readonly judge?: (attempt: Attempt) => NtStatusName | null;
}

export type NtlmLogonFacts = Omit<NtlmServerFacts, 'ntHashOf' | 'channelBindings'> & { readonly accounts: Accounts };

const signature = Buffer.from('NTLMSSP\0', 'latin1');

/** A logon by NTLM, within SPNEGO or without it ([MS-SMB2] 3.3.5.5.3). */
export class NtlmLogon implements LogonAcceptor {
  readonly #accounts: Accounts;
  readonly #ntlm: NtlmServer;
  readonly #spnego: SpnegoAcceptor;
  #side: LogonSide | null = null;
  #attempted: Omit<Attempt, 'isProven'> | null = null;
  #account: Account | null = null;

  constructor({ accounts, ...facts }: NtlmLogonFacts) {
    this.#accounts = accounts;
    this.#ntlm = new NtlmServer({
      ...facts,
      channelBindings: null,
      ntHashOf: (account) => {
        this.#attempted = { user: account.user, domain: account.domain };
        return accounts.ntHashOf(account);
      },
    });
    this.#spnego = new SpnegoAcceptor([this.#ntlm]);
  }

  get account(): Account | null {
    return this.#account;
  }

  hint(): Uint8Array {
    return this.#spnego.hint();
  }

  accept(token: Uint8Array): LogonStep | NtStatusName {
    this.#side ??= signature.equals(token.subarray(0, signature.length)) ? this.#ntlm : this.#spnego;
    try {
      const step = this.#side.step(token);
      return step.context === null ? step : (this.#judged(true) ?? this.#admit(step));
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      if (error.code !== 'logon_failed') return 'STATUS_INVALID_PARAMETER';
      return this.#judged(false) ?? 'STATUS_LOGON_FAILURE';
    }
  }

  #judged(isProven: boolean): NtStatusName | null {
    return this.#attempted === null ? null : (this.#accounts.judge?.({ ...this.#attempted, isProven }) ?? null);
  }

  #admit(step: LogonStep): LogonStep {
    const { logon } = this.#ntlm;
    if (logon === null) throw new TypeError('NTLM gave a context without a logon');
    const { user, domain, workstation } = logon;
    this.#account = { user, domain, workstation };
    return step;
  }
}
