import { UsherError } from '../../sessions/errors.ts';
import { u64 } from '../bytes/codec.ts';
import type { MechanismExchange, LogonStep } from '../security/mechanism.ts';
import { decodeAuthenticateMessage } from './authenticate-message.ts';
import { avPair, type AvPair } from './av-pair.ts';
import { encodeChallengeMessage } from './challenge-message.ts';
import { ntlmMechType } from './mech-type.ts';
import { flagsOf, lackingFlags } from './negotiate-flags.ts';
import { decodeNegotiateMessage } from './negotiate-message.ts';
import { text } from './payload.ts';
import { NtlmSessionSecurity } from './session-security.ts';
import { refused, requiredOfClients, type VerifiedLogon, verifyAuthenticate } from './verify.ts';
import { ourVersion } from './version.ts';

/** Who a server is, whom it knows, and what must be new for each logon. */
export interface NtlmServerFacts {
  readonly nbComputerName: string;
  /** The domain's NetBIOS name; that of the computer where it is in none. */
  readonly nbDomainName: string;
  readonly dnsComputerName: string;
  readonly dnsDomainName: string;
  /** Now, a FILETIME. */
  readonly time: bigint;
  /** 8 random bytes. */
  readonly serverChallenge: Uint8Array;
  /** gss_channel_bindings_struct of the TLS channel; null where it is not looked at. */
  readonly channelBindings: Uint8Array | null;
  /** NTOWFv1 of the account's password; null where there is no such account. */
  ntHashOf(account: { readonly user: string; readonly domain: string }): Uint8Array | null;
}

/** What the server grants where the client asks for it. */
const granted = flagsOf([...requiredOfClients, 'seal', 'strength56', 'version']);

const always = flagsOf(['requestTarget', 'ntlm', 'alwaysSign', 'targetInfo', 'targetTypeServer']);

/** The server's side of NTLM ([MS-NLMP] 3.2.5.1): NTLMv2 with 128-bit keys, extended session security and key exchange only. */
export class NtlmServer implements MechanismExchange {
  readonly mechType = ntlmMechType;
  readonly #facts: NtlmServerFacts;
  #sent: { readonly negotiate: Uint8Array; readonly challenge: Uint8Array } | null = null;
  #security: NtlmSessionSecurity | null = null;
  #logon: VerifiedLogon | null = null;

  constructor(facts: NtlmServerFacts) {
    this.#facts = facts;
  }

  /** Who logged on; null until then. */
  get logon(): VerifiedLogon | null {
    return this.#logon;
  }

  step(token: Uint8Array): LogonStep {
    if (this.#security !== null) {
      throw new UsherError({ code: 'bad_answer', message: 'the client went on with NTLM after its end' });
    }
    if (this.#sent === null) {
      const challenge = challengeFor(this.#facts, token);
      this.#sent = { negotiate: token.slice(), challenge };
      return { token: challenge, context: null };
    }
    const { userName: user, domainName: domain } = decodeAuthenticateMessage(token);
    const ntHash = this.#facts.ntHashOf({ user, domain });
    if (ntHash === null) throw refused('there is no such account');
    const { channelBindings } = this.#facts;
    this.#logon = verifyAuthenticate({ ...this.#sent, authenticate: token }, { ntHash, channelBindings });
    this.#security = new NtlmSessionSecurity('server', this.#logon.exportedSessionKey);
    return { token: null, context: this.#security };
  }

  signMechTypes(mechTypes: Uint8Array): Uint8Array {
    return this.#finished().signMechTypes(mechTypes);
  }

  verifyMechTypes(mechTypes: Uint8Array, mic: Uint8Array): void {
    this.#finished().verifyMechTypes(mechTypes, mic);
  }

  #finished(): NtlmSessionSecurity {
    if (this.#security === null) throw new TypeError('NTLM is not finished');
    return this.#security;
  }
}

/** CHALLENGE_MESSAGE for a NEGOTIATE_MESSAGE ([MS-NLMP] 3.2.5.1.1). */
function challengeFor(facts: NtlmServerFacts, negotiate: Uint8Array): Uint8Array {
  const { negotiateFlags } = decodeNegotiateMessage(negotiate);
  const lacking = lackingFlags(negotiateFlags, requiredOfClients);
  if (lacking.length > 0) throw refused(`the client does not offer ${lacking.join(', ')}`);
  return encodeChallengeMessage({
    targetName: facts.nbComputerName,
    negotiateFlags: ((negotiateFlags & granted) | always) >>> 0,
    serverChallenge: facts.serverChallenge,
    targetInfo: targetInfoOf(facts),
    version: ourVersion,
  });
}

function targetInfoOf(facts: NtlmServerFacts): readonly AvPair[] {
  return [
    avPair('nbDomainName', text, facts.nbDomainName),
    avPair('nbComputerName', text, facts.nbComputerName),
    avPair('dnsDomainName', text, facts.dnsDomainName),
    avPair('dnsComputerName', text, facts.dnsComputerName),
    avPair('timestamp', u64, facts.time),
  ];
}
