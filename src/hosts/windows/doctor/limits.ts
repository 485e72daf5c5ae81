import { milliseconds } from '../../../sessions/duration.ts';
import type { UsherError } from '../../../sessions/errors.ts';
import type { Finding } from '../../finding.ts';
import { finding } from './finding.ts';
import { asked, limitFindings } from './limit-findings.ts';
import type { LimitFacts, Values } from './limit-sources.ts';
import { failureOf, type Patient, within } from './patient.ts';
import { keys, listenerKey } from '../registry/keys.ts';
import type { Registry } from '../registry/registry.ts';
import { dwordOf, textOf } from '../registry/value.ts';
import { readListeners, usualListener } from './rights.ts';

const patience = milliseconds(10_000);

/** The limits that the host itself keeps, and which source of each wins. */
export async function* examineLimits(patient: Patient, registry: Registry): AsyncGenerator<Finding> {
  try {
    yield* limitFindings(await within(patient, patience, () => readLimits(registry)));
  } catch (error) {
    yield unknownLimits(failureOf(patient, error));
  }
}

/** Where the registry tells nothing. */
export function unknownLimits(failure: UsherError, mends: Finding['mends'] = []): Finding {
  return finding({
    check: 'limit',
    verdict: 'unknown',
    summary: 'the limits that the host itself keeps are not known',
    meaning: 'The host may disconnect or end sessions by limits of its own, before Usher does or after.',
    mends,
    details: [failure.message],
  });
}

async function readLimits(registry: Registry): Promise<readonly LimitFacts[]> {
  const read = async (path: string, names: readonly string[]): Promise<Values> => {
    const values = await registry.values(path, names);
    const numbers = [...(values ?? [])].flatMap(([name, value]) => {
      const number = dwordOf(value) ?? numberOf(textOf(value));
      return number === null ? [] : [[name, number] as const];
    });
    return new Map(numbers);
  };
  const [policy, server, logon, listeners] = await Promise.all([
    read(keys.policy, asked.policy),
    read(keys.terminalServer, asked.server),
    read(keys.winlogon, asked.logon),
    readListeners(registry),
  ]);
  const own = await Promise.all(
    listeners.map(async (name) => ({ listenerName: name, listener: await read(listenerKey(name), asked.listener) })),
  );
  const of = own.length === 0 ? [{ listenerName: usualListener, listener: new Map() }] : own;
  return of.map((one) => ({ policy, server, logon, ...one }));
}

const numberOf = (text: string | null): number | null =>
  text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
