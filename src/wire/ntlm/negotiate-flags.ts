/** NEGOTIATE ([MS-NLMP] 2.2.2.5): what each side can, and then does. */
export const negotiateFlags = {
  unicode: 0x00000001,
  oem: 0x00000002,
  requestTarget: 0x00000004,
  sign: 0x00000010,
  seal: 0x00000020,
  lmKey: 0x00000080,
  ntlm: 0x00000200,
  alwaysSign: 0x00008000,
  targetTypeDomain: 0x00010000,
  targetTypeServer: 0x00020000,
  extendedSessionSecurity: 0x00080000,
  targetInfo: 0x00800000,
  version: 0x02000000,
  strength128: 0x20000000,
  keyExchange: 0x40000000,
  strength56: 0x80000000,
} as const;

export type NegotiateFlag = keyof typeof negotiateFlags;

export function flagsOf(names: readonly NegotiateFlag[]): number {
  return names.reduce((flags, name) => (flags | negotiateFlags[name]) >>> 0, 0);
}

export function hasFlag(flags: number, name: NegotiateFlag): boolean {
  return (flags & negotiateFlags[name]) !== 0;
}

/** How the specification calls a flag, for the errors. */
const titles: Partial<Record<NegotiateFlag, string>> = {
  unicode: 'Unicode',
  sign: 'signing',
  seal: 'sealing',
  extendedSessionSecurity: 'extended session security',
  targetInfo: 'the target information that NTLMv2 needs',
  strength128: '128-bit keys',
  keyExchange: 'key exchange',
};

/** What of these the flags lack, in words; empty where they have them all. */
export function lackingFlags(flags: number, wanted: readonly NegotiateFlag[]): readonly string[] {
  return wanted.filter((name) => !hasFlag(flags, name)).map((name) => titles[name] ?? name);
}
