import type { SimulatedClient } from '../world/session.ts';
import type { Chance, Weighted } from './random.ts';

/** Where somebody sits: in the office's network, or anywhere else. */
export type Whereabouts = 'inside' | 'outside';

interface Display {
  readonly width: number;
  readonly height: number;
}

const displays: readonly [Weighted<Display>, ...Weighted<Display>[]] = [
  { weight: 6, what: { width: 1920, height: 1080 } },
  { weight: 3, what: { width: 2560, height: 1440 } },
  { weight: 2, what: { width: 1366, height: 768 } },
  { weight: 1, what: { width: 3840, height: 2160 } },
  { weight: 1, what: { width: 1280, height: 1024 } },
];

/** Builds of Windows 10 and 11. */
const builds: readonly [number, ...number[]] = [19_045, 22_621, 22_631, 26_100];

/** A client of the office is a PC of RFC 1918; one outside has an address of RFC 5737 or RFC 3849, behind a router or not. */
export function makeClient(chance: Chance, where: Whereabouts, timeZone: string): SimulatedClient {
  const looks = { ...chance.weighted(displays), colorDepth: 32, build: chance.one(builds), timeZone };
  if (where === 'inside') {
    const name = `${chance.one(['PC', 'PC', 'PC', 'THIN', 'NB'])}-${serial(chance)}`;
    return { name, address: `10.${16 + chance.below(16)}.${chance.below(250)}.${2 + chance.below(250)}`, ...looks };
  }
  const name = `${chance.one(['LAPTOP', 'DESKTOP', 'HOME', 'IPAD'])}-${serial(chance)}`;
  if (chance.hits(0.15)) {
    const peer = `2001:db8:${chance.below(0xfff).toString(16)}::${(1 + chance.below(0xffe)).toString(16)}`;
    return { name, address: peer, ...looks };
  }
  const peer = `${chance.one(['198.51.100', '203.0.113'])}.${1 + chance.below(254)}`;
  // Behind a router at home a client says of itself what nobody outside of that home can reach.
  const address = chance.hits(0.8) ? `192.168.${chance.below(3)}.${2 + chance.below(200)}` : peer;
  return { name, address, ...(address === peer ? {} : { peer }), ...looks };
}

/** Seven characters, as Windows names computers by itself; no letter looks like a digit. */
function serial(chance: Chance): string {
  const characters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return Array.from({ length: 7 }, () => characters.charAt(chance.below(characters.length))).join('');
}
