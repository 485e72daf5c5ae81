import { utf16 } from '../../../src/wire/bytes/utf16.ts';
import { access } from '../../../src/wire/ms-rrp/access.ts';
import { closeKey } from '../../../src/wire/ms-rrp/close-key.ts';
import { createKey } from '../../../src/wire/ms-rrp/create-key.ts';
import { winreg } from '../../../src/wire/ms-rrp/interface.ts';
import { openLocalMachine } from '../../../src/wire/ms-rrp/open-local-machine.ts';
import { setValue } from '../../../src/wire/ms-rrp/set-value.ts';
import { valueType } from '../../../src/wire/ms-rrp/value.ts';
import { connectSmb, openPipe } from './driver.ts';
import type { WindowsHost } from './windows-host.ts';

type Value = number | string | Uint8Array;

/** Values of keys below HKEY_LOCAL_MACHINE: a number becomes a REG_DWORD, text a REG_SZ, bytes a REG_BINARY. */
export type RegistryTree = Readonly<Record<string, Readonly<Record<string, Value>>>>;

/** Writes into the registry of a host's smbd, and makes the keys, with those around them. */
export async function writeRegistry(host: WindowsHost, tree: RegistryTree): Promise<void> {
  const { root } = host.users;
  await using smb = await connectSmb(host, root);
  const pipe = await openPipe(smb, root, winreg);
  const operation = 'writing the registry';
  const machine = await pipe.call(
    openLocalMachine,
    { serverName: null, samDesired: access.maximumAllowed },
    { operation },
  );
  const unnamed = { lpClass: null, dwOptions: 0, samDesired: access.maximumAllowed, lpSecurityAttributes: null };
  for (const [path, values] of Object.entries(tree)) {
    const request = { hKey: machine.phKey, lpSubKey: path, ...unnamed, lpdwDisposition: 0 };
    const { phkResult, returnValue } = await pipe.call(createKey, request, { operation });
    if (returnValue !== 0) throw new Error(`the key ${path} is not made: ${returnValue}`);
    for (const [lpValueName, value] of Object.entries(values)) {
      const set = await pipe.call(setValue, { hKey: phkResult, lpValueName, ...stored(value) }, { operation });
      if (set.returnValue !== 0) throw new Error(`the value ${lpValueName} is not set: ${set.returnValue}`);
    }
    await pipe.call(closeKey, { hKey: phkResult }, { operation });
  }
}

function stored(value: Value): { readonly dwType: number; readonly lpData: Uint8Array } {
  if (value instanceof Uint8Array) return { dwType: valueType.binary, lpData: value };
  if (typeof value === 'string') return { dwType: valueType.sz, lpData: utf16(`${value}\0`) };
  const lpData = Buffer.alloc(4);
  lpData.writeUInt32LE(value);
  return { dwType: valueType.dword, lpData };
}
