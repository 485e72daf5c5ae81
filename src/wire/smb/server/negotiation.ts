import type { NtStatusName } from '../../ms-erref/ntstatus.ts';
import {
  type Cipher,
  cipherOf,
  ciphers,
  type SigningAlgorithm,
  signingAlgorithmOf,
  signingAlgorithms,
} from '../keys/algorithms.ts';
import { allDialects, type Dialect, isSmb3 } from '../keys/dialects.ts';
import {
  dialectRevision,
  globalCapability,
  type NegotiateRequest,
  type NegotiateResponse,
  securityMode,
} from '../messages/negotiate.ts';
import { cipherId, hashAlgorithmId, type NegotiateContext, signingAlgorithmId } from '../messages/negotiate-context.ts';
import { limits, type SmbServerParameters } from './parameters.ts';

/** What a NEGOTIATE agreed upon (MS-SMB2 3.3.5.4). */
export interface Agreement {
  readonly dialect: Dialect;
  /** Null where nothing can be encrypted. */
  readonly cipher: Cipher | null;
  readonly signingAlgorithm: SigningAlgorithm;
  /** Connection.SupportsMultiCredit. */
  readonly multiCredit: boolean;
  /** Bytes of one read, write or transceive at most. */
  readonly longestPayload: number;
  readonly offered: NegotiateRequest;
}

/** What the client's offer comes to; the status by which it is refused where that is nothing. */
export function agree(parameters: SmbServerParameters, offered: NegotiateRequest): Agreement | NtStatusName {
  if (offered.dialects.length === 0) return 'STATUS_INVALID_PARAMETER';
  const common = (parameters.dialects ?? allDialects).filter((dialect) =>
    offered.dialects.includes(dialectRevision[dialect]),
  );
  const dialect = common.toSorted((one, other) => dialectRevision[one] - dialectRevision[other]).at(-1);
  if (dialect === undefined) return 'STATUS_NOT_SUPPORTED';
  const algorithms = dialect === '3.1.1' ? byContexts(parameters, offered) : byDialect(parameters, dialect, offered);
  if (typeof algorithms === 'string') return algorithms;
  const multiCredit = dialect !== '2.0.2';
  const longestPayload = multiCredit ? limits.payload : limits.shortPayload;
  return { dialect, multiCredit, longestPayload, offered, ...algorithms };
}

type Algorithms = Pick<Agreement, 'cipher' | 'signingAlgorithm'>;

const encrypts = ({ encryption = 'offered' }: SmbServerParameters): boolean => encryption !== 'off';

function byDialect(parameters: SmbServerParameters, dialect: Dialect, { capabilities }: NegotiateRequest): Algorithms {
  if (!isSmb3(dialect)) return { cipher: null, signingAlgorithm: 'hmacSha256' };
  const isWanted = (capabilities & globalCapability.encryption) !== 0;
  const isKnown = encrypts(parameters) && (parameters.ciphers ?? ciphers).includes('aes128Ccm');
  return { cipher: isWanted && isKnown ? 'aes128Ccm' : null, signingAlgorithm: 'aesCmac' };
}

function byContexts(
  parameters: SmbServerParameters,
  { negotiateContexts }: NegotiateRequest,
): Algorithms | NtStatusName {
  const ofKind = <Kind extends NegotiateContext['kind']>(kind: Kind) =>
    negotiateContexts.filter((context): context is Extract<NegotiateContext, { kind: Kind }> => context.kind === kind);
  const hashes = ofKind('preauthIntegrity');
  const encryption = ofKind('encryption');
  const signing = ofKind('signing');
  if (hashes.length !== 1 || encryption.length > 1 || signing.length > 1) return 'STATUS_INVALID_PARAMETER';
  if (signing[0]?.signingAlgorithms.length === 0) return 'STATUS_INVALID_PARAMETER';
  if (hashes[0]?.hashAlgorithms.includes(hashAlgorithmId.sha512) !== true) {
    return 'STATUS_SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP';
  }
  const known = encrypts(parameters) ? (parameters.ciphers ?? ciphers) : [];
  return {
    cipher: firstOf(encryption[0]?.ciphers, cipherOf, known),
    signingAlgorithm:
      firstOf(signing[0]?.signingAlgorithms, signingAlgorithmOf, parameters.signingAlgorithms ?? signingAlgorithms) ??
      'aesCmac',
  };
}

/** The client's best that is known here. */
function firstOf<T>(ids: readonly number[] = [], named: (id: number) => T | null, known: readonly T[]): T | null {
  for (const id of ids) {
    const name = named(id);
    if (name !== null && known.includes(name)) return name;
  }
  return null;
}

export function securityModeOf({ signing = 'required' }: SmbServerParameters): number {
  return securityMode.signingEnabled | (signing === 'required' ? securityMode.signingRequired : 0);
}

/** Connection.ServerCapabilities. */
export function capabilitiesOf({ dialect, cipher, multiCredit }: Agreement): number {
  const encryption = cipher !== null && dialect !== '3.1.1' ? globalCapability.encryption : 0;
  return encryption | (multiCredit ? globalCapability.largeMtu : 0);
}

interface Told {
  readonly revision: number;
  readonly capabilities: number;
  readonly longestPayload: number;
  readonly hint: Uint8Array;
  readonly negotiateContexts: readonly NegotiateContext[];
}

/** SMB2 NEGOTIATE Response (3.3.5.4); to a client of SMB 1 as well (3.3.5.3). */
export function negotiateResponse(parameters: SmbServerParameters, told: Told): NegotiateResponse {
  return {
    securityMode: securityModeOf(parameters),
    dialectRevision: told.revision,
    serverGuid: parameters.serverGuid,
    capabilities: told.capabilities,
    maxTransactSize: told.longestPayload,
    maxReadSize: told.longestPayload,
    maxWriteSize: told.longestPayload,
    systemTime: parameters.now(),
    serverStartTime: 0n,
    securityBuffer: told.hint,
    negotiateContexts: told.negotiateContexts,
  };
}

/** The contexts of the answer in SMB 3.1.1: as many as the client sent and are understood. */
export function answeredContexts(
  { cipher, offered, signingAlgorithm }: Agreement,
  salt: Uint8Array,
): readonly NegotiateContext[] {
  const kinds = new Set(offered.negotiateContexts.map(({ kind }) => kind));
  const contexts: NegotiateContext[] = [{ kind: 'preauthIntegrity', hashAlgorithms: [hashAlgorithmId.sha512], salt }];
  if (kinds.has('encryption')) contexts.push({ kind: 'encryption', ciphers: [cipherId[cipher ?? 'none']] });
  if (kinds.has('signing')) {
    contexts.push({ kind: 'signing', signingAlgorithms: [signingAlgorithmId[signingAlgorithm]] });
  }
  return contexts;
}
