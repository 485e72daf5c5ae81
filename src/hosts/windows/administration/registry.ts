import type { UsherError } from '../../../sessions/errors.ts';
import type { Host } from '../../../sessions/host.ts';
import { failureOf } from '../../../wire/ms-erref/failure.ts';
import { access } from '../../../wire/ms-rrp/access.ts';
import { closeKey } from '../../../wire/ms-rrp/close-key.ts';
import { winreg } from '../../../wire/ms-rrp/interface.ts';
import { openKey } from '../../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import { queryValue } from '../../../wire/ms-rrp/query-value.ts';
import { errorCode } from '../../../wire/ms-rrp/result.ts';
import { setValue } from '../../../wire/ms-rrp/set-value.ts';
import { mostData } from '../../../wire/ms-rrp/value.ts';
import type { ContextHandle } from '../../../wire/ndr/context-handle.ts';
import type { OpenPipe } from '../connection.ts';
import type { RpcPipe } from '../rpc-pipe.ts';
import { withPipe } from './lazy-pipe.ts';
import { startService } from './mend.ts';

/** A value of the registry. */
export interface RegistryValue {
  /** Of `valueType` (MS-RRP 3.1.1.5). */
  readonly type: number;
  readonly data: Uint8Array;
}

/** HKEY_LOCAL_MACHINE of a host, over its pipe `winreg`. All of it throws `UsherError`. */
export interface MachineRegistry {
  /** Null where there is no such key, or no such value in it. */
  read(key: string, name: string): Promise<RegistryValue | null>;
  /** Throws `unsupported` where there is no such key. */
  write(key: string, name: string, value: RegistryValue): Promise<void>;
}

/** Works on the host's registry over a pipe of its own. Throws `unsupported` where its service does not run. */
export function inRegistry<T>(
  { host, open }: { readonly host: Host; readonly open: OpenPipe },
  work: (registry: MachineRegistry) => Promise<T>,
): Promise<T> {
  const absent = {
    message: 'its registry cannot be reached: the service RemoteRegistry is switched off, so there is no pipe winreg',
    hint: startService(host, 'RemoteRegistry'),
  };
  return withPipe({ open, interface: winreg, absent }, async (pipe) => work(await machineOf(pipe)));
}

async function machineOf(pipe: RpcPipe): Promise<MachineRegistry> {
  const opening = 'opening the registry';
  const request = { serverName: null, samDesired: access.maximumAllowed };
  const { phKey: machine, returnValue } = await pipe.call(openLocalMachine, request, { operation: opening });
  succeed(returnValue, opening);
  /** Opens a key for one piece of work; null where it is not there. */
  const within = async <T>(
    path: string,
    samDesired: number,
    operation: string,
    work: (key: ContextHandle) => Promise<T>,
  ): Promise<T | null> => {
    const asked = { hKey: machine, lpSubKey: path, dwOptions: 0, samDesired };
    const { phkResult: hKey, returnValue: result } = await pipe.call(openKey, asked, { operation });
    if (result === errorCode.fileNotFound) return null;
    succeed(result, operation);
    try {
      return await work(hKey);
    } finally {
      pipe.call(closeKey, { hKey }, { operation }).catch(() => undefined);
    }
  };
  return {
    read(key, name) {
      const operation = `reading ${name} of HKLM\\${key}`;
      return within(key, access.queryValue, operation, (hKey) => readValue(pipe, hKey, name, operation));
    },
    async write(key, name, { type, data }) {
      const operation = `writing ${name} of HKLM\\${key}`;
      const isThere = await within(key, access.setValue, operation, async (hKey) => {
        const value = { hKey, lpValueName: name, dwType: type, lpData: data };
        succeed((await pipe.call(setValue, value, { operation })).returnValue, operation);
        return true;
      });
      if (isThere === null) throw failureOf('win32', errorCode.fileNotFound, operation);
    },
  };
}

/** Bytes that are enough for all but a few values. */
const usualRoom = 1024;

async function readValue(
  pipe: RpcPipe,
  hKey: ContextHandle,
  lpValueName: string,
  operation: string,
): Promise<RegistryValue | null> {
  for (let room = usualRoom; ; ) {
    const lpData = { maximum: room, elements: new Uint8Array() };
    const request = { hKey, lpValueName, lpType: 0, lpData, lpcbData: room, lpcbLen: 0 };
    const answer = await pipe.call(queryValue, request, { operation });
    if (answer.returnValue === errorCode.fileNotFound) return null;
    const needed = answer.lpcbData ?? 0;
    if (answer.returnValue === errorCode.moreData && needed > room && needed <= mostData) {
      room = needed;
      continue;
    }
    succeed(answer.returnValue, operation);
    return { type: answer.lpType ?? 0, data: answer.lpData?.elements ?? new Uint8Array() };
  }
}

function succeed(code: number, operation: string): void {
  const failure: UsherError | null = code === errorCode.success ? null : failureOf('win32', code, operation);
  if (failure !== null) throw failure;
}
