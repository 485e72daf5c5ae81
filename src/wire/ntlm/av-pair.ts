import { type Codec, decode, encode, u32, u64 } from '../bytes/codec.ts';
import { text } from './payload.ts';

/** AvId ([MS-NLMP] 2.2.2.1). */
export const avIds = {
  eol: 0,
  nbComputerName: 1,
  nbDomainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  dnsTreeName: 5,
  flags: 6,
  timestamp: 7,
  singleHost: 8,
  targetName: 9,
  channelBindings: 10,
} as const;

/** Bits of MsvAvFlags. */
export const avFlags = { constrained: 1, micProvided: 2, untrustedTargetName: 4 } as const;

/** AV_PAIR ([MS-NLMP] 2.2.2.1): something that one side tells of itself. */
export interface AvPair {
  readonly avId: number;
  readonly value: Uint8Array;
}

/** A sequence of AV_PAIRs up to MsvAvEOL, which is none of its items. An empty place has none at all. */
export const avPairsToEol: Codec<readonly AvPair[]> = {
  read(from) {
    const pairs: AvPair[] = [];
    for (;;) {
      const avId = from.u16();
      const value = from.take(from.u16());
      if (avId === avIds.eol) return pairs;
      pairs.push({ avId, value: value.slice() });
    }
  },
  write(to, pairs) {
    for (const { avId, value } of pairs) {
      to.u16(avId);
      to.u16(value.length);
      to.put(value);
    }
    to.u32(avIds.eol);
  },
};

/** TargetInfo: the pairs, or null where the place is empty. What lies behind MsvAvEOL is ignored. */
export const avPairs: Codec<readonly AvPair[] | null> = {
  read(from) {
    if (from.left === 0) return null;
    const pairs = avPairsToEol.read(from);
    from.skip(from.left);
    return pairs;
  },
  write: (to, pairs) => {
    if (pairs !== null) avPairsToEol.write(to, pairs);
  },
};

type AvName = Exclude<keyof typeof avIds, 'eol'>;

/** The first value of this id; null where there is none. */
export function avValue(pairs: readonly AvPair[], name: AvName): Uint8Array | null {
  return pairs.find(({ avId }) => avId === avIds[name])?.value ?? null;
}

export function avText(pairs: readonly AvPair[], name: AvName): string | null {
  return read(pairs, name, text);
}

/** MsvAvFlags; 0 where there are none. */
export function avFlagsOf(pairs: readonly AvPair[]): number {
  return read(pairs, 'flags', u32) ?? 0;
}

/** MsvAvTimestamp, a FILETIME. */
export function avTimestamp(pairs: readonly AvPair[]): bigint | null {
  return read(pairs, 'timestamp', u64);
}

export function avPair<T>(name: AvName, codec: Codec<T>, value: T): AvPair {
  return { avId: avIds[name], value: encode(codec, value) };
}

function read<T>(pairs: readonly AvPair[], name: AvName, codec: Codec<T>): T | null {
  const value = avValue(pairs, name);
  return value === null ? null : decode(`AV_PAIR ${name}`, codec, value);
}
