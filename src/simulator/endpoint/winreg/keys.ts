import { nullHandle } from '../../../wire/ndr/context-handle.ts';
import { closeKey } from '../../../wire/ms-rrp/close-key.ts';
import { createKey, disposition } from '../../../wire/ms-rrp/create-key.ts';
import { deleteKey } from '../../../wire/ms-rrp/delete-key.ts';
import { enumKey } from '../../../wire/ms-rrp/enum-key.ts';
import { flushKey } from '../../../wire/ms-rrp/flush-key.ts';
import { getVersion } from '../../../wire/ms-rrp/get-version.ts';
import { openKey } from '../../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import { queryInfoKey } from '../../../wire/ms-rrp/query-info-key.ts';
import { errorCode } from '../../../wire/ms-rrp/result.ts';
import { isAdministrator } from '../../world/account.ts';
import { keyAt, pathParts, withKey, withoutKey } from '../../world/registry/hive.ts';
import { plainCall, type ServedCall } from '../served-call.ts';
import { keyDeleted, nth, ok, OpenedKey, opened } from './opened-key.ts';

/** The longest name of a key, in characters; the most keys within keys, and beside each other. */
const longestName = 255;
const deepest = 64;
const mostSubKeys = 4096;

/** What a host of today says its registry is ([MS-RRP] 3.1.5.24). */
const version = 5;

/** Null where the name breaks a limit. */
function below(path: readonly string[], subKey: string | null): readonly string[] | null {
  const whole = [...path, ...pathParts(subKey ?? '')];
  return whole.length > deepest || whole.some(({ length }) => length > longestName) ? null : whole;
}

const longest = (names: Iterable<{ readonly name: string }>): number =>
  [...names].reduce((most, { name }) => Math.max(most, name.length), 0);

const opening: readonly ServedCall[] = [
  plainCall(openLocalMachine, ({ account, handles }, { samDesired }) => {
    // The pipe lets nobody else in (SecurePipeServers\winreg).
    if (!isAdministrator(account)) return { phKey: nullHandle, returnValue: errorCode.accessDenied };
    return { phKey: handles.open(new OpenedKey([], samDesired)), ...ok };
  }),
  plainCall(openKey, (caller, request) => {
    const { at } = opened(caller, request);
    const path = below(at.path, request.lpSubKey);
    const found = path === null ? null : keyAt(caller.host.registry, path);
    if (path === null || found === null) return { phkResult: nullHandle, returnValue: errorCode.fileNotFound };
    return { phkResult: caller.handles.open(new OpenedKey(path, request.samDesired)), ...ok };
  }),
  plainCall(closeKey, ({ handles }, { hKey }) => ({ hKey: handles.close(hKey, OpenedKey), ...ok })),
  plainCall(createKey, (caller, request) => {
    const { host, handles } = caller;
    const { at, key } = opened(caller, request);
    const path = below(at.path, request.lpSubKey);
    const no = (returnValue: number) => ({
      phkResult: nullHandle,
      lpdwDisposition: request.lpdwDisposition,
      returnValue,
    });
    if (key === null) return no(keyDeleted);
    if (path === null || path.length === at.path.length) return no(errorCode.invalidParameter);
    const isThere = keyAt(host.registry, path) !== null;
    if (!isThere && !at.has('createSubKey')) return no(errorCode.accessDenied);
    if (!isThere && key.subKeys.size >= mostSubKeys) return no(errorCode.invalidParameter);
    if (!isThere) host.registry = withKey(host.registry, path, host.now(), (made) => ({ ...made }));
    const lpdwDisposition = isThere ? disposition.openedExistingKey : disposition.createdNewKey;
    return { phkResult: handles.open(new OpenedKey(path, request.samDesired)), lpdwDisposition, ...ok };
  }),
  plainCall(deleteKey, (caller, request) => {
    const { host } = caller;
    const { at } = opened(caller, request);
    const path = below(at.path, request.lpSubKey);
    const found = path === null ? null : keyAt(host.registry, path);
    if (path === null || found === null) return { returnValue: errorCode.fileNotFound };
    // Neither the root nor a key with others below it.
    if (path.length === 0 || found.subKeys.size > 0) return { returnValue: errorCode.accessDenied };
    host.registry = withoutKey(host.registry, path, host.now());
    return ok;
  }),
];

/** winreg, what is about keys. */
export const winregKeyCalls: readonly ServedCall[] = [
  ...opening,
  plainCall(flushKey, (caller, request) => {
    opened(caller, request);
    return ok;
  }),
  plainCall(getVersion, (caller, request) => {
    opened(caller, request);
    return { lpdwVersion: version, ...ok };
  }),
  plainCall(enumKey, (caller, request) => {
    const { key } = opened(caller, request);
    const one = key === null ? null : nth(key.subKeys, request.dwIndex);
    const { lpClassIn, lpftLastWriteTime, lpNameIn } = request;
    const lplpClassOut = lpClassIn === null ? null : '';
    const no = (returnValue: number) => ({ lpNameOut: '', lplpClassOut, lpftLastWriteTime, returnValue });
    if (key === null) return no(keyDeleted);
    if (one === null) return no(errorCode.noMoreItems);
    if (one.name.length >= lpNameIn) return no(errorCode.moreData);
    return {
      lpNameOut: one.name,
      lplpClassOut,
      lpftLastWriteTime: lpftLastWriteTime === null ? null : one.lastWrite,
      ...ok,
    };
  }),
  plainCall(queryInfoKey, (caller, request) => {
    const { key } = opened(caller, request);
    const values = [...(key?.values.values() ?? [])];
    return {
      lpClassOut: '',
      lpcSubKeys: key?.subKeys.size ?? 0,
      lpcbMaxSubKeyLen: longest(key?.subKeys.values() ?? []),
      lpcbMaxClassLen: 0,
      lpcValues: values.length,
      lpcbMaxValueNameLen: longest(values),
      lpcbMaxValueLen: values.reduce((most, { data }) => Math.max(most, data.length), 0),
      lpcbSecurityDescriptor: 0,
      lpftLastWriteTime: key?.lastWrite ?? 0n,
      returnValue: key === null ? keyDeleted : errorCode.success,
    };
  }),
];
