import { UsherError } from '../../../sessions/errors.ts';
import { kept } from '../../bytes/room.ts';
import {
  type Cipher,
  cipherOf,
  ciphers,
  type SigningAlgorithm,
  signingAlgorithmOf,
  signingAlgorithms,
} from '../keys/algorithms.ts';
import { allDialects, type Dialect, dialectOf, isSmb3 } from '../keys/dialects.ts';
import {
  dialectRevision,
  globalCapability,
  type NegotiateRequest,
  type NegotiateResponse,
  securityMode,
} from '../messages/negotiate.ts';
import { cipherId, hashAlgorithmId, type NegotiateContext, signingAlgorithmId } from '../messages/negotiate-context.ts';
import { broken } from './failures.ts';
import { type ConnectionParameters, limits } from './parameters.ts';

/** What a NEGOTIATE agreed upon (MS-SMB2 3.2.5.2). */
export interface Agreement {
  readonly dialect: Dialect;
  readonly cipher: Cipher | null;
  readonly signingAlgorithm: SigningAlgorithm;
  /** Connection.SupportsMultiCredit. */
  readonly multiCredit: boolean;
  /** Bytes of one read, write or transceive at most. */
  readonly longestPayload: number;
  readonly response: Omit<NegotiateResponse, 'negotiateContexts'>;
}

/** Signing is required by the client, always. */
export const clientSecurityMode = securityMode.signingEnabled | securityMode.signingRequired;

/** What every server takes (3.2.5.2), and all that one credit is good for. */
const leastSize = 65536;

type Offer = Pick<
  ConnectionParameters,
  'clientGuid' | 'salt' | 'serverName' | 'dialects' | 'ciphers' | 'signingAlgorithms'
>;

/** What a client offers (3.2.4.2.2.2). */
export function offer(parameters: Offer): NegotiateRequest {
  const { clientGuid, dialects = allDialects } = parameters;
  const knowsSmb3 = dialects.some(isSmb3);
  const encrypts = offeredCiphers(parameters).length > 0;
  return {
    dialects: dialects.map((dialect) => dialectRevision[dialect]),
    securityMode: clientSecurityMode,
    capabilities: knowsSmb3 ? globalCapability.largeMtu | (encrypts ? globalCapability.encryption : 0) : 0,
    clientGuid: dialects.every((dialect) => dialect === '2.0.2') ? new Uint8Array(16) : clientGuid,
    negotiateContexts: dialects.includes('3.1.1') ? offeredContexts(parameters) : [],
  };
}

function offeredContexts(parameters: Offer): readonly NegotiateContext[] {
  const offered = offeredCiphers(parameters).map((cipher) => cipherId[cipher]);
  return [
    { kind: 'preauthIntegrity', hashAlgorithms: [hashAlgorithmId.sha512], salt: parameters.salt },
    ...(offered.length === 0 ? [] : [{ kind: 'encryption' as const, ciphers: offered }]),
    { kind: 'netname', netName: parameters.serverName },
    {
      kind: 'signing',
      signingAlgorithms: offeredSigning(parameters).map((algorithm) => signingAlgorithmId[algorithm]),
    },
  ];
}

const offeredCiphers = (parameters: Offer): readonly Cipher[] => parameters.ciphers ?? ciphers;
const offeredSigning = (parameters: Offer): readonly SigningAlgorithm[] =>
  parameters.signingAlgorithms ?? signingAlgorithms;

/** What the server made of the offer. Throws where it took what was not offered. */
export function agree(parameters: Offer, response: NegotiateResponse): Agreement {
  const dialect = dialectOf(response.dialectRevision);
  if (dialect === null || !(parameters.dialects ?? allDialects).includes(dialect)) {
    const message = `the host wants SMB dialect 0x${response.dialectRevision.toString(16)}, which was not offered`;
    throw new UsherError({ code: 'unsupported', message });
  }
  const { maxTransactSize, maxReadSize, maxWriteSize, capabilities } = response;
  if (Math.min(maxTransactSize, maxReadSize, maxWriteSize) < leastSize) {
    throw broken(`the host takes SMB payloads of less than ${leastSize} bytes`);
  }
  const { negotiateContexts: _, ...rest } = response;
  const multiCredit = dialect !== '2.0.2' && (capabilities & globalCapability.largeMtu) !== 0;
  return {
    dialect,
    multiCredit,
    longestPayload: multiCredit ? Math.min(limits.payload, maxTransactSize, maxReadSize, maxWriteSize) : leastSize,
    // It is kept as long as the connection, in case its session expires.
    response: { ...rest, securityBuffer: kept(response.securityBuffer) },
    ...(dialect === '3.1.1'
      ? agreeOnContexts(parameters, response)
      : agreeOnCapabilities(parameters, dialect, capabilities)),
  };
}

type Algorithms = Pick<Agreement, 'cipher' | 'signingAlgorithm'>;

function agreeOnCapabilities(parameters: Offer, dialect: Dialect, capabilities: number): Algorithms {
  if (!isSmb3(dialect)) return { cipher: null, signingAlgorithm: 'hmacSha256' };
  const encrypts = (capabilities & globalCapability.encryption) !== 0;
  const offered = offeredCiphers(parameters).includes('aes128Ccm');
  return { cipher: encrypts && offered ? 'aes128Ccm' : null, signingAlgorithm: 'aesCmac' };
}

function agreeOnContexts(parameters: Offer, { negotiateContexts }: NegotiateResponse): Algorithms {
  const hashes = only(negotiateContexts, 'preauthIntegrity')?.hashAlgorithms;
  if (hashes?.length !== 1 || hashes[0] !== hashAlgorithmId.sha512) {
    throw broken('the host agreed upon no hash for preauthentication integrity');
  }
  return {
    cipher: chosenCipher(parameters, only(negotiateContexts, 'encryption')?.ciphers),
    signingAlgorithm: chosenSigning(parameters, only(negotiateContexts, 'signing')?.signingAlgorithms),
  };
}

function chosenCipher(parameters: Offer, chosen: readonly number[] | undefined): Cipher | null {
  if (chosen === undefined) return null;
  const [id, ...others] = chosen;
  if (id === cipherId.none && others.length === 0) return null;
  const cipher = id === undefined || others.length > 0 ? null : cipherOf(id);
  if (cipher === null || !offeredCiphers(parameters).includes(cipher)) {
    throw broken('the host chose a cipher that was not offered');
  }
  return cipher;
}

function chosenSigning(parameters: Offer, chosen: readonly number[] | undefined): SigningAlgorithm {
  if (chosen === undefined) return 'aesCmac';
  const [id, ...others] = chosen;
  const algorithm = id === undefined || others.length > 0 ? null : signingAlgorithmOf(id);
  if (algorithm === null || !offeredSigning(parameters).includes(algorithm)) {
    throw broken('the host chose a signing algorithm that was not offered');
  }
  return algorithm;
}

type ContextOf<Kind> = Extract<NegotiateContext, { readonly kind: Kind }>;

/** The context of this kind, of which there is one at most. */
function only<Kind extends NegotiateContext['kind']>(
  contexts: readonly NegotiateContext[],
  kind: Kind,
): ContextOf<Kind> | undefined {
  const found = contexts.filter((context): context is ContextOf<Kind> => context.kind === kind);
  if (found.length > 1) throw broken(`the host sent ${found.length} negotiate contexts of one kind`);
  return found[0];
}
