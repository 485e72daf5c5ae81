import { UsherError } from '../../../sessions/errors.ts';
import type { NtStatusName } from '../../ms-erref/ntstatus.ts';
import { type Command, decodeBody } from '../messages/command.ts';
import { type FileId, noFile } from '../messages/file-id.ts';
import { flag, type Header } from '../messages/header.ts';
import type { Agreement } from './negotiation.ts';
import type { PipeInstance, Reader, Writer } from './pipe-instance.ts';
import type { Outcome } from './reply.ts';
import type { SmbServer } from './server.ts';
import type { Open, Session, Tree } from './session.ts';

/** What the requests of a compound have in common (MS-SMB2 3.3.5.2.7.2). */
export interface Chain {
  /** Of the response before; null where there was none. */
  before: { readonly sessionId: bigint; readonly treeId: number } | null;
  fileId: FileId | null;
  /** How the request before failed. */
  failure: NtStatusName | null;
  /** Whether it begins with a related request, or what one is related to lacks: none of it is done. */
  isBroken: boolean;
}

export interface Request {
  readonly header: Header;
  readonly message: Uint8Array;
  readonly isEncrypted: boolean;
  readonly session: Session | null;
  readonly tree: Tree | null;
  readonly chain: Chain;
  /** Whether nothing follows it in its compound: only then it may wait. */
  readonly isLast: boolean;
  /** Whether it is no part of a compound. */
  readonly isAlone: boolean;
}

export const isRelated = ({ flags }: Header): boolean => (flags & flag.relatedOperations) !== 0;
export const isSigned = ({ flags }: Header): boolean => (flags & flag.signed) !== 0;

/** A request that waits in a pipe. */
export interface Waiting {
  readonly instance: PipeInstance;
  readonly waiter: Reader | Writer;
  /** Of what it would write. */
  readonly bytes: number;
}

/** What the commands have to do with a connection. */
export interface Work {
  readonly server: SmbServer;
  readonly agreement: Agreement | null;
  readonly salt: Uint8Array;
  readonly link: object | null;
  /** Open pipes of all sessions. */
  readonly opens: number;
  readonly sessions: ReadonlyMap<bigint, Session>;
  /** Connection.PreauthIntegrityHashValue. */
  preauthHash: Uint8Array;
  agreed(agreement: Agreement): void;
  begin(): Session;
  end(session: Session): void;
  /** A number that was not given before on this connection: of a tree or an open. */
  nextId(): number;
  opened(session: Session, open: Open): void;
  close(session: Session, open: Open): void;
  /** Why a request may not wait; null where it waits now. */
  park(request: Request, waiting: Waiting): NtStatusName | null;
  complete(request: Request, outcome: Outcome): void;
  cancel(id: { readonly messageId: bigint } | { readonly asyncId: bigint }): void;
}

export interface Handler {
  readonly name: string;
  readonly needs: 'nothing' | 'session' | 'tree';
  readonly run: (work: Work, request: Request) => Outcome;
}

export type Act<Q> = (work: Work, request: Request, body: Q) => Outcome;

/** How a command is carried out. One that is not in its form is refused (3.3.5.2.6). */
export function handler<Q>(
  command: Pick<Command<Q, unknown>, 'name' | 'request'>,
  needs: Handler['needs'],
  act: Act<Q>,
): Handler {
  return {
    name: command.name,
    needs,
    run(work, request) {
      const body = decoded(command, request.message);
      return body === malformed ? 'STATUS_INVALID_PARAMETER' : act(work, request, body);
    },
  };
}

const malformed = Symbol('malformed');

function decoded<Q>({ name, request }: Pick<Command<Q, unknown>, 'name' | 'request'>, message: Uint8Array) {
  try {
    return decodeBody(`${name} request`, request, message);
  } catch (error) {
    if (error instanceof UsherError) return malformed;
    throw error;
  }
}

/** The open that a request is about; within a compound, the one of the request before (3.3.5.2.7.2). */
export function openOf({ header, session, tree, chain }: Request, fileId: FileId): Open | NtStatusName {
  const { before, failure } = chain;
  if (isRelated(header) && before !== null) {
    if (failure !== null) return failure;
    if (chain.fileId === null) return 'STATUS_INVALID_HANDLE';
  }
  const meant = isRelated(header) && chain.fileId !== null ? chain.fileId : fileId;
  const open = session?.opens.get(meant.volatile);
  if (open === undefined || open.tree !== tree || meant.persistent !== open.id) return 'STATUS_FILE_CLOSED';
  chain.fileId = meant;
  return open;
}

export const isNoFile = ({ persistent, volatile }: FileId): boolean =>
  persistent === noFile.persistent && volatile === noFile.volatile;

/** Whether a request has paid for so many bytes, and they are no more than was agreed upon (3.3.5.2.5). */
export function isPaid({ agreement }: Work, { header }: Request, bytes: number): boolean {
  if (agreement === null || bytes > agreement.longestPayload) return false;
  return !agreement.multiCredit || bytes <= Math.max(1, header.creditCharge) * 65536;
}
