import { decodeRequest, encodeResponse, type RpcCall } from '../../../../src/wire/ndr/call.ts';
import { closeKey } from '../../../../src/wire/ms-rrp/close-key.ts';
import { enumKey } from '../../../../src/wire/ms-rrp/enum-key.ts';
import { getVersion } from '../../../../src/wire/ms-rrp/get-version.ts';
import { openLocalMachine } from '../../../../src/wire/ms-rrp/open-local-machine.ts';
import { queryInfoKey } from '../../../../src/wire/ms-rrp/query-info-key.ts';
import { logoff } from '../../../../src/wire/ms-tsts/term-srv-session/logoff.ts';
import { openSession } from '../../../../src/wire/ms-tsts/term-srv-session/open-session.ts';

/** A call that is answered, stub for stub. */
export interface Answered {
  readonly call: RpcCall<unknown, unknown>;
  readonly answer: (stub: Uint8Array) => Uint8Array;
}

function answered<Q, A>(call: RpcCall<Q, A>, answer: (request: Q) => A): Answered {
  return {
    call,
    answer: (stub) => encodeResponse(call, answer(decodeRequest(call, stub))),
  };
}

const handle = { attributes: 0, uuid: '11111111-2222-3333-4444-555555555555' };
const closed = { attributes: 0, uuid: '00000000-0000-0000-0000-000000000000' };

/** Keys of HKEY_LOCAL_MACHINE: one with a name that is not ASCII. */
export const keys = ['SOFTWARE', 'Gerät'] as const;

const noMoreItems = 259;
const sizes = { lpcbMaxClassLen: 0, lpcValues: 0, lpcbMaxValueNameLen: 0, lpcbMaxValueLen: 0 };

/** As much of a registry as shows that it can be read. */
export const registry: readonly Answered[] = [
  answered(openLocalMachine, () => ({ phKey: handle, returnValue: 0 })),
  answered(getVersion, () => ({ lpdwVersion: 5, returnValue: 0 })),
  answered(closeKey, () => ({ hKey: closed, returnValue: 0 })),
  answered(queryInfoKey, () => ({
    ...sizes,
    lpClassOut: '',
    lpcSubKeys: keys.length,
    lpcbMaxSubKeyLen: 2 * Math.max(...keys.map((name) => name.length)),
    lpcbSecurityDescriptor: 0,
    lpftLastWriteTime: 0n,
    returnValue: 0,
  })),
  answered(enumKey, ({ dwIndex }) => {
    const name = keys[dwIndex];
    const returnValue = name === undefined ? noMoreItems : 0;
    return { lpNameOut: name ?? '', lplpClassOut: null, lpftLastWriteTime: 0n, returnValue };
  }),
];

/** As much of the session service as lets a session be logged off. Told of each. */
export const sessions = (loggedOff: (session: number) => void): readonly Answered[] => {
  let opened = 0;
  return [
    answered(openSession, ({ sessionId }) => {
      opened = sessionId;
      return { phSession: handle, returnValue: 0 };
    }),
    answered(logoff, () => {
      loggedOff(opened);
      return { returnValue: 0 };
    }),
  ];
};
