import { type Codec, decode, encode, rest, u16, type ValueOf } from '../../bytes/codec.ts';
import { counted, sized } from '../../bytes/counted.ts';
import { layout, unused } from '../../bytes/layout.ts';
import type { Reader } from '../../bytes/reader.ts';
import { fromUtf16, utf16 } from '../../bytes/utf16.ts';
import type { Writer } from '../../bytes/writer.ts';

/** HashAlgorithms (MS-SMB2 2.2.3.1.1). */
export const hashAlgorithmId = { sha512: 1 } as const;

/** Ciphers (2.2.3.1.2). */
export const cipherId = { none: 0, aes128Ccm: 1, aes128Gcm: 2, aes256Ccm: 3, aes256Gcm: 4 } as const;

/** SigningAlgorithms (2.2.3.1.7). */
export const signingAlgorithmId = { hmacSha256: 0, aesCmac: 1, aesGmac: 2 } as const;

const text: Codec<string> = {
  read: (from) => fromUtf16(rest.read(from)),
  write: (to, value) => rest.write(to, utf16(value)),
};

/** The contexts that are read and written, by their ContextType (2.2.3.1). */
const contextTypes = {
  /** SMB2_PREAUTH_INTEGRITY_CAPABILITIES (2.2.3.1.1). */
  preauthIntegrity: { contextType: 1, data: layout({ hashAlgorithms: counted(u16, u16), salt: sized(u16) }) },
  /** SMB2_ENCRYPTION_CAPABILITIES (2.2.3.1.2). */
  encryption: { contextType: 2, data: layout({ ciphers: counted(u16, u16) }) },
  /** SMB2_NETNAME_NEGOTIATE_CONTEXT_ID (2.2.3.1.4). */
  netname: { contextType: 5, data: layout({ netName: text }) },
  /** SMB2_SIGNING_CAPABILITIES (2.2.3.1.7). */
  signing: { contextType: 8, data: layout({ signingAlgorithms: counted(u16, u16) }) },
} as const;

type ContextTypes = typeof contextTypes;
type KnownContext = {
  readonly [Kind in keyof ContextTypes]: { readonly kind: Kind } & ValueOf<ContextTypes[Kind]['data']>;
}[keyof ContextTypes];

/** SMB2 NEGOTIATE_CONTEXT (2.2.3.1, 2.2.4.1). */
export type NegotiateContext =
  | KnownContext
  | { readonly kind: 'other'; readonly contextType: number; readonly data: Uint8Array };

const envelope = layout({ contextType: u16, data: sized(u16), reserved: unused(4) });

const context: Codec<NegotiateContext> = {
  read(from) {
    const { contextType, data } = envelope.read(from);
    for (const [kind, known] of Object.entries(contextTypes)) {
      if (known.contextType !== contextType) continue;
      const codec: Codec<object> = known.data;
      return { kind, ...decode(`SMB2 NEGOTIATE_CONTEXT ${kind}`, codec, data) } as NegotiateContext;
    }
    return { kind: 'other', contextType, data };
  },
  write(to, value) {
    if (value.kind === 'other') return envelope.write(to, value);
    const { contextType, data } = contextTypes[value.kind];
    const codec: Codec<object> = data;
    envelope.write(to, { contextType, data: encode(codec, value) });
  },
};

const contextAlignment = 8;

/** Contexts from here on, each at a multiple of 8 bytes. */
export function readContexts(from: Reader, count: number): readonly NegotiateContext[] {
  const contexts: NegotiateContext[] = [];
  for (let at = 0; at < count; at++) {
    from.align(contextAlignment);
    contexts.push(context.read(from));
  }
  return contexts;
}

export function writeContexts(to: Writer, contexts: readonly NegotiateContext[]): void {
  for (const value of contexts) {
    to.align(contextAlignment);
    context.write(to, value);
  }
}
