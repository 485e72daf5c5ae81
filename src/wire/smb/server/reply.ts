import type { Codec } from '../../bytes/codec.ts';
import { type NtStatusName, ntStatus } from '../../ms-erref/ntstatus.ts';
import { type Command, encodeMessage } from '../messages/command.ts';
import { error, type ErrorResponse } from '../messages/error.ts';
import { flag, type Header } from '../messages/header.ts';
import type { Session } from './session.ts';

/** A response before it has a header. */
export interface Reply {
  readonly status: NtStatusName;
  /** Writes what follows the header. */
  readonly encode: (head: Header) => Uint8Array;
  /** What the header says otherwise than the request's. */
  readonly head: { readonly sessionId?: bigint; readonly treeId?: number };
  /** Whose signature it bears, however its request was protected. */
  readonly signedBy?: Session;
  /** Gets the message as it is sent. */
  readonly sent?: (message: Uint8Array) => void;
}

/** What a request came to: a response, an error response of this status, or null: it is answered later or never. */
export type Outcome = Reply | NtStatusName | null;

export function reply<T>(
  command: Pick<Command<never, T>, 'response'>,
  value: T,
  facts: Partial<Omit<Reply, 'encode'>> = {},
): Reply {
  return { status: 'STATUS_SUCCESS', head: {}, ...facts, encode: encoder(command.response, value) };
}

const noError: ErrorResponse = { errorContexts: [], errorData: new Uint8Array() };

/** SMB2 ERROR Response (MS-SMB2 3.3.4.4). */
export function failure(status: NtStatusName): Reply {
  return { status, head: {}, encode: encoder(error, noError) };
}

const encoder =
  <T>(body: Codec<T>, value: T) =>
  (head: Header): Uint8Array =>
    encodeMessage(head, body, value);

const noSignature = new Uint8Array(16);

/** The header of a response (3.3.4.3), which answers later where there is an AsyncId. */
export function headOf(request: Header, { status, head }: Reply, credits: number, asyncId: bigint | null): Header {
  const { creditCharge, command, messageId } = request;
  const common = {
    creditCharge,
    status: ntStatus[status],
    command,
    credits,
    flags: flag.serverToRedir,
    nextCommand: 0,
    messageId,
    sessionId: head.sessionId ?? request.sessionId,
    signature: noSignature,
  };
  if (asyncId !== null) return { ...common, flags: common.flags | flag.asyncCommand, asyncId };
  const treeId = head.treeId ?? (request.asyncId === null ? request.treeId : 0);
  return { ...common, asyncId: null, reserved: request.asyncId === null ? request.reserved : 0, treeId };
}
