import type { NtStatusName } from '../../ms-erref/ntstatus.ts';
import type { Header } from '../messages/header.ts';
import { limits } from './parameters.ts';
import type { PipeInstance } from './pipe-instance.ts';
import type { Request, Waiting } from './request.ts';

/** A request that waits, and the AsyncId by which its client knows of it; null while the client has not been told. */
export interface Parked {
  readonly request: Request;
  readonly waiting: Waiting;
  asyncId: bigint | null;
}

/** The requests of a connection that wait for something (MS-SMB2 3.3.4.2), within limits. */
export class Parking {
  readonly #most: number;
  /** By MessageId. */
  readonly #parked = new Map<bigint, Parked>();
  #untold: Parked[] = [];
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#parked.size;
  }

  /** Why there is no room; null where it waits now. */
  park(request: Request, waiting: Waiting): NtStatusName | null {
    if (!request.isLast) return 'STATUS_INTERNAL_ERROR';
    if (this.#parked.size >= this.#most || this.#bytes + waiting.bytes > limits.unwritten) {
      return 'STATUS_INSUFFICIENT_RESOURCES';
    }
    const parked: Parked = { request, waiting, asyncId: null };
    this.#parked.set(request.header.messageId, parked);
    this.#untold.push(parked);
    this.#bytes += waiting.bytes;
    return null;
  }

  /** Those whose clients are to be told now that they wait. */
  takeUntold(): readonly Parked[] {
    if (this.#untold.length === 0) return [];
    const untold = this.#untold.filter(({ request }) => this.#parked.has(request.header.messageId));
    this.#untold = [];
    for (const parked of untold) parked.asyncId = asyncIdOf(parked.request.header);
    return untold;
  }

  /** It waits no longer; null where it did not. */
  remove(messageId: bigint): Parked | null {
    const parked = this.#parked.get(messageId) ?? null;
    if (parked !== null) {
      this.#parked.delete(messageId);
      this.#bytes -= parked.waiting.bytes;
    }
    return parked;
  }

  /** What a CANCEL means. */
  find(id: { readonly messageId: bigint } | { readonly asyncId: bigint }): Parked | null {
    return this.#parked.get('messageId' in id ? id.messageId : id.asyncId - asyncIdBase) ?? null;
  }

  in(instance: PipeInstance): readonly Parked[] {
    return [...this.#parked.values()].filter(({ waiting }) => waiting.instance === instance);
  }
}

/** AsyncIds are never zero, and as unique as the MessageIds that they are made of. */
const asyncIdBase = 1n;
const asyncIdOf = ({ messageId }: Header): bigint => messageId + asyncIdBase;
