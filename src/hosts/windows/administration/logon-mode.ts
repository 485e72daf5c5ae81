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

/**
 * Writes what differs, and reads the mode again. Throws `bad_answer` where the host says something else afterwards; an error after
 * something was written says what.
 */
export async function writeLogonMode(
  registry: LogonRegistry,
  mode: LogonMode,
  lasting: LastingDrain,
): Promise<ActReport> {
  const before = await readSettings(registry);
  const did: string[] = [];
  const after = await tellingWhatWasDone(did, async () => {
    for (const { place, value, what } of changesOf(before, settingsOf(mode, before, lasting))) {
      await registry.write(place.key, place.name, value);
      did.push(`${place.name} ${what}`);
    }
    return readLogonMode(registry, lasting);
  });
  if (after === mode) return { did: did.length === 0 ? ['nothing: it was so already'] : did };
  throw new UsherError({
    code: 'bad_answer',
    message: `the host says '${after}' after it was set to '${mode}'`,
    hint: 'something else writes these values: look at the farm that the host belongs to, and at its policies',
  });
}

/** An error after something was done says what. */
async function tellingWhatWasDone<T>(did: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsherError) || did.length === 0) throw error;
    const { code, message, host, operation, hint, cause } = error;
    throw new UsherError({
      code,
      message: `${message}; written before it failed: ${did.join('; ')}`,
      host: host ?? undefined,
      operation: operation ?? undefined,
      hint: hint ?? undefined,
      cause,
    });
  }
}

interface Change {
  readonly place: (typeof places)[keyof typeof places];
  readonly value: RegistryValue;
  /** `0 → 1`. */
  readonly what: string;
}

/** Draining is set before logons are allowed again: in between nobody gets in who shall not. */
function changesOf(before: Settings, wanted: Settings): readonly Change[] {
  const drain: Change = {
    place: places.drain,
    value: { type: valueType.dword, data: dword(wanted.drain) },
    what: `${before.drain} → ${wanted.drain}`,
  };
  const disabled: Change = {
    place: places.disabled,
    value: { type: valueType.sz, data: utf16(`${digit(wanted.disabled)}\0`) },
    what: `${digit(before.disabled)} → ${digit(wanted.disabled)}`,
  };
  return [
    ...(wanted.drain === before.drain ? [] : [drain]),
    ...(wanted.disabled === before.disabled ? [] : [disabled]),
  ];
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
