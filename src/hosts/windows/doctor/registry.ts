import { failureOf, isFailure } from '../../../wire/ms-erref/failure.ts';
import { access } from '../../../wire/ms-rrp/access.ts';
import { closeKey } from '../../../wire/ms-rrp/close-key.ts';
import { enumKey } from '../../../wire/ms-rrp/enum-key.ts';
import { openKey } from '../../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import { queryValue } from '../../../wire/ms-rrp/query-value.ts';
import { errorCode } from '../../../wire/ms-rrp/result.ts';
import { valueType } from '../../../wire/ms-rrp/value.ts';
import { fromUtf16 } from '../../../wire/bytes/utf16.ts';
import type { ContextHandle } from '../../../wire/ndr/context-handle.ts';
import type { RpcPipe } from '../rpc-pipe.ts';

/** A value as it lies in the registry. */
export interface RegistryValue {
  /** One of `valueType`. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** Bytes that a value has at most: a security descriptor has less than 64 KiB. */
const longestValue = 0x10000;
/** Subkeys that are looked at: a host has a few listeners. */
const mostSubKeys = 64;
const longestName = 256;

/** Reads the registry of a host below HKEY_LOCAL_MACHINE. Every method throws `UsherError`. */
export class Registry {
  readonly #pipe: RpcPipe;
  readonly #machine: ContextHandle;

  private constructor(pipe: RpcPipe, machine: ContextHandle) {
    this.#pipe = pipe;
    this.#machine = machine;
  }

  static async open(pipe: RpcPipe): Promise<Registry> {
    const operation = 'opening HKEY_LOCAL_MACHINE';
    const request = { serverName: null, samDesired: access.queryValue | access.enumerateSubKeys };
    const { phKey, returnValue } = await pipe.call(openLocalMachine, request, { operation });
    succeed(returnValue, operation);
    return new Registry(pipe, phKey);
  }

  /** Those of the values that there are, by their names; null where there is no such key. */
  async values(path: string, names: readonly string[]): Promise<ReadonlyMap<string, RegistryValue> | null> {
    const hKey = await this.#open(path, access.queryValue);
    if (hKey === null) return null;
    const read = names.map(async (name) => [name, await this.#value(hKey, path, name)] as const);
    const found = (await Promise.all(read)).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    );
    await this.#close(hKey);
    return new Map(found);
  }

  /** The names of a key's subkeys, the first ones where there are very many; none where there is no such key. */
  async subKeys(path: string): Promise<readonly string[]> {
    const hKey = await this.#open(path, access.enumerateSubKeys);
    if (hKey === null) return [];
    const operation = `listing the registry key ${path}`;
    const names: string[] = [];
    const room = { lpNameIn: longestName, lpClassIn: longestName, lpftLastWriteTime: 0n };
    for (let dwIndex = 0; dwIndex < mostSubKeys; dwIndex++) {
      const { lpNameOut, returnValue } = await this.#pipe.call(enumKey, { hKey, dwIndex, ...room }, { operation });
      if (returnValue === errorCode.noMoreItems) break;
      succeed(returnValue, operation);
      if (lpNameOut !== null) names.push(lpNameOut);
    }
    await this.#close(hKey);
    return names;
  }

  /** Whether a key would be opened for setting values: the host checks that as it opens it, and nothing is set. */
  async mayWrite(path: string): Promise<boolean | null> {
    const request = { hKey: this.#machine, lpSubKey: path, dwOptions: 0, samDesired: access.setValue };
    const operation = `opening the registry key ${path}`;
    const { phkResult, returnValue } = await this.#pipe.call(openKey, request, { operation });
    if (returnValue === errorCode.accessDenied) return false;
    if (returnValue === errorCode.fileNotFound) return null;
    succeed(returnValue, operation);
    await this.#close(phkResult);
    return true;
  }

  async #open(path: string, samDesired: number): Promise<ContextHandle | null> {
    const operation = `opening the registry key ${path}`;
    const request = { hKey: this.#machine, lpSubKey: path, dwOptions: 0, samDesired };
    const { phkResult, returnValue } = await this.#pipe.call(openKey, request, { operation });
    if (returnValue === errorCode.fileNotFound) return null;
    succeed(returnValue, operation);
    return phkResult;
  }

  async #value(hKey: ContextHandle, path: string, name: string): Promise<RegistryValue | null> {
    const operation = `reading the registry value ${path}\\${name}`;
    const room = { lpType: 0, lpData: { maximum: longestValue, elements: new Uint8Array() } };
    const request = { hKey, lpValueName: name, ...room, lpcbData: longestValue, lpcbLen: 0 };
    const { lpType, lpData, returnValue } = await this.#pipe.call(queryValue, request, { operation, fragments: 2 });
    if (returnValue === errorCode.fileNotFound) return null;
    succeed(returnValue, operation);
    return lpType === null || lpData === null ? null : { type: lpType, data: lpData.elements };
  }

  async #close(hKey: ContextHandle): Promise<void> {
    await this.#pipe.call(closeKey, { hKey }, { operation: 'closing a registry key' });
  }
}

function succeed(returnValue: number, operation: string): void {
  if (isFailure('win32', returnValue)) throw failureOf('win32', returnValue, operation);
}

/** A REG_DWORD; null where there is none, or another kind of value. */
export function dwordOf(value: RegistryValue | undefined): number | null {
  if (value?.type !== valueType.dword || value.data.length < 4) return null;
  return new DataView(value.data.buffer, value.data.byteOffset).getUint32(0, true);
}

/** A REG_SZ without its terminator; null where there is none, or another kind of value. */
export function textOf(value: RegistryValue | undefined): string | null {
  return value?.type === valueType.sz ? fromUtf16(value.data).replace(/\0.*$/s, '') : null;
}

const terminalServer = String.raw`SYSTEM\CurrentControlSet\Control\Terminal Server`;

/** Keys below HKEY_LOCAL_MACHINE that Remote Desktop Services obey. */
export const keys = {
  terminalServer,
  winStations: String.raw`${terminalServer}\WinStations`,
  policy: String.raw`SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services`,
  winlogon: String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`,
} as const;

export const listenerKey = (name: string): string => `${keys.winStations}\\${name}`;
