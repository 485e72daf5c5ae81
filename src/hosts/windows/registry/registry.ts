import { failureOf, isFailure } from '../../../wire/ms-erref/failure.ts';
import { access } from '../../../wire/ms-rrp/access.ts';
import { closeKey } from '../../../wire/ms-rrp/close-key.ts';
import { enumKey } from '../../../wire/ms-rrp/enum-key.ts';
import { openKey } from '../../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import { queryValue } from '../../../wire/ms-rrp/query-value.ts';
import { errorCode } from '../../../wire/ms-rrp/result.ts';
import { setValue } from '../../../wire/ms-rrp/set-value.ts';
import type { ContextHandle } from '../../../wire/ndr/context-handle.ts';
import type { RpcPipe } from '../rpc-pipe.ts';
import type { RegistryValue } from './value.ts';

/** Bytes that a value has at most: a security descriptor has less than 64 KiB. */
const longestValue = 0x10000;
/** Subkeys that are looked at: a host has a few listeners. */
const mostSubKeys = 64;
const longestName = 256;

/** HKEY_LOCAL_MACHINE of a host, over its pipe `winreg`. Every method throws `UsherError`. */
export class Registry {
  readonly #pipe: RpcPipe;
  readonly #machine: ContextHandle;

  private constructor(pipe: RpcPipe, machine: ContextHandle) {
    this.#pipe = pipe;
    this.#machine = machine;
  }

  static async open(pipe: RpcPipe): Promise<Registry> {
    const operation = 'opening the registry';
    const request = { serverName: null, samDesired: access.maximumAllowed };
    const { phKey, returnValue } = await pipe.call(openLocalMachine, request, { operation });
    succeed(returnValue, operation);
    return new Registry(pipe, phKey);
  }

  /** Null where there is no such key, or no such value in it. */
  async value(path: string, name: string): Promise<RegistryValue | null> {
    return (await this.values(path, [name]))?.get(name) ?? null;
  }

  /** Those of the values that there are, by their names; null where there is no such key. */
  values(path: string, names: readonly string[]): Promise<ReadonlyMap<string, RegistryValue> | null> {
    const operation = `reading ${names.join(', ')} of HKLM\\${path}`;
    return this.#within(path, access.queryValue, operation, async (hKey) => {
      const read = names.map(async (name) => [name, await this.#value(hKey, path, name)] as const);
      const found = (await Promise.all(read)).flatMap(([name, value]) =>
        value === null ? [] : [[name, value] as const],
      );
      return new Map(found);
    });
  }

  /** The names of a key's subkeys, the first ones where there are very many; none where there is no such key. */
  async subKeys(path: string): Promise<readonly string[]> {
    const operation = `listing the keys of HKLM\\${path}`;
    const listed = await this.#within(path, access.enumerateSubKeys, operation, async (hKey) => {
      const names: string[] = [];
      const room = { lpNameIn: longestName, lpClassIn: longestName, lpftLastWriteTime: 0n };
      for (let dwIndex = 0; dwIndex < mostSubKeys; dwIndex++) {
        const { lpNameOut, returnValue } = await this.#pipe.call(enumKey, { hKey, dwIndex, ...room }, { operation });
        if (returnValue === errorCode.noMoreItems) break;
        succeed(returnValue, operation);
        if (lpNameOut !== null) names.push(lpNameOut);
      }
      return names;
    });
    return listed ?? [];
  }

  /**
   * Whether a key would be opened for setting values: the host checks that as it opens it, and nothing is set. Null where there is
   * no such key.
   */
  async mayWrite(path: string): Promise<boolean | null> {
    const operation = `opening HKLM\\${path}`;
    const { phkResult, returnValue } = await this.#open(path, access.setValue, operation);
    if (returnValue === errorCode.accessDenied) return false;
    if (returnValue === errorCode.fileNotFound) return null;
    succeed(returnValue, operation);
    this.#close(phkResult);
    return true;
  }

  /** Throws `unsupported` where there is no such key. */
  async write(path: string, name: string, { type, data }: RegistryValue): Promise<void> {
    const operation = `writing ${name} of HKLM\\${path}`;
    const isThere = await this.#within(path, access.setValue, operation, async (hKey) => {
      const value = { hKey, lpValueName: name, dwType: type, lpData: data };
      succeed((await this.#pipe.call(setValue, value, { operation })).returnValue, operation);
      return true;
    });
    if (isThere === null) throw failureOf('win32', errorCode.fileNotFound, operation);
  }

  /** Opens a key for one piece of work; null where it is not there. */
  async #within<T>(
    path: string,
    samDesired: number,
    operation: string,
    work: (key: ContextHandle) => Promise<T>,
  ): Promise<T | null> {
    const { phkResult, returnValue } = await this.#open(path, samDesired, operation);
    if (returnValue === errorCode.fileNotFound) return null;
    succeed(returnValue, operation);
    try {
      return await work(phkResult);
    } finally {
      this.#close(phkResult);
    }
  }

  #open(path: string, samDesired: number, operation: string) {
    const request = { hKey: this.#machine, lpSubKey: path, dwOptions: 0, samDesired };
    return this.#pipe.call(openKey, request, { operation });
  }

  async #value(hKey: ContextHandle, path: string, name: string): Promise<RegistryValue | null> {
    const operation = `reading ${name} of HKLM\\${path}`;
    const room = { lpType: 0, lpData: { maximum: longestValue, elements: new Uint8Array() } };
    const request = { hKey, lpValueName: name, ...room, lpcbData: longestValue, lpcbLen: 0 };
    const { lpType, lpData, returnValue } = await this.#pipe.call(queryValue, request, { operation, fragments: 2 });
    if (returnValue === errorCode.fileNotFound) return null;
    succeed(returnValue, operation);
    return lpType === null || lpData === null ? null : { type: lpType, data: lpData.elements };
  }

  /** Not waited for: a key that stays open goes with its pipe. */
  #close(hKey: ContextHandle): void {
    this.#pipe.call(closeKey, { hKey }, { operation: 'closing a registry key' }).catch(() => undefined);
  }
}

function succeed(returnValue: number, operation: string): void {
  if (isFailure('win32', returnValue)) throw failureOf('win32', returnValue, operation);
}
