import { cut } from '../association/fragments.ts';
import { encodeStubPdu, type Security, stubCapacity } from '../association/security.ts';
import { request } from '../pdus/request.ts';
import { ndr, type SyntaxId, syntaxText } from '../pdus/syntax-id.ts';
import { clientSupportHeaderSigning, encodeVerificationTrailer } from '../pdus/verification-trailer.ts';
import type { CallId } from './events.ts';

/** What is asked of a server. */
export interface CallFacts {
  readonly interface: SyntaxId;
  readonly opnum: number;
  /** The parameters, in NDR. */
  readonly stub: Uint8Array;
  /** What is being done, for errors: `logging off session 3`. */
  readonly operation?: string;
}

/** A call that was not answered yet. */
export interface Call {
  readonly id: CallId;
  readonly facts: CallFacts;
  /** p_cont_id. */
  readonly contextId: number;
  /** `cancel`: it ends as the server says. `orphan`: nobody is told how it ends. */
  given: 'up' | 'away' | null;
}

export function operationOf({ operation, opnum, interface: called }: CallFacts): string {
  return operation ?? `calling operation ${opnum} of ${syntaxText(called)}`;
}

/** How the requests of a connection are made. */
export interface Requesting {
  readonly security: Security | null;
  readonly longestFragment: number;
}

/** What the verification trailer of a request speaks of. */
export interface Proofs {
  /** It is the first request of its connection. */
  readonly isFirst: boolean;
  /** It is the first of its presentation context. */
  readonly isFirstOfContext: boolean;
}

/** The fragments of a request. As headers are signed, the trailer proves only the bind ([MS-RPCE] 2.2.2.13). */
export function encodeRequest({ id, facts, contextId }: Call, how: Requesting, proofs: Proofs): readonly Uint8Array[] {
  const { security, longestFragment } = how;
  const { opnum, stub } = facts;
  const trailer = security === null ? new Uint8Array() : trailerOf(facts, proofs);
  const capacity = stubCapacity(request, { allocHint: 0, contextId, opnum }, longestFragment, security);
  return cut(stub, trailer, capacity).map(({ bytes, pfcFlags, allocHint }) =>
    encodeStubPdu(request, { pfcFlags, callId: id }, { allocHint, contextId, opnum }, bytes, security),
  );
}

function trailerOf({ interface: interfaceId }: CallFacts, { isFirst, isFirstOfContext }: Proofs): Uint8Array {
  if (!isFirst && !isFirstOfContext) return new Uint8Array();
  return encodeVerificationTrailer({
    bitmask: isFirst ? { bits: clientSupportHeaderSigning } : null,
    pcontext: isFirstOfContext ? { interfaceId, transferSyntax: ndr } : null,
    header2: null,
  });
}
