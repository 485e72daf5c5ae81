import { describe, expect, test } from 'vitest';
import type { LogonMode } from '../../administration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import { utf16 } from '../../../wire/bytes/utf16.ts';
import { valueType } from '../../../wire/ms-rrp/value.ts';
import type { LastingDrain } from './drain-values.ts';
import { type LogonRegistry, readLogonMode, writeLogonMode } from './logon-mode.ts';
import type { RegistryValue } from '../registry/value.ts';

const dword = (value: number): RegistryValue => ({ type: valueType.dword, data: Uint8Array.of(value, 0, 0, 0) });
const text = (value: string): RegistryValue => ({ type: valueType.sz, data: utf16(`${value}\0`) });

interface Values {
  readonly TSServerDrainMode?: RegistryValue;
  readonly WinStationsDisabled?: RegistryValue;
}

/** A registry of two values, and what was written to it. */
class TwoValues implements LogonRegistry {
  readonly written: string[] = [];
  readonly #values: Map<string, RegistryValue>;
  readonly #deaf: boolean;

  constructor(values: Values, deaf = false) {
    this.#values = new Map(Object.entries(values));
    this.#deaf = deaf;
  }

  async value(key: string, name: string): Promise<RegistryValue | null> {
    if (key !== keys[name]) return null;
    return this.#values.get(name) ?? null;
  }

  async write(key: string, name: string, value: RegistryValue): Promise<void> {
    this.written.push(
      `${key === keys[name] ? '' : `${key} `}${name} ${value.type} ${Buffer.from(value.data).toString('hex')}`,
    );
    if (!this.#deaf) this.#values.set(name, value);
  }
}

const keys: Readonly<Record<string, string>> = {
  TSServerDrainMode: String.raw`SYSTEM\CurrentControlSet\Control\Terminal Server`,
  WinStationsDisabled: String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`,
};

describe('the mode', () => {
  test.each<[string, Values, LastingDrain, LogonMode]>([
    ['nothing is written', {}, 2, 'on'],
    ['both are zero', { TSServerDrainMode: dword(0), WinStationsDisabled: text('0') }, 2, 'on'],
    ['it drains with the lasting value', { TSServerDrainMode: dword(2) }, 2, 'drain'],
    ['it drains with the other value', { TSServerDrainMode: dword(1) }, 2, 'drain-until-restart'],
    ['it drains with 1, which lasts there', { TSServerDrainMode: dword(1) }, 1, 'drain'],
    ['it drains with 2 where 1 lasts', { TSServerDrainMode: dword(2) }, 1, 'drain-until-restart'],
    ['logons are disabled', { WinStationsDisabled: text('1') }, 2, 'off'],
    ['logons are disabled while it drains', { TSServerDrainMode: dword(2), WinStationsDisabled: text('1') }, 2, 'off'],
  ])('where %s', async (_, values, lasting, mode) => {
    expect(await readLogonMode(new TwoValues(values), lasting)).toBe(mode);
  });

  test.each<[Values, string]>([
    [{ TSServerDrainMode: dword(3) }, 'TSServerDrainMode is 3'],
    [{ TSServerDrainMode: text('1') }, 'TSServerDrainMode is not the number that it should be (type 1)'],
    [{ TSServerDrainMode: { type: valueType.dword, data: Uint8Array.of(1) } }, 'TSServerDrainMode is not the number'],
    [{ WinStationsDisabled: text('yes') }, "WinStationsDisabled is 'yes'"],
    [{ WinStationsDisabled: dword(1) }, 'WinStationsDisabled is no text (type 4)'],
  ])('is not guessed from %j', async (values, message) => {
    const reading = readLogonMode(new TwoValues(values), 2);
    await expect(reading).rejects.toMatchObject({ code: 'bad_answer', message: expect.stringContaining(message) });
  });
});

describe('setting it', () => {
  const enabled = 'WinStationsDisabled 1 30000000';
  const disabled = 'WinStationsDisabled 1 31000000';
  const drain = (value: number): string => `TSServerDrainMode 4 0${value}000000`;

  test.each<[LogonMode, Values, LastingDrain, readonly string[]]>([
    ['drain', {}, 2, [drain(2)]],
    ['drain', {}, 1, [drain(1)]],
    ['drain-until-restart', {}, 2, [drain(1)]],
    ['drain-until-restart', {}, 1, [drain(2)]],
    ['on', { TSServerDrainMode: dword(2), WinStationsDisabled: text('1') }, 2, [drain(0), enabled]],
    ['off', { TSServerDrainMode: dword(2) }, 2, [disabled]],
    ['drain', { WinStationsDisabled: text('1') }, 2, [drain(2), enabled]],
  ])(
    'to %s from %j writes what differs, and drains before anybody is let in',
    async (mode, values, lasting, writes) => {
      const registry = new TwoValues(values);
      await writeLogonMode(registry, mode, lasting);
      expect(registry.written).toEqual(writes);
      expect(await readLogonMode(registry, lasting)).toBe(mode);
    },
  );

  test('tells what was and what is', async () => {
    const { did } = await writeLogonMode(new TwoValues({ WinStationsDisabled: text('1') }), 'drain', 2);
    expect(did).toEqual(['TSServerDrainMode 0 → 2', 'WinStationsDisabled 1 → 0']);
  });

  test('to what it is already writes nothing', async () => {
    const registry = new TwoValues({ TSServerDrainMode: dword(2) });
    expect(await writeLogonMode(registry, 'drain', 2)).toEqual({ did: ['nothing: it was so already'] });
    expect(registry.written).toEqual([]);
  });

  test.each([
    ['the second value is refused', 'write', ['TSServerDrainMode']],
    ['the mode cannot be read again', 'read', ['TSServerDrainMode', 'WinStationsDisabled']],
  ] as const)('tells what it had written where %s', async (_, fails, written) => {
    const registry = new TwoValues({ WinStationsDisabled: text('1') });
    const refused = new UsherError({ code: 'access_denied', message: 'the host refused', hint: 'ask for the right' });
    const refusing: LogonRegistry = {
      value: (key, name) =>
        fails === 'read' && registry.written.length === 2 ? Promise.reject(refused) : registry.value(key, name),
      write: (key, name, value) =>
        fails === 'write' && registry.written.length === 1 ? Promise.reject(refused) : registry.write(key, name, value),
    };
    const changes = { TSServerDrainMode: '0 → 2', WinStationsDisabled: '1 → 0' };
    await expect(writeLogonMode(refusing, 'drain', 2)).rejects.toMatchObject({
      code: 'access_denied',
      message: `the host refused; written before it failed: ${written.map((name) => `${name} ${changes[name]}`).join('; ')}`,
      hint: 'ask for the right',
    });
  });

  test('says nothing of what was written where that is nothing', async () => {
    const refused = new UsherError({ code: 'access_denied', message: 'the host refused' });
    const refusing: LogonRegistry = { value: async () => null, write: () => Promise.reject(refused) };
    await expect(writeLogonMode(refusing, 'drain', 2)).rejects.toBe(refused);
  });

  test('is an error where the host says otherwise afterwards', async () => {
    await expect(writeLogonMode(new TwoValues({}, true), 'drain', 2)).rejects.toMatchObject({
      code: 'bad_answer',
      message: "the host says 'on' after it was set to 'drain'",
    });
  });
});
