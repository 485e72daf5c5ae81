import { afterEach } from 'vitest';
import { getAllListeners } from '../../../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { closeServerEx } from '../../../../wire/ms-tsts/ica-api/close-server-ex.ts';
import { openLocalMachine } from '../../../../wire/ms-rrp/open-local-machine.ts';
import { nullHandle } from '../../../../wire/ndr/context-handle.ts';
import type { Finding } from '../../../finding.ts';
import { type Credential, Secret } from '../../../credential.ts';
import { dialTcp } from '../../dial.ts';
import { answersOf } from '../../testing/answers.ts';
import { hostFacts, nowInstant } from '../../testing/facts.ts';
import { type Answer, answer, type HostParts, LoopbackHost } from '../../testing/host.ts';
import { guardedBy } from '../../testing/logon.ts';
import { HandTimers, never } from '../../testing/reading.ts';
import { examineHost } from '../examine.ts';
import type { Patient } from '../patient.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

export const secret = 'correct horse';

export const credential: Credential = {
  user: String.raw`CORP\alice`,
  identityFiles: [],
  password: async () => new Secret(secret),
  passphrase: async () => null,
  sudoPassword: async () => null,
};

/** A host at a port of this machine, and what examining it needs. */
export function patientAt(port: number, changes: Partial<Patient> = {}): Patient & { readonly timers: HandTimers } {
  const timers = new HandTimers();
  return {
    host: { name: 'wh1', url: { scheme: 'windows', user: null, domain: null, address: '127.0.0.1', port } },
    credential,
    surroundings: {
      dial: dialTcp,
      machine: 'ADMIN7',
      now: () => nowInstant,
      random: (count) => new Uint8Array(count).fill(0x33),
      after: timers.after,
    },
    lookUp: async () => ['127.0.0.1'],
    signal: never,
    timers,
    ...changes,
  };
}

/** What the least that is asked of each pipe is answered by a host that does as it should. */
export const signsOfLife: readonly Answer[] = [
  answer(getAllListeners, () => ({ ppListeners: [], returnValue: 0 })),
  answer(closeServerEx, () => ({ phServer: nullHandle, pResult: 0, returnValue: true })),
  answer(openLocalMachine, () => ({ phKey: nullHandle, returnValue: 0 })),
];

/** A host that lets alice in and does as it should, but for these parts. */
export async function hostThat(parts: Partial<HostParts> = {}): Promise<LoopbackHost> {
  const guarded = guardedBy(secret);
  const host = await LoopbackHost.start({
    ...guarded,
    ...parts,
    answers: [...answersOf(hostFacts()), ...signsOfLife, ...(parts.answers ?? [])],
    handlers: [...(guarded.handlers ?? []), ...(parts.handlers ?? [])],
  });
  open.push(host);
  return host;
}

export async function findingsOf(patient: Patient): Promise<readonly Finding[]> {
  return await Array.fromAsync(examineHost(patient));
}

/** What is found at a host that does as it should, but for these parts. */
export async function examined(parts: Partial<HostParts> = {}): Promise<readonly Finding[]> {
  return findingsOf(patientAt((await hostThat(parts)).port));
}

/** `pipe winreg` or `logon`: the finding of this check. */
export function the(findings: readonly Finding[], name: string): Finding | undefined {
  return findings.find(({ check, of }) => (of === null ? check : `${check} ${of}`) === name || check === name);
}
