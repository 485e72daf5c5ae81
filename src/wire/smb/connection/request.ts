import type { UsherError } from '../../../sessions/errors.ts';
import { type Command, decodeBody, encodeMessage } from '../messages/command.ts';
import { error } from '../messages/error.ts';
import type { Header } from '../messages/header.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import type { Ticket } from './events.ts';
import { broken } from './failures.ts';
import { limits } from './parameters.ts';
import type { Protection } from './protection.ts';

/** A response: the command's own, or an ERROR. */
export type Answer<Response> = {
  readonly header: Header;
  /** All of it, decrypted. */
  readonly message: Uint8Array;
} & ({ readonly isError: false; readonly body: Response } | { readonly isError: true; readonly body: null });

/** What is asked of a server. */
export interface Ask<Request, Response> {
  readonly command: Command<Request, Response>;
  readonly request: Request;
  /** The greater of what is sent and what may come back, in bytes (MS-SMB2 3.1.5.2). */
  readonly payload?: number;
  /** Statuses besides STATUS_SUCCESS whose response is the command's own. */
  readonly accepts?: readonly number[];
  /** Goes out before others, and while they are held back. */
  readonly urgent?: boolean;
  readonly sent?: (message: Uint8Array) => void;
}

/** What is done about it when it ends. */
export interface Ended<Response> {
  /** By which it can be cancelled. */
  readonly ticket?: Ticket;
  answered(answer: Answer<Response>): void;
  lost?(error: UsherError): void;
}

/** A request on its way. */
export interface Item {
  readonly command: Pick<Command<unknown, unknown>, 'code' | 'onTree'>;
  readonly payload: number;
  readonly urgent: boolean;
  readonly ticket: Ticket | undefined;
  encode(head: Header): Uint8Array;
  sent(message: Uint8Array): void;
  answered(header: Header, message: Uint8Array): void;
  lost(error: UsherError): void;
  expiries: number;
}

export interface Outstanding {
  readonly item: Item;
  /** By which the answer has to be protected as well. */
  readonly protection: Protection | null;
  asyncId: bigint | null;
  pendings: number;
}

/** Thousands of hosts owe some answers each, for hours: no function is made for any of them. */
export class Asked<Request, Response> implements Item {
  readonly #ask: Ask<Request, Response>;
  readonly #ended: Ended<Response>;
  expiries = 0;

  constructor(ask: Ask<Request, Response>, ended: Ended<Response>) {
    this.#ask = ask;
    this.#ended = ended;
  }

  get command(): Item['command'] {
    return this.#ask.command;
  }

  get payload(): number {
    return this.#ask.payload ?? 1;
  }

  get urgent(): boolean {
    return this.#ask.urgent ?? false;
  }

  get ticket(): Ticket | undefined {
    return this.#ended.ticket;
  }

  encode(head: Header): Uint8Array {
    return encodeMessage(head, this.#ask.command.request, this.#ask.request);
  }

  sent(message: Uint8Array): void {
    this.#ask.sent?.(message);
  }

  answered(header: Header, message: Uint8Array): void {
    const { command, accepts = [] } = this.#ask;
    const isOwn = header.status === ntStatus.STATUS_SUCCESS || accepts.includes(header.status);
    if (isOwn) {
      const body = decodeBody(`${command.name} response`, command.response, message);
      return this.#ended.answered({ header, message, isError: false, body });
    }
    decodeBody('ERROR response', error, message);
    this.#ended.answered({ header, message, isError: true, body: null });
  }

  lost(reason: UsherError): void {
    this.#ended.lost?.(reason);
  }
}

/** Takes note of an interim response (MS-SMB2 3.2.5.1.5). */
export function notePending(outstanding: Outstanding, { asyncId }: Header): void {
  if (asyncId === null) throw broken('the host answered STATUS_PENDING without an AsyncId');
  if (outstanding.asyncId !== null && outstanding.asyncId !== asyncId) {
    throw broken('the host answered STATUS_PENDING under another AsyncId');
  }
  if (++outstanding.pendings > limits.pendings) {
    throw broken(`the host answered STATUS_PENDING ${outstanding.pendings} times to one SMB request`);
  }
  outstanding.asyncId = asyncId;
}
