import { milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import { decodeSecurityDescriptor, type SecurityDescriptor } from '../../../wire/ms-dtyp/security-descriptor.ts';
import type { Finding } from '../../finding.ts';
import { finding } from './finding.ts';
import type { Reached } from './logon.ts';
import { failureOf, type Patient, within } from './patient.ts';
import { keys, listenerKey } from '../registry/keys.ts';
import type { Registry } from '../registry/registry.ts';
import type { RegistryValue } from '../registry/value.ts';
import { type Place, rightFindings, rights } from './right-findings.ts';

const patience = milliseconds(10_000);

/** The station of whoever sits in front of the host. */
const console = 'Console';

/** Where the registry has no listener. */
export const usualListener = 'RDP-Tcp';

/** Names of listeners, as the host has them in its registry. */
export async function readListeners(registry: Registry): Promise<readonly string[]> {
  return (await registry.subKeys(keys.winStations)).filter((name) => name !== console);
}

/**
 * What the account may do to sessions: by the descriptors that the host makes sessions with ([MS-TSTS] 3.1.1), against what is
 * known of the account. Nothing is tried.
 */
export async function* examineRights(
  patient: Patient,
  { subject }: Reached,
  registry: Registry,
): AsyncGenerator<Finding> {
  try {
    const facts = await within(patient, patience, () => readPlaces(registry));
    yield* rightFindings(subject, facts.places, facts.isAdministrator);
  } catch (error) {
    yield unknownRights(failureOf(patient, error));
  }
}

/** Where the registry tells nothing. */
export function unknownRights(failure: UsherError, mends: Finding['mends'] = []): Finding {
  return finding({
    check: 'right',
    verdict: 'unknown',
    summary: 'what the account may do to sessions is not known',
    meaning:
      'Rights are read from the registry of the host, and never found out by trying. An act that is refused says so.',
    mends,
    details: [`not known: ${rights.map(({ name }) => name).join(', ')}`, failure.message],
  });
}

interface Facts {
  readonly places: readonly Place[];
  readonly isAdministrator: boolean | null;
}

async function readPlaces(registry: Registry): Promise<Facts> {
  const [listeners, defaults, isAdministrator] = await Promise.all([
    readListeners(registry),
    registry.values(keys.winStations, ['DefaultSecurity', 'ConsoleSecurity']),
    registry.mayWrite(keys.terminalServer),
  ]);
  const fallback = placeOf('', 'DefaultSecurity', defaults?.get('DefaultSecurity'));
  const places = await Promise.all(
    listeners.map(async (name) => {
      const own = (await registry.values(listenerKey(name), ['Security']))?.get('Security');
      return own === undefined || own.data.length === 0 ? { ...fallback, name } : placeOf(name, 'Security', own);
    }),
  );
  if (places.length === 0) places.push({ ...fallback, name: usualListener });
  const ofConsole = placeOf(console, 'ConsoleSecurity', defaults?.get('ConsoleSecurity'));
  return { places: ofConsole.descriptor === null ? places : [...places, ofConsole], isAdministrator };
}

function placeOf(name: string, source: Place['source'], value: RegistryValue | undefined): Place {
  return { name, source, descriptor: value === undefined || value.data.length === 0 ? null : decoded(value.data) };
}

function decoded(data: Uint8Array): SecurityDescriptor | UsherError {
  try {
    return decodeSecurityDescriptor(data);
  } catch (error) {
    if (error instanceof UsherError) return error;
    throw error;
  }
}
