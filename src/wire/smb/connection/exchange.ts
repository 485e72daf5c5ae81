import { UsherError } from '../../../sessions/errors.ts';
import { frame } from '../frames.ts';
import { cancel } from '../messages/cancel.ts';
import { decodeHeader, encodeMessage } from '../messages/command.ts';
import { flag, type Header } from '../messages/header.ts';
import { isTransformed } from '../messages/transform-header.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import type { Ticket } from './events.ts';
import { broken } from './failures.ts';
import { limits } from './parameters.ts';
import type { Protection } from './protection.ts';
import { type Ask, Asked, type Ended, type Item, notePending, type Outstanding } from './request.ts';
import { SequenceWindow } from './sequence-window.ts';

/** Requests and their responses: MessageIds and credits, protection, interim responses, cancellation. */
export class Exchange {
  readonly #expired: () => void;
  readonly #window = new SequenceWindow();
  readonly #outstanding = new Map<bigint, Outstanding>();
  #waiting: Item[] = [];
  #frames: Uint8Array[] = [];

  /** What only urgent requests pass. */
  held = true;
  multiCredit = false;
  sessionId = 0n;
  treeId = 0;
  protection: Protection | null = null;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  /** How many frames are to be sent. */
  get unsent(): number {
    return this.#frames.length;
  }

  /** Frames that are to be sent. */
  take(): readonly Uint8Array[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  /** Where there are too many already it is lost. */
  ask<Request, Response>(ask: Ask<Request, Response>, ended: Ended<Response>): void {
    const item: Item = new Asked(ask, ended);
    if (this.#waiting.length + this.#outstanding.size >= limits.requests) {
      item.lost(new UsherError({ code: 'timeout', message: `the host has ${limits.requests} SMB requests to answer` }));
      return;
    }
    if (item.urgent) this.#waiting.unshift(item);
    else this.#waiting.push(item);
    this.pump();
  }

  /** Whether it was still waiting and is gone now; otherwise the server is asked to give it up (3.2.4.24). */
  cancel(ticket: Ticket): boolean {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((waiting) => waiting.ticket !== ticket);
    if (this.#waiting.length < before) return true;
    for (const [messageId, { item: sent, asyncId, protection }] of this.#outstanding) {
      if (sent.ticket !== ticket) continue;
      const head = this.#header(cancel, { messageId, creditCharge: 0, credits: 0 });
      const { flags, ...others } = head;
      const asynchronous = asyncId === null ? head : { ...others, flags: flags | flag.asyncCommand, asyncId };
      this.#send(encodeMessage(asynchronous, cancel.request, null), protection);
    }
    return false;
  }

  /** Sends what has credits. */
  pump(): void {
    for (;;) {
      const at = this.held ? this.#waiting.findIndex(({ urgent }) => urgent) : 0;
      const item = this.#waiting[at];
      if (item === undefined) return;
      const charge = this.multiCredit ? Math.floor((Math.max(1, item.payload) - 1) / 65536) + 1 : 0;
      const consumed = Math.max(1, charge);
      const messageId = this.#window.take(consumed);
      if (messageId === null) return;
      this.#waiting.splice(at, 1);
      const credits = this.#window.wanted(consumed);
      const message = item.encode(this.#header(item.command, { messageId, creditCharge: charge, credits }));
      const { protection } = this;
      this.#outstanding.set(messageId, { item, protection, asyncId: null, pendings: 0 });
      item.sent(message);
      this.#send(message, protection);
    }
  }

  /** Takes one message. Throws `UsherError` where the connection cannot go on. */
  receive(received: Uint8Array): void {
    const isEncrypted = isTransformed(received);
    const message = isEncrypted ? this.#decrypt(received) : received;
    const header = decodeHeader(message);
    if ((header.flags & flag.serverToRedir) === 0) throw broken('the host sent an SMB request');
    if (header.nextCommand !== 0) throw broken('the host sent several SMB answers in one, which was not asked for');
    const outstanding = this.#outstanding.get(header.messageId);
    if (outstanding?.item.command.code !== header.command) {
      const told = `command ${header.command}, MessageId ${header.messageId}`;
      throw broken(`the host answered an SMB request that was not sent, or answered it twice (${told})`);
    }
    if (isEncrypted && outstanding.protection === null) throw broken('the host encrypted what had to be plain');
    outstanding.protection?.check(message, header, isEncrypted);
    this.#window.grant(header.credits);
    if (header.status === ntStatus.STATUS_PENDING) notePending(outstanding, header);
    else this.#finish(outstanding, header, message);
    this.pump();
    if (this.#outstanding.size === 0 && this.#waiting.some(({ urgent }) => urgent || !this.held)) {
      throw broken('the host grants no credits for another SMB request');
    }
  }

  /** Whatever waits will not be answered. */
  abandon(reason: UsherError): void {
    const items = [...[...this.#outstanding.values()].map(({ item }) => item), ...this.#waiting];
    this.#outstanding.clear();
    this.#waiting = [];
    for (const item of items) item.lost(reason);
  }

  #finish(outstanding: Outstanding, header: Header, message: Uint8Array): void {
    const { item, protection, asyncId } = outstanding;
    if (asyncId !== null && header.asyncId !== asyncId) throw broken('the host answered under another AsyncId');
    this.#outstanding.delete(header.messageId);
    const isExpired = header.status === ntStatus.STATUS_NETWORK_SESSION_EXPIRED && protection !== null;
    if (!isExpired || item.urgent || item.expiries >= limits.expiries) return item.answered(header, message);
    item.expiries++;
    this.#waiting.unshift(item);
    this.#expired();
  }

  #decrypt(received: Uint8Array): Uint8Array {
    if (this.protection === null) throw broken('the host encrypted an SMB message before there were keys');
    return this.protection.decrypt(received);
  }

  #send(message: Uint8Array, protection: Protection | null): void {
    this.#frames.push(frame(protection === null ? message : protection.protect(message)));
  }

  #header(command: Item['command'], numbers: Numbers): Header & { asyncId: null } {
    const treeId = command.onTree === true ? this.treeId : 0;
    const { messageId, creditCharge, credits } = numbers;
    return {
      creditCharge,
      status: 0,
      command: command.code,
      credits,
      flags: 0,
      nextCommand: 0,
      messageId,
      asyncId: null,
      reserved: 0,
      treeId,
      sessionId: this.sessionId,
      signature: noSignature,
    };
  }
}

type Numbers = Pick<Header, 'messageId' | 'creditCharge' | 'credits'>;

const noSignature = new Uint8Array(16);
