import { utf16 } from '../../../../wire/bytes/utf16.ts';
import { access } from '../../../../wire/ms-rrp/access.ts';
import { closeKey } from '../../../../wire/ms-rrp/close-key.ts';
import { enumKey } from '../../../../wire/ms-rrp/enum-key.ts';
import { openKey } from '../../../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../../../wire/ms-rrp/open-local-machine.ts';
import { queryValue } from '../../../../wire/ms-rrp/query-value.ts';
import { errorCode } from '../../../../wire/ms-rrp/result.ts';
import { valueType } from '../../../../wire/ms-rrp/value.ts';
import { type ContextHandle, nullHandle } from '../../../../wire/ndr/context-handle.ts';
import { type Answer, answer } from '../../testing/host.ts';

/** Values of keys below HKEY_LOCAL_MACHINE: a number is a REG_DWORD, text a REG_SZ, bytes a REG_BINARY. */
export type Tree = Readonly<Record<string, Readonly<Record<string, number | string | Uint8Array>>>>;

export interface RegistryParts {
  readonly tree: Tree;
  /** Whether keys are opened for writing. */
  readonly writable?: boolean;
}

/** What a host with such a registry answers. */
export function registryOf({ tree, writable = true }: RegistryParts): readonly Answer[] {
  const paths = Object.keys(tree);
  const handleOf = (at: number): ContextHandle => ({ ...nullHandle, attributes: at + 1 });
  const pathOf = ({ attributes }: ContextHandle): string => paths[attributes - 1] ?? '';
  return [
    answer(openLocalMachine, () => ({ phKey: { ...nullHandle, attributes: 1000 }, returnValue: errorCode.success })),
    answer(openKey, ({ lpSubKey, samDesired }) => {
      const at = paths.indexOf(lpSubKey ?? '');
      if (at < 0) return { phkResult: nullHandle, returnValue: errorCode.fileNotFound };
      const isRefused = !writable && (samDesired & access.setValue) !== 0;
      if (isRefused) return { phkResult: nullHandle, returnValue: errorCode.accessDenied };
      return { phkResult: handleOf(at), returnValue: errorCode.success };
    }),
    answer(queryValue, ({ hKey, lpValueName }) => {
      const value = tree[pathOf(hKey)]?.[lpValueName ?? ''];
      if (value === undefined) {
        return { lpType: null, lpData: null, lpcbData: null, lpcbLen: null, returnValue: errorCode.fileNotFound };
      }
      const { type, data } = stored(value);
      const lpData = { maximum: data.length, elements: data };
      return { lpType: type, lpData, lpcbData: data.length, lpcbLen: data.length, returnValue: errorCode.success };
    }),
    answer(enumKey, ({ hKey, dwIndex }) => {
      const prefix = `${pathOf(hKey)}\\`;
      const subKeys = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
      const lpNameOut = subKeys[dwIndex] ?? null;
      const returnValue = lpNameOut === null ? errorCode.noMoreItems : errorCode.success;
      return { lpNameOut, lplpClassOut: null, lpftLastWriteTime: null, returnValue };
    }),
    answer(closeKey, () => ({ hKey: nullHandle, returnValue: errorCode.success })),
  ];
}

function stored(value: number | string | Uint8Array): { readonly type: number; readonly data: Uint8Array } {
  if (value instanceof Uint8Array) return { type: valueType.binary, data: value };
  if (typeof value === 'string') return { type: valueType.sz, data: new Uint8Array(utf16(`${value}\0`)) };
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, value, true);
  return { type: valueType.dword, data };
}
