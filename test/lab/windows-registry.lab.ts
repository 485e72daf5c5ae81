import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RpcPipe } from '../../src/hosts/windows/rpc-pipe.ts';
import type { SmbClient } from '../../src/hosts/windows/smb-client.ts';
import { fromUtf16, utf16 } from '../../src/wire/bytes/utf16.ts';
import { access } from '../../src/wire/ms-rrp/access.ts';
import { closeKey } from '../../src/wire/ms-rrp/close-key.ts';
import { createKey, disposition } from '../../src/wire/ms-rrp/create-key.ts';
import { deleteKey } from '../../src/wire/ms-rrp/delete-key.ts';
import { deleteValue } from '../../src/wire/ms-rrp/delete-value.ts';
import { enumKey } from '../../src/wire/ms-rrp/enum-key.ts';
import { enumValue } from '../../src/wire/ms-rrp/enum-value.ts';
import { winreg } from '../../src/wire/ms-rrp/interface.ts';
import { openKey } from '../../src/wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../src/wire/ms-rrp/open-local-machine.ts';
import { queryInfoKey } from '../../src/wire/ms-rrp/query-info-key.ts';
import { queryValue } from '../../src/wire/ms-rrp/query-value.ts';
import { errorCode } from '../../src/wire/ms-rrp/result.ts';
import { setValue } from '../../src/wire/ms-rrp/set-value.ts';
import { valueType } from '../../src/wire/ms-rrp/value.ts';
import type { RpcCall } from '../../src/wire/ndr/call.ts';
import type { ContextHandle } from '../../src/wire/ndr/context-handle.ts';
import type { Ndr } from '../../src/wire/ndr/type.ts';
import { registryOf, sambaClient } from './windows/clients/peers.ts';
import { connectSmb, openPipe } from './windows/driver.ts';
import { startWindowsHost } from './windows/windows-host.ts';
import type { WindowsHost } from './windows/windows-host.ts';

const directory = mkdtempSync(`${tmpdir()}/usher-registry-`);
let host: WindowsHost;
let smb: SmbClient;
let pipe: RpcPipe;
let machine: ContextHandle;

beforeAll(async () => {
  host = await startWindowsHost({ encrypt: 'required' });
  smb = await connectSmb(host, host.users.root);
  pipe = await openPipe(smb, host.users.root, winreg);
  const { phKey } = await ask(openLocalMachine, { serverName: null, samDesired: access.maximumAllowed });
  machine = phKey;
});
afterAll(async () => {
  await smb[Symbol.asyncDispose]();
  await host.stop();
  rmSync(directory, { recursive: true });
});

/** A call that must succeed. */
async function ask<Request, Response extends { readonly returnValue: number }>(
  call: RpcCall<Request, Response>,
  request: Request,
): Promise<Response> {
  const answer = await pipe.call(call, request, { operation: call.name });
  expect({ call: call.name, returnValue: answer.returnValue }).toEqual({ call: call.name, returnValue: 0 });
  return answer;
}

async function created(lpSubKey: string): Promise<ContextHandle> {
  const { phkResult, lpdwDisposition } = await ask(createKey, {
    hKey: machine,
    lpSubKey,
    lpClass: null,
    dwOptions: 0,
    samDesired: access.maximumAllowed,
    lpSecurityAttributes: null,
    lpdwDisposition: 0,
  });
  expect(lpdwDisposition).toBe(disposition.createdNewKey);
  return phkResult;
}

async function opened(lpSubKey: string): Promise<ContextHandle> {
  const { phkResult } = await ask(openKey, {
    hKey: machine,
    lpSubKey,
    dwOptions: 0,
    samDesired: access.maximumAllowed,
  });
  return phkResult;
}

async function read(
  hKey: ContextHandle,
  lpValueName: string,
): Promise<{ readonly type: number | null; readonly data: Uint8Array }> {
  const room = { maximum: 1024, elements: new Uint8Array() };
  const { lpType, lpData } = await ask(queryValue, {
    hKey,
    lpValueName,
    lpType: 0,
    lpData: room,
    lpcbData: 1024,
    lpcbLen: 0,
  });
  return { type: lpType, data: lpData?.elements ?? new Uint8Array() };
}

const net = (...args: readonly string[]): Promise<string> => registryOf(host, host.users.root, ...args);

test('what we write Samba reads', async () => {
  const hKey = await created(String.raw`SOFTWARE\Usher`);
  const written = [
    ['Größe', valueType.sz, utf16('再起動 😀\0')],
    ['Count', valueType.dword, Buffer.from('00286bee', 'hex')],
    ['Names', valueType.multiSz, utf16('eins\0zweiß\0\0')],
    ['Bytes', valueType.binary, Uint8Array.of(0, 255, 128)],
  ] as const;
  for (const [lpValueName, dwType, lpData] of written) await ask(setValue, { hKey, lpValueName, dwType, lpData });
  const said = await net('enumerate', String.raw`HKLM\SOFTWARE\Usher`);
  expect(said).toContain('Valuename  = Größe\nType       = REG_SZ\nValue      = "再起動 😀"\n');
  expect(said).toContain('Valuename  = Count\nType       = REG_DWORD\nValue      = 4000000000\n');
  expect(said).toContain('Valuename  = Names\nType       = REG_MULTI_SZ\nValue[000] = "eins"\nValue[001] = "zweiß"\n');
  await net('export', String.raw`HKLM\SOFTWARE\Usher`, `${directory}/ours.reg`);
  expect(readFileSync(`${directory}/ours.reg`, 'utf8')).toContain('"Bytes"=hex:00,ff,80');
  await ask(closeKey, { hKey });
});

test('what Samba writes we read', async () => {
  const key = String.raw`HKLM\SOFTWARE\Theirs`;
  await net('createkey', key);
  await net('setvalue', key, 'Größe', 'sz', '再起動 😀');
  await net('setvalue', key, 'Count', 'dword', '4000000000');
  const hKey = await opened(String.raw`SOFTWARE\Theirs`);
  const text = await read(hKey, 'Größe');
  expect({ ...text, data: fromUtf16(text.data) }).toEqual({ type: valueType.sz, data: '再起動 😀\0' });
  const number = await read(hKey, 'Count');
  expect({ ...number, data: Buffer.from(number.data).toString('hex') }).toEqual({
    type: valueType.dword,
    data: '00286bee',
  });
});

test('keys and values are enumerated and deleted', async () => {
  const hKey = await created(String.raw`SOFTWARE\Several`);
  for (const name of ['erster', 'zweité']) {
    await ask(setValue, { hKey, lpValueName: name, dwType: valueType.binary, lpData: Uint8Array.of(1) });
    await ask(closeKey, { hKey: await created(String.raw`SOFTWARE\Several` + `\\${name}`) });
  }
  expect(await ask(queryInfoKey, { hKey, lpClassIn: 0 })).toMatchObject({ lpcSubKeys: 2, lpcValues: 2 });
  const room = { lpNameIn: 256, lpClassIn: 0, lpftLastWriteTime: 0n };
  const data = { lpType: 0, lpData: { maximum: 16, elements: new Uint8Array() }, lpcbData: 16, lpcbLen: 0 };
  const [keys, values] = [new Set<string | null>(), new Set<string | null>()];
  for (const dwIndex of [0, 1]) {
    keys.add((await ask(enumKey, { hKey, dwIndex, ...room })).lpNameOut);
    values.add((await ask(enumValue, { hKey, dwIndex, lpValueNameIn: 256, ...data })).lpValueNameOut);
  }
  expect(keys).toEqual(new Set(['erster', 'zweité']));
  expect(values).toEqual(keys);
  const over = await pipe.call(enumKey, { hKey, dwIndex: 2, ...room }, { operation: 'enumerating' });
  expect(over.returnValue).toBe(errorCode.noMoreItems);
  await ask(deleteValue, { hKey, lpValueName: 'erster' });
  await ask(deleteKey, { hKey, lpSubKey: 'zweité' });
  expect(await ask(queryInfoKey, { hKey, lpClassIn: 0 })).toMatchObject({ lpcSubKeys: 1, lpcValues: 1 });
  const said = await net('enumerate', String.raw`HKLM\SOFTWARE\Several`);
  expect(said.match(/Keyname.*|Valuename.*/g)).toEqual(['Keyname   = erster', 'Valuename  = zweité']);
});

test('a value that is not there is told by its error', async () => {
  const data = { lpType: 0, lpData: null, lpcbData: 0, lpcbLen: 0 };
  const request = { hKey: await opened('SOFTWARE'), lpValueName: 'none', ...data };
  const { returnValue } = await pipe.call(queryValue, request, { operation: 'reading' });
  expect(returnValue).toBe(errorCode.fileNotFound);
});

/** A stub as it stands. */
const raw: Ndr<Uint8Array> = {
  alignment: 8,
  read: (from, put) => put(from.take(from.left)),
  write: (to, value) => to.put(value),
};

test("srvsvc's NetrServerGetInfo answers a stub with what it tells Samba's own client", async () => {
  const { root } = host.users;
  const srvsvc = { name: 'srvsvc', uuid: '4b324fc8-1670-01d3-1278-5a47bf6ee188', major: 3, minor: 0, pipe: 'srvsvc' };
  const getInfo = { interface: srvsvc, name: 'NetrServerGetInfo', opnum: 21, request: raw, response: raw };
  const opening = await openPipe(smb, root, srvsvc);
  const stub = Buffer.from('0000000065000000', 'hex');
  const answer = Buffer.from(await opening.call(getInfo, stub, { operation: 'asking' }));
  expect(answer.readUInt32LE(0)).toBe(101);
  const { stdout } = await sambaClient(host, root, 'srvsvc', 'spnego,seal');
  expect(fromUtf16(answer)).toContain(`${stdout.trim()}\0`);
  expect(fromUtf16(answer)).toContain('Usher lab\0');
});
