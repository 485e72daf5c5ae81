import { UsherError } from '../../sessions/errors.ts';
import { equalInConstantTime } from '../crypto/equal.ts';
import { md5 } from '../crypto/hash.ts';
import { type AuthenticateMessage, decodeAuthenticateMessage } from './authenticate-message.ts';
import { avFlags, avFlagsOf, type AvPair, avText, avValue } from './av-pair.ts';
import { decodeChallengeMessage } from './challenge-message.ts';
import { exchangedKey, ntowfv2, sessionBaseKey } from './keys.ts';
import { type LogonMessages, micOf } from './mic.ts';
import { lackingFlags, type NegotiateFlag } from './negotiate-flags.ts';
import { decodeNtlmv2Response, expectedNtProofStr, ntlmv1ResponseLength } from './ntlmv2-response.ts';

/** What a server learns from a logon that it accepts. */
export interface VerifiedLogon {
  readonly user: string;
  readonly domain: string;
  readonly workstation: string;
  /** MsvAvTargetName; null where the client sent none, or one that it does not trust itself. */
  readonly targetName: string | null;
  /** Whether a MIC was there; it was right then. */
  readonly micProvided: boolean;
  readonly exportedSessionKey: Uint8Array;
}

/** What a server verifies an AUTHENTICATE_MESSAGE with. */
export interface ServerSecrets {
  /** NTOWFv1 of the password. */
  readonly ntHash: Uint8Array;
  /** gss_channel_bindings_struct of the TLS channel; null where it is not looked at. */
  readonly channelBindings: Uint8Array | null;
}

/** What a client must offer and then do. */
export const requiredOfClients: readonly NegotiateFlag[] = [
  'unicode',
  'sign',
  'extendedSessionSecurity',
  'strength128',
  'keyExchange',
];

/** The server's check of an AUTHENTICATE_MESSAGE ([MS-NLMP] 3.2.5.1.2). Throws `UsherError` `logon_failed`. */
export function verifyAuthenticate(messages: LogonMessages, secrets: ServerSecrets): VerifiedLogon {
  const authenticate = decodeAuthenticateMessage(messages.authenticate);
  const { userName: user, domainName: domain, workstation, ntChallengeResponse: response } = authenticate;
  const lacking = lackingFlags(authenticate.negotiateFlags, requiredOfClients);
  if (lacking.length > 0) throw refused(`the client did without ${lacking.join(', ')}`);
  if (response.length <= ntlmv1ResponseLength) throw refused('the client sent no NTLMv2 response');
  const { ntProofStr, avPairs } = decodeNtlmv2Response(response);
  const { serverChallenge } = decodeChallengeMessage(messages.challenge);
  const responseKeyNt = ntowfv2(secrets.ntHash, user, domain);
  if (!equalInConstantTime(expectedNtProofStr(responseKeyNt, serverChallenge, response), ntProofStr)) {
    throw refused('the password is another');
  }
  const keyExchangeKey = sessionBaseKey(responseKeyNt, ntProofStr);
  const exportedSessionKey = sessionKeyOf(authenticate, keyExchangeKey);
  checkChannelBindings(avPairs, secrets.channelBindings);
  const micProvided = (avFlagsOf(avPairs) & avFlags.micProvided) !== 0;
  if (micProvided) checkMic(authenticate.mic, micOf(exportedSessionKey, messages));
  return { user, domain, workstation, targetName: targetNameOf(avPairs), micProvided, exportedSessionKey };
}

function sessionKeyOf({ encryptedRandomSessionKey }: AuthenticateMessage, keyExchangeKey: Uint8Array): Uint8Array {
  if (encryptedRandomSessionKey.length !== 16) throw refused('the client sent no key of 16 bytes');
  return exchangedKey(keyExchangeKey, encryptedRandomSessionKey);
}

function checkMic(sent: Uint8Array | null, expected: Uint8Array): void {
  if (sent === null || !equalInConstantTime(sent, expected)) {
    throw refused('the message integrity code is another: a message was changed on its way');
  }
}

function checkChannelBindings(pairs: readonly AvPair[], channelBindings: Uint8Array | null): void {
  if (channelBindings === null) return;
  const sent = avValue(pairs, 'channelBindings') ?? new Uint8Array();
  if (!equalInConstantTime(sent, md5(channelBindings))) throw refused('the client is bound to another channel');
}

function targetNameOf(pairs: readonly AvPair[]): string | null {
  return (avFlagsOf(pairs) & avFlags.untrustedTargetName) === 0 ? avText(pairs, 'targetName') : null;
}

export function refused(why: string): UsherError {
  return new UsherError({ code: 'logon_failed', message: `NTLM refused the logon: ${why}` });
}
