import { access } from '../../wire/ms-rrp/access.ts';
import { closeKey } from '../../wire/ms-rrp/close-key.ts';
import { createKey } from '../../wire/ms-rrp/create-key.ts';
import { deleteKey } from '../../wire/ms-rrp/delete-key.ts';
import { deleteValue } from '../../wire/ms-rrp/delete-value.ts';
import { enumKey } from '../../wire/ms-rrp/enum-key.ts';
import { enumValue } from '../../wire/ms-rrp/enum-value.ts';
import { flushKey } from '../../wire/ms-rrp/flush-key.ts';
import { getVersion } from '../../wire/ms-rrp/get-version.ts';
import { openKey } from '../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../wire/ms-rrp/open-local-machine.ts';
import { queryInfoKey } from '../../wire/ms-rrp/query-info-key.ts';
import { queryValue } from '../../wire/ms-rrp/query-value.ts';
import { setValue } from '../../wire/ms-rrp/set-value.ts';
import type { PipeClient } from './pipe.ts';

const room = (size: number) => ({
  lpType: 0,
  lpData: { maximum: size, elements: new Uint8Array() },
  lpcbData: size,
  lpcbLen: 0,
});

/** Every call of the registry. */
export function registryCalls(client: PipeClient): void {
  const samDesired = access.maximumAllowed;
  const { phKey: machine } = client.ask(openLocalMachine, { serverName: null, samDesired });
  const lpSubKey = String.raw`SYSTEM\CurrentControlSet\Control\Terminal Server`;
  const { phkResult: hKey } = client.ask(openKey, { hKey: machine, lpSubKey, dwOptions: 0, samDesired });
  client.ask(openKey, { hKey: machine, lpSubKey: 'none', dwOptions: 0, samDesired });
  client.ask(getVersion, { hKey });
  client.ask(queryInfoKey, { hKey, lpClassIn: 16 });
  const next = { hKey, lpNameIn: 256, lpClassIn: 16, lpftLastWriteTime: 0n };
  for (const dwIndex of [0, 9]) client.ask(enumKey, { ...next, dwIndex });
  for (const dwIndex of [0, 99]) client.ask(enumValue, { hKey, dwIndex, lpValueNameIn: 64, ...room(16) });
  for (const size of [4, 1]) client.ask(queryValue, { hKey, lpValueName: 'fDenyTSConnections', ...room(size) });
  client.ask(queryValue, { hKey, lpValueName: 'none', ...room(4) });
  client.ask(setValue, { hKey, lpValueName: 'Größe', dwType: 4, lpData: new Uint8Array(4) });
  client.ask(flushKey, { hKey });
  client.ask(deleteValue, { hKey, lpValueName: 'Größe' });
  const made = { lpClass: null, dwOptions: 0, samDesired, lpSecurityAttributes: null, lpdwDisposition: 0 };
  client.ask(createKey, { hKey, lpSubKey: 'New', ...made });
  client.ask(deleteKey, { hKey, lpSubKey: 'New' });
  client.ask(closeKey, { hKey });
}
