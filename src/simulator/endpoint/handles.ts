import { type ContextHandle, nullHandle } from '../../wire/ndr/context-handle.ts';
import { RpcFault } from './fault.ts';

/** The most context handles that one pipe holds. */
const mostHandles = 4096;

/** What a context handle can stand for. */
export abstract class Held {
  /** Nobody holds it any more. */
  close(): void {
    // Most have nothing to let go of.
  }
}

/** The context handles of one pipe: nobody else's are good for it ([C706] 5.1.6). */
export class Handles {
  readonly #held = new Map<string, Held>();
  readonly #random: (count: number) => Uint8Array;

  constructor(random: (count: number) => Uint8Array) {
    this.#random = random;
  }

  /** Throws {@link RpcFault} where the pipe has too many. */
  open(thing: Held): ContextHandle {
    if (this.#held.size >= mostHandles) throw new RpcFault('RPC_S_OUT_OF_RESOURCES');
    const digits = Buffer.from(this.#random(16)).toString('hex');
    const uuid = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    this.#held.set(uuid, thing);
    return { attributes: 0, uuid };
  }

  /** What it stands for. Throws {@link RpcFault} where it stands for nothing of this kind. */
  held<T extends Held>({ uuid }: ContextHandle, kind: abstract new (...args: never[]) => T): T {
    const thing = this.#held.get(uuid);
    if (thing instanceof kind) return thing;
    throw new RpcFault(uuid === nullHandle.uuid ? 'RPC_X_SS_IN_NULL_CONTEXT' : 'nca_s_fault_context_mismatch');
  }

  /** Gives a handle back. Throws {@link RpcFault} as {@link Handles.held} does. */
  close(handle: ContextHandle, kind: abstract new (...args: never[]) => Held): ContextHandle {
    const thing = this.held(handle, kind);
    this.#held.delete(handle.uuid);
    thing.close();
    return nullHandle;
  }

  /** Its client is gone ([C706] 5.1.6, rundown). */
  closeAll(): void {
    const things = [...this.#held.values()];
    this.#held.clear();
    for (const thing of things) thing.close();
  }
}
