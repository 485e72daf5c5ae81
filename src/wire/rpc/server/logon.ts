import { UsherError } from '../../../sessions/errors.ts';
import type { LogonSide } from '../../security/mechanism.ts';
import type { Security, SecurityFacts } from '../association/security.ts';
import { verifierOf } from '../association/security.ts';
import { broken } from '../failures.ts';
import type { Pdu } from '../pdus/pdu.ts';
import { authLevel, type AuthLevel, authType, type AuthType, type AuthVerifier } from '../pdus/sec-trailer.ts';

/** The logon of a client, token by token. */
export class Logon {
  readonly facts: SecurityFacts;
  readonly #acceptor: LogonSide;
  #security: Security | null = null;

  /** Throws `UsherError` `unsupported` where clients cannot log on so. */
  constructor(first: AuthVerifier, acceptorOf: (type: AuthType) => LogonSide | null) {
    const type = nameOf<AuthType>(authType, first.authType);
    const level = nameOf<AuthLevel>(authLevel, first.authLevel);
    const acceptor = type === null ? null : acceptorOf(type);
    if (type === null || level === null || acceptor === null) {
      const told = `auth_type ${first.authType}, auth_level ${first.authLevel}`;
      throw new UsherError({ code: 'unsupported', message: `nobody logs on here by ${told}` });
    }
    this.facts = { type, level, contextId: first.authContextId };
    this.#acceptor = acceptor;
  }

  /** Null until the logon is complete. */
  get security(): Security | null {
    return this.#security;
  }

  /** What is answered to a token; null where there is nothing to say. Throws `UsherError` where the client is refused. */
  hear(pdu: Pdu): Uint8Array | null {
    const { token: heard } = verifierOf(this.facts, pdu);
    if (this.#security !== null) throw broken('the client logs on again');
    const { token, context } = this.#acceptor.step(heard);
    if (token === null && context === null) throw broken('the logon came to no end');
    if (context !== null) this.#security = { ...this.facts, context };
    return token;
  }
}

function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, value: number): Name | null {
  return (Object.keys(table) as Name[]).find((name) => table[name] === value) ?? null;
}
