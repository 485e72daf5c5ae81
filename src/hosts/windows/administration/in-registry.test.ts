import { describe, expect, test } from 'vitest';
import { closeKey } from '../../../wire/ms-rrp/close-key.ts';
import { openKey } from '../../../wire/ms-rrp/open-key.ts';
import { openLocalMachine } from '../../../wire/ms-rrp/open-local-machine.ts';
import { queryValue } from '../../../wire/ms-rrp/query-value.ts';
import { errorCode } from '../../../wire/ms-rrp/result.ts';
import { setValue } from '../../../wire/ms-rrp/set-value.ts';
import { valueType } from '../../../wire/ms-rrp/value.ts';
import { type ContextHandle, nullHandle } from '../../../wire/ndr/context-handle.ts';
import { administer } from '../testing/administered.ts';
import { type Answer, answer } from '../testing/host.ts';
import { never } from '../testing/reading.ts';

const terminalServer = String.raw`SYSTEM\CurrentControlSet\Control\Terminal Server`;
const winlogon = String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`;

interface Held {
  readonly type: number;
  readonly data: Uint8Array;
}

/** A registry with two keys, of which each has some values; it refuses what is in `codes`. */
function aRegistry(values: Map<string, Held>, codes: { readonly query?: number; readonly set?: number } = {}) {
  const keys = ['', terminalServer, winlogon];
  const handle = (key: string): ContextHandle => ({ ...nullHandle, attributes: keys.indexOf(key) + 1 });
  const named = (hKey: ContextHandle, name: string | null): string => `${keys[hKey.attributes - 1]}\\${name}`;
  const nothing = { lpType: null, lpData: null, lpcbData: null, lpcbLen: null };
  const answers: readonly Answer[] = [
    answer(openLocalMachine, () => ({ phKey: handle(''), returnValue: 0 })),
    answer(openKey, ({ lpSubKey }) =>
      keys.includes(lpSubKey ?? '')
        ? { phkResult: handle(lpSubKey ?? ''), returnValue: 0 }
        : { phkResult: nullHandle, returnValue: errorCode.fileNotFound },
    ),
    answer(closeKey, () => ({ hKey: nullHandle, returnValue: 0 })),
    answer(queryValue, ({ hKey, lpValueName, lpcbData }) => {
      if (codes.query !== undefined) return { ...nothing, returnValue: codes.query };
      const held = values.get(named(hKey, lpValueName));
      if (held === undefined) return { ...nothing, returnValue: errorCode.fileNotFound };
      const { type, data } = held;
      const sizes = { lpType: type, lpcbData: data.length, lpcbLen: data.length };
      if (data.length > (lpcbData ?? 0)) {
        return { ...sizes, lpData: { maximum: 0, elements: new Uint8Array() }, returnValue: errorCode.moreData };
      }
      return { ...sizes, lpData: { maximum: lpcbData ?? 0, elements: data }, returnValue: 0 };
    }),
    answer(setValue, ({ hKey, lpValueName, dwType, lpData }) => {
      if (codes.set !== undefined) return { returnValue: codes.set };
      values.set(named(hKey, lpValueName), { type: dwType, data: lpData });
      return { returnValue: 0 };
    }),
  ];
  return answers;
}

const number = (value: number): Held => ({ type: valueType.dword, data: Uint8Array.of(value, 0, 0, 0) });

describe('who may log on', () => {
  test('is read where change logon keeps it', async () => {
    const { administration } = await administer(
      aRegistry(new Map([[String.raw`${terminalServer}\TSServerDrainMode`, number(2)]])),
    );
    expect(await administration.logonMode(never)).toBe('drain');
  });

  test('is written there, and read again', async () => {
    const values = new Map<string, Held>();
    const { server, administration } = await administer(aRegistry(values));
    await administration.setLogonMode('drain-until-restart', never);
    expect(values.get(String.raw`${terminalServer}\TSServerDrainMode`)).toEqual(number(1));
    expect(server.calls.filter((name) => name === 'BaseRegQueryValue')).toHaveLength(4);
  });

  test('is written as the inventory says that this host means it', async () => {
    const values = new Map<string, Held>();
    const { administration } = await administer(aRegistry(values), { entry: { lastingDrain: 1 } });
    await administration.setLogonMode('drain', never);
    expect(values.get(String.raw`${terminalServer}\TSServerDrainMode`)).toEqual(number(1));
  });

  test('is read in one answer a value, however long it is', async () => {
    const long = { type: valueType.sz, data: new Uint8Array(5000).fill(0x31) };
    const { server, administration } = await administer(
      aRegistry(new Map([[String.raw`${winlogon}\WinStationsDisabled`, long]])),
    );
    await expect(administration.logonMode(never)).rejects.toMatchObject({ code: 'bad_answer' });
    expect(server.calls.filter((name) => name === 'BaseRegQueryValue')).toHaveLength(2);
  });

  test('is not asked for twice where the host says that it is longer', async () => {
    const { server, administration } = await administer(aRegistry(new Map(), { query: errorCode.moreData }));
    await expect(administration.logonMode(never)).rejects.toMatchObject({ code: 'bad_answer' });
    expect(server.calls.filter((name) => name === 'BaseRegQueryValue')).toHaveLength(1);
  });
});

test('a registry that is switched off is unsupported, with the commands that switch it on', async () => {
  const { administration } = await administer([], { missing: ['winreg'] });
  await expect(administration.logonMode(never)).rejects.toMatchObject({
    code: 'unsupported',
    host: 'wh1',
    operation: 'reading who may log on',
    hint: expect.stringContaining(String.raw`sc.exe \\wh1.example config RemoteRegistry start= demand`),
  });
});

test.each(['query', 'set'] as const)('a registry that refuses to %s is access_denied', async (call) => {
  const { administration } = await administer(aRegistry(new Map(), { [call]: errorCode.accessDenied }));
  await expect(administration.setLogonMode('drain', never)).rejects.toMatchObject({
    code: 'access_denied',
    host: 'wh1',
    message: expect.stringContaining('TSServerDrainMode of HKLM'),
  });
});

test('the pipe is closed after each piece of work', async () => {
  const { server, administration } = await administer(aRegistry(new Map()));
  await administration.logonMode(never);
  await administration.logonMode(never);
  expect(server.openPipes).not.toContain('winreg');
});
