import type { SyntaxId } from './syntax-id.ts';

/** Bits of BindTimeFeatureNegotiationBitmask and of its response ([MS-RPCE] 2.2.2.14, 2.2.2.15). */
export const bindTimeFeature = { securityContextMultiplexing: 1, keepConnectionOnOrphan: 2 } as const;

const prefix = '6cb71c2c-9812-4540-';

/** The transfer syntax that offers these features ([MS-RPCE] 3.3.1.5.3). */
export function featureSyntax(bitmask: number): SyntaxId {
  const octet = bitmask.toString(16).padStart(2, '0');
  return { uuid: `${prefix}${octet}00-000000000000`, major: 1, minor: 0 };
}

/** The features that a transfer syntax offers; null where it is a transfer syntax. */
export function offeredFeatures({ uuid }: SyntaxId): number | null {
  return uuid.startsWith(prefix) ? Number.parseInt(uuid.slice(prefix.length, prefix.length + 2), 16) : null;
}
