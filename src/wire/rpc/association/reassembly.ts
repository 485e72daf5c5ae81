import { broken } from '../failures.ts';
import { type Header, pfcFlag } from '../pdus/header.ts';
import { limits } from './limits.ts';

/** What all fragments of a call agree on, besides their call_id. */
export interface Route {
  readonly contextId: number;
  /** Of a request. */
  readonly opnum?: number;
}

interface Begun {
  readonly route: Route;
  readonly allocHint: number;
  readonly pieces: Uint8Array[];
  bytes: number;
}

/** How much more an alloc_hint may promise than comes: some count the padding. */
const padding = 16;

/** Puts the stub data of calls together again, whose fragments may come in turns. Throws `UsherError` `bad_answer`. */
export class Reassembly {
  readonly #begun = new Map<number, Begun>();
  #bytes = 0;

  /** Whether anything of a call has come, but not all. */
  has(callId: number): boolean {
    return this.#begun.has(callId);
  }

  get size(): number {
    return this.#begun.size;
  }

  /** How many fragments of what has begun are to come, as its alloc_hint says; null where nothing has, or that says nothing. */
  get toCome(): number | null {
    let fragments = 0;
    for (const { allocHint, pieces, bytes } of this.#begun.values()) {
      if (allocHint <= bytes) return null;
      fragments += Math.ceil((allocHint - bytes) / (bytes / pieces.length));
    }
    return fragments === 0 ? null : fragments;
  }

  /** The whole stub data, once its last fragment has come. */
  add({ callId, pfcFlags }: Header, route: Route, allocHint: number, stub: Uint8Array): Uint8Array | null {
    const begun = this.#continue(callId, (pfcFlags & pfcFlag.firstFrag) !== 0, { route, allocHint });
    begun.pieces.push(stub);
    begun.bytes += stub.length;
    this.#bytes += stub.length;
    if (this.#bytes > limits.stub) throw broken(`an RPC call has more than ${limits.stub} bytes`);
    if (begun.pieces.length > limits.fragments) throw broken(`an RPC call has more than ${limits.fragments} fragments`);
    if ((pfcFlags & pfcFlag.lastFrag) === 0) return null;
    this.drop(callId);
    if (begun.allocHint > begun.bytes + padding) {
      throw broken(`an RPC call ended after ${begun.bytes} bytes, where its alloc_hint was ${begun.allocHint}`);
    }
    return begun.pieces.length === 1 ? stub : new Uint8Array(Buffer.concat(begun.pieces));
  }

  /** Forgets what has come of a call. */
  drop(callId: number): void {
    this.#bytes -= this.#begun.get(callId)?.bytes ?? 0;
    this.#begun.delete(callId);
  }

  #continue(callId: number, isFirst: boolean, first: Pick<Begun, 'route' | 'allocHint'>): Begun {
    const begun = this.#begun.get(callId);
    if (isFirst) {
      if (begun !== undefined) throw broken(`RPC call ${callId} began twice`);
      if (first.allocHint > limits.stub) throw broken(`an RPC call has an alloc_hint of ${first.allocHint}`);
      const fresh = { ...first, pieces: [], bytes: 0 };
      this.#begun.set(callId, fresh);
      return fresh;
    }
    if (begun === undefined) throw broken(`RPC call ${callId} went on before it began`);
    const { contextId, opnum } = begun.route;
    if (contextId !== first.route.contextId || opnum !== first.route.opnum) {
      throw broken(`RPC call ${callId} went on as another one`);
    }
    return begun;
  }
}
