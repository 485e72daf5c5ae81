import { encodeMessage } from '../../messages/command.ts';
import { flag } from '../../messages/header.ts';
import { anyDialectRevision, dialectRevision, globalCapability, negotiate } from '../../messages/negotiate.ts';
import { decodeSmb1Negotiate, smb1Dialect } from '../../messages/smb1-negotiate.ts';
import { allDialects } from '../../keys/dialects.ts';
import { type Agreement, negotiateResponse } from '../negotiation.ts';
import { limits } from '../parameters.ts';
import type { SmbServer } from '../server.ts';

export interface Smb1Answer {
  readonly message: Uint8Array;
  /** Null where the client has to negotiate once more, in SMB 2. */
  readonly agreement: Agreement | null;
}

const smb202: Agreement = {
  dialect: '2.0.2',
  cipher: null,
  signingAlgorithm: 'hmacSha256',
  multiCredit: false,
  longestPayload: limits.shortPayload,
  offered: {
    dialects: [dialectRevision['2.0.2']],
    securityMode: 0,
    capabilities: 0,
    clientGuid: new Uint8Array(16),
    negotiateContexts: [],
  },
};

/** SMB2 NEGOTIATE Response to a client that begins with SMB 1 (MS-SMB2 3.3.5.3); null where it knows nothing else. */
export function answerSmb1(server: SmbServer, request: Uint8Array, credits: number): Smb1Answer | null {
  const offered = decodeSmb1Negotiate(request);
  const { dialects = allDialects } = server.parameters;
  const isAny = offered.includes(smb1Dialect.wildcard) && dialects.some((dialect) => dialect !== '2.0.2');
  if (!isAny && !(offered.includes(smb1Dialect['2.0.2']) && dialects.includes('2.0.2'))) return null;
  const value = negotiateResponse(server.parameters, {
    revision: isAny ? anyDialectRevision : dialectRevision['2.0.2'],
    capabilities: isAny ? globalCapability.largeMtu : 0,
    longestPayload: isAny ? limits.payload : limits.shortPayload,
    hint: server.hint,
    negotiateContexts: [],
  });
  const head = {
    creditCharge: 0,
    status: 0,
    command: negotiate.code,
    credits,
    flags: flag.serverToRedir,
    nextCommand: 0,
    messageId: 0n,
    asyncId: null,
    reserved: 0,
    treeId: 0,
    sessionId: 0n,
    signature: new Uint8Array(16),
  };
  return { message: encodeMessage(head, negotiate.response, value), agreement: isAny ? null : smb202 };
}
