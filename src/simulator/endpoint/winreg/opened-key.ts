import type { ContextHandle } from '../../../wire/ndr/context-handle.ts';
import { access } from '../../../wire/ms-rrp/access.ts';
import { errorCode } from '../../../wire/ms-rrp/result.ts';
import { type HiveKey, keyAt } from '../../world/registry/hive.ts';
import { Held } from '../handles.ts';
import type { Caller } from '../served-call.ts';

/** ERROR_KEY_DELETED. */
export const keyDeleted = 1018;
/** GENERIC_ALL and GENERIC_WRITE, or all that can be had. */
const everything = access.maximumAllowed | 0x50000000;

/** What an RPC_HKEY stands for: the place of a key, which may be deleted meanwhile. */
export class OpenedKey extends Held {
  readonly path: readonly string[];
  /** REGSAM. */
  readonly #granted: number;

  constructor(path: readonly string[], granted: number) {
    super();
    this.path = path;
    this.#granted = granted;
  }

  has(right: 'setValue' | 'createSubKey'): boolean {
    return (this.#granted & (access[right] | everything)) !== 0;
  }
}

/** Gives the error code that ends the call, or what it is about. Throws `RpcFault` for a handle that is none. */
export function opened(
  { host, handles }: Caller,
  { hKey }: { readonly hKey: ContextHandle },
): { readonly at: OpenedKey; readonly key: HiveKey | null } {
  const at = handles.held(hKey, OpenedKey);
  return { at, key: keyAt(host.registry, at.path) };
}

/** The n-th of a map, in the order in which they came. */
export function nth<T>(map: ReadonlyMap<string, T>, index: number): T | null {
  let at = 0;
  for (const one of map.values()) if (at++ === index) return one;
  return null;
}

export const ok = { returnValue: errorCode.success } as const;
