import { deleteValue } from '../../../wire/ms-rrp/delete-value.ts';
import { enumValue } from '../../../wire/ms-rrp/enum-value.ts';
import { queryValue } from '../../../wire/ms-rrp/query-value.ts';
import { errorCode } from '../../../wire/ms-rrp/result.ts';
import { setValue } from '../../../wire/ms-rrp/set-value.ts';
import type { Buffered } from '../../../wire/ndr/arrays.ts';
import { type HiveValue, withoutValue, withValue } from '../../world/registry/hive.ts';
import { plainCall, type ServedCall } from '../served-call.ts';
import { keyDeleted, nth, ok, opened } from './opened-key.ts';

/** The longest name of a value, in characters; the most values of a key, and bytes of one. */
const longestName = 16_383;
const mostValues = 4096;
const mostBytes = 1_048_576;

/** A buffer of the client's, which may be none. */
interface Room {
  readonly lpType: number | null;
  readonly lpData: Buffered<Uint8Array> | null;
  readonly lpcbData: number | null;
  readonly lpcbLen: number | null;
}

/** A value in the room that there is for it; ERROR_MORE_DATA with the size that is needed where that is too little. */
function inRoom({ lpType, lpData, lpcbData, lpcbLen }: Room, { type, data }: HiveValue) {
  const room = Math.min(lpcbData ?? 0, lpData?.maximum ?? 0);
  const size = data.length;
  const told = {
    lpType: lpType === null ? null : type,
    lpcbData: lpcbData === null ? null : size,
    lpcbLen: lpcbLen === null ? null : size,
  };
  // Who brings no buffer asks for the size alone.
  if (lpData === null) return { ...told, lpData: null, lpcbLen: lpcbLen === null ? null : 0, ...ok };
  if (room < size) {
    const none = { maximum: lpData.maximum, elements: new Uint8Array() };
    return { ...told, lpData: none, lpcbLen: lpcbLen === null ? null : 0, returnValue: errorCode.moreData };
  }
  return { ...told, lpData: { maximum: lpData.maximum, elements: data }, ...ok };
}

/** An answer that says no: nothing of the buffer is used. */
function without({ lpType, lpData, lpcbData, lpcbLen }: Room, returnValue: number) {
  const empty = lpData === null ? null : { maximum: lpData.maximum, elements: new Uint8Array() };
  return { lpType, lpData: empty, lpcbData, lpcbLen: lpcbLen === null ? null : 0, returnValue };
}

/** winreg, what is about values. */
export const winregValueCalls: readonly ServedCall[] = [
  plainCall(queryValue, (caller, request) => {
    const { key } = opened(caller, request);
    if (key === null) return without(request, keyDeleted);
    const value = key.values.get((request.lpValueName ?? '').toLowerCase());
    return value === undefined ? without(request, errorCode.fileNotFound) : inRoom(request, value);
  }),
  plainCall(enumValue, (caller, request) => {
    const { key } = opened(caller, request);
    if (key === null) return { lpValueNameOut: '', ...without(request, keyDeleted) };
    const value = nth(key.values, request.dwIndex);
    if (value === null) return { lpValueNameOut: '', ...without(request, errorCode.noMoreItems) };
    if (value.name.length >= request.lpValueNameIn) {
      return { lpValueNameOut: '', ...without(request, errorCode.moreData) };
    }
    return { lpValueNameOut: value.name, ...inRoom(request, value) };
  }),
  plainCall(setValue, (caller, request) => {
    const { host } = caller;
    const { at, key } = opened(caller, request);
    const name = request.lpValueName ?? '';
    const { dwType: type, lpData: data } = request;
    if (key === null) return { returnValue: keyDeleted };
    if (!at.has('setValue')) return { returnValue: errorCode.accessDenied };
    const isNew = !key.values.has(name.toLowerCase());
    if (name.length > longestName || data.length > mostBytes || (isNew && key.values.size >= mostValues)) {
      return { returnValue: errorCode.invalidParameter };
    }
    host.registry = withValue(host.registry, at.path, { name, type, data }, host.now());
    return ok;
  }),
  plainCall(deleteValue, (caller, request) => {
    const { host } = caller;
    const { at, key } = opened(caller, request);
    const name = request.lpValueName ?? '';
    if (key === null) return { returnValue: keyDeleted };
    if (!at.has('setValue')) return { returnValue: errorCode.accessDenied };
    if (!key.values.has(name.toLowerCase())) return { returnValue: errorCode.fileNotFound };
    host.registry = withoutValue(host.registry, at.path, name, host.now());
    return ok;
  }),
];
