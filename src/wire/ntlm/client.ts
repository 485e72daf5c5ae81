import { UsherError } from '../../sessions/errors.ts';
import { octets, u32 } from '../bytes/codec.ts';
import { md5 } from '../crypto/hash.ts';
import type { LogonStep, SecurityMechanism } from '../security/mechanism.ts';
import { type AuthenticateMessage, encodeAuthenticateMessage } from './authenticate-message.ts';
import { avFlags, avFlagsOf, avPair, type AvPair, avTimestamp, avValue } from './av-pair.ts';
import { type ChallengeMessage, decodeChallengeMessage } from './challenge-message.ts';
import { exchangedKey, ntowfv2, sessionBaseKey } from './keys.ts';
import { micOf, withMic } from './mic.ts';
import { flagsOf, lackingFlags, type NegotiateFlag } from './negotiate-flags.ts';
import { encodeNegotiateMessage } from './negotiate-message.ts';
import { ntChallengeResponse } from './ntlmv2-response.ts';
import { ntlmMechType } from './mech-type.ts';
import { text } from './payload.ts';
import { NtlmSessionSecurity } from './session-security.ts';
import { ourVersion } from './version.ts';

/** Who logs on where, and all that must be new for each logon. */
export interface NtlmClientFacts {
  readonly user: string;
  /** The domain, or the computer that has the account; empty where `user` is a name@domain. */
  readonly domain: string;
  /** NTOWFv1 of the password. */
  readonly ntHash: Uint8Array;
  /** This computer's name, which the host writes into its log. */
  readonly workstation: string;
  /** The service principal name, `cifs/host`. */
  readonly targetName: string;
  /** gss_channel_bindings_struct of the TLS channel around the logon; null where there is none. */
  readonly channelBindings: Uint8Array | null;
  /** Now, a FILETIME: used where the server does not tell its time. */
  readonly time: bigint;
  /** 8 random bytes. */
  readonly clientChallenge: Uint8Array;
  /** 16 random bytes, which become the session's key. */
  readonly exportedSessionKey: Uint8Array;
}

/** What a server must agree to, or nothing is proven to it. */
const required: readonly NegotiateFlag[] = [
  'unicode',
  'sign',
  'seal',
  'extendedSessionSecurity',
  'strength128',
  'keyExchange',
];

const requested = flagsOf([...required, 'requestTarget', 'ntlm', 'alwaysSign', 'version']);

/** No LM response is ever sent ([MS-NLMP] 3.1.5.1.2: Z(24)). */
const noLmResponse = new Uint8Array(24);

/** The client's side of NTLM with NTLMv2, MIC and key exchange ([MS-NLMP] 3.1.5.1). */
export class NtlmClient implements SecurityMechanism {
  readonly mechType = ntlmMechType;
  readonly #facts: NtlmClientFacts;
  readonly #negotiate: Uint8Array;
  #security: NtlmSessionSecurity | null = null;

  constructor(facts: NtlmClientFacts) {
    this.#facts = facts;
    const none = new Uint8Array();
    this.#negotiate = encodeNegotiateMessage({
      negotiateFlags: requested,
      domainName: none,
      workstationName: none,
      version: ourVersion,
    });
  }

  start(): Uint8Array {
    return this.#negotiate;
  }

  step(token: Uint8Array): LogonStep {
    if (this.#security !== null) {
      throw new UsherError({ code: 'bad_answer', message: 'the host went on with NTLM after its end' });
    }
    const authenticate = authenticateFor(this.#facts, decodeChallengeMessage(token));
    const { exportedSessionKey } = this.#facts;
    const mic = micOf(exportedSessionKey, { negotiate: this.#negotiate, challenge: token, authenticate });
    this.#security = new NtlmSessionSecurity('client', exportedSessionKey);
    return { token: withMic(authenticate, mic), context: this.#security };
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

/** AUTHENTICATE_MESSAGE without its MIC. */
function authenticateFor(facts: NtlmClientFacts, challenge: ChallengeMessage): Uint8Array {
  const targetInfo = acceptable(challenge);
  const responseKeyNt = ntowfv2(facts.ntHash, facts.user, facts.domain);
  const response = ntChallengeResponse(responseKeyNt, challenge.serverChallenge, {
    timeStamp: avTimestamp(targetInfo) ?? facts.time,
    challengeFromClient: facts.clientChallenge,
    avPairs: clientPairs(facts, targetInfo),
    padding: new Uint8Array(4),
  });
  const keyExchangeKey = sessionBaseKey(responseKeyNt, response.subarray(0, 16));
  const message: AuthenticateMessage = {
    lmChallengeResponse: noLmResponse,
    ntChallengeResponse: response,
    domainName: facts.domain,
    userName: facts.user,
    workstation: facts.workstation,
    encryptedRandomSessionKey: exchangedKey(keyExchangeKey, facts.exportedSessionKey),
    negotiateFlags: (challenge.negotiateFlags & (requested | flagsOf(['targetInfo']))) >>> 0,
    version: ourVersion,
    mic: new Uint8Array(16),
  };
  return encodeAuthenticateMessage(message);
}

/** The TargetInfo of a challenge that is strong enough. */
function acceptable({ negotiateFlags, targetInfo }: ChallengeMessage): readonly AvPair[] {
  const lacking = lackingFlags(negotiateFlags, [...required, 'targetInfo']);
  if (lacking.length > 0) throw tooWeak(`does not offer ${lacking.join(', ')}`);
  if (targetInfo === null) throw tooWeak('tells nothing of itself, which NTLMv2 needs');
  if (avValue(targetInfo, 'nbComputerName') === null || avValue(targetInfo, 'nbDomainName') === null) {
    throw tooWeak("does not tell its computer's and its domain's name, which NTLMv2 needs");
  }
  return targetInfo;
}

/** What the server told, and what the client adds ([MS-NLMP] 3.1.5.1.2). */
function clientPairs(facts: NtlmClientFacts, targetInfo: readonly AvPair[]): readonly AvPair[] {
  const ours: readonly AvPair[] = [
    avPair('flags', u32, (avFlagsOf(targetInfo) | avFlags.micProvided) >>> 0),
    avPair('channelBindings', octets(16), channelBindingsHash(facts.channelBindings)),
    avPair('targetName', text, facts.targetName),
  ];
  return [...targetInfo.filter(({ avId }) => !ours.some((pair) => pair.avId === avId)), ...ours];
}

function channelBindingsHash(channelBindings: Uint8Array | null): Uint8Array {
  return channelBindings === null ? new Uint8Array(16) : md5(channelBindings);
}

function tooWeak(why: string): UsherError {
  return new UsherError({
    code: 'unsupported',
    message: `the host's NTLM is too weak: it ${why}`,
    hint: 'NTLMv2 with 128-bit keys, signing and sealing is the least that a password is proven with',
  });
}
