import { Chance } from '../../../src/simulator/people/random.ts';
import { type Fault, type FaultKind, faults } from './faults.ts';

const kinds: readonly FaultKind[] = ['stalls', 'drops', 'refuses', 'babbles'];

/** What is wrong with each of so many hosts: a third is faulty, of each kind as many as of the others, anywhere among them. */
export function drawFaults(hosts: number, seed: number, among = faults): readonly (Fault | null)[] {
  const chance = new Chance(seed);
  const faulty = Array.from({ length: Math.floor(hosts / 3) }, (_, at) => {
    const ofKind = among.filter(({ kind }) => kind === kinds[at % kinds.length]);
    return ofKind[chance.below(ofKind.length)] ?? null;
  });
  const all: readonly (Fault | null)[] = [...faulty, ...Array.from({ length: hosts - faulty.length }, () => null)];
  return all
    .map((what) => ({ what, at: chance.fraction() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ what }) => what);
}
