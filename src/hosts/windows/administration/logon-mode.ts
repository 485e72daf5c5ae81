import { UsherError } from '../../../sessions/errors.ts';
import { utf16 } from '../../../wire/bytes/utf16.ts';
import { valueType } from '../../../wire/ms-rrp/value.ts';
import type { ActReport } from '../../act.ts';
import type { LogonMode } from '../../administration.ts';
import { drainValues, type LastingDrain } from './drain-values.ts';
import { keys } from '../registry/keys.ts';
import type { Registry } from '../registry/registry.ts';
import { dwordOf, textOf, type RegistryValue } from '../registry/value.ts';

/** Where the mode is kept: whether a host drains, and whether anybody may log on to its sessions at all. */
const places = {
  drain: { key: keys.terminalServer, name: 'TSServerDrainMode' },
  disabled: { key: keys.winlogon, name: 'WinStationsDisabled' },
} as const;

/** What of a registry it takes. */
export type LogonRegistry = Pick<Registry, 'value' | 'write'>;

/** What the two values say. */
interface Settings {
  readonly drain: number;
  readonly disabled: boolean;
}

export async function readLogonMode(registry: LogonRegistry, lasting: LastingDrain): Promise<LogonMode> {
  return modeOf(await readSettings(registry), lasting);
}

/** Writes what differs, and reads the mode again. Throws `bad_answer` where the host says something else afterwards. */
export async function writeLogonMode(
  registry: LogonRegistry,
  mode: LogonMode,
  lasting: LastingDrain,
): Promise<ActReport> {
  const before = await readSettings(registry);
  const wanted = settingsOf(mode, before, lasting);
  const did: string[] = [];
  // Draining is set before logons are allowed again: in between nobody gets in who shall not.
  if (wanted.drain !== before.drain) {
    await registry.write(places.drain.key, places.drain.name, { type: valueType.dword, data: dword(wanted.drain) });
    did.push(`${places.drain.name} ${before.drain} → ${wanted.drain}`);
  }
  if (wanted.disabled !== before.disabled) {
    const data = utf16(`${digit(wanted.disabled)}\0`);
    await registry.write(places.disabled.key, places.disabled.name, { type: valueType.sz, data });
    did.push(`${places.disabled.name} ${digit(before.disabled)} → ${digit(wanted.disabled)}`);
  }
  const after = await readLogonMode(registry, lasting);
  if (after === mode) return { did: did.length === 0 ? ['nothing: it was so already'] : did };
  throw new UsherError({
    code: 'bad_answer',
    message: `the host says '${after}' after it was set to '${mode}'`,
    hint: 'something else writes these values: look at the farm that the host belongs to, and at its policies',
  });
}

function modeOf({ drain, disabled }: Settings, lasting: LastingDrain): LogonMode {
  if (disabled) return 'off';
  if (drain === 0) return 'on';
  return drain === drainValues[lasting].drain ? 'drain' : 'drain-until-restart';
}

/** Who lets nobody in leaves alone whether the host drains too. */
function settingsOf(mode: LogonMode, before: Settings, lasting: LastingDrain): Settings {
  if (mode === 'off') return { ...before, disabled: true };
  return { drain: mode === 'on' ? 0 : drainValues[lasting][mode], disabled: false };
}

async function readSettings(registry: LogonRegistry): Promise<Settings> {
  const { drain, disabled } = places;
  const [first, second] = [
    await registry.value(drain.key, drain.name),
    await registry.value(disabled.key, disabled.name),
  ];
  return { drain: drainOf(first), disabled: disabledOf(second) };
}

function drainOf(value: RegistryValue | null): number {
  if (value === null) return 0;
  const number = dwordOf(value);
  if (number !== null && number <= 2) return number;
  throw unknown(
    places.drain.name,
    number === null ? `not the number that it should be (type ${value.type})` : String(number),
  );
}

function disabledOf(value: RegistryValue | null): boolean {
  if (value === null) return false;
  const text = textOf(value);
  if (text === '0' || text === '' || text === '1') return text === '1';
  throw unknown(places.disabled.name, text === null ? `no text (type ${value.type})` : `'${text.slice(0, 20)}'`);
}

const unknown = (name: string, what: string): UsherError =>
  new UsherError({ code: 'bad_answer', message: `${name} is ${what}, and Usher does not know what that means` });

const digit = (value: boolean): string => (value ? '1' : '0');

function dword(value: number): Uint8Array {
  const data = Buffer.alloc(4);
  data.writeUInt32LE(value);
  return data;
}
