import { octets, u16, u32, u64, type ValueOf } from '../../bytes/codec.ts';
import { counted } from '../../bytes/counted.ts';
import { fixed, layout, type Split, unused } from '../../bytes/layout.ts';
import { buffer, peek, placeholder } from './buffer.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Command } from './command.ts';
import { headerSize } from './header.ts';
import { type NegotiateContext, readContexts, writeContexts } from './negotiate-context.ts';

/** DialectRevision (MS-SMB2 2.2.4). */
export const dialectRevision = {
  '2.0.2': 0x0202,
  '2.1': 0x0210,
  '3.0': 0x0300,
  '3.0.2': 0x0302,
  '3.1.1': 0x0311,
} as const;

/** DialectRevision of a server that wants to hear the dialects of SMB 2 as well (2.2.4). */
export const anyDialectRevision = 0x02ff;

/** SecurityMode (2.2.3). */
export const securityMode = { signingEnabled: 1, signingRequired: 2 } as const;

/** Capabilities, SMB2_GLOBAL_CAP (2.2.3, 2.2.4). */
export const globalCapability = { largeMtu: 0x4, encryption: 0x40 } as const;

const dialectCountAt = headerSize + 2;
const dialectsAt = headerSize + 36;

/** NegotiateContextOffset and NegotiateContextCount; in their place is ClientStartTime where SMB 3.1.1 is not offered. */
const requestContexts: Split<readonly NegotiateContext[]> = {
  split: true,
  read(from) {
    const offset = from.u32();
    const count = from.u16();
    return () => {
      if (!offers(from, dialectRevision['3.1.1'])) return [];
      if (count > 0) from.seek(offset);
      return readContexts(from, count);
    };
  },
  write(to, contexts) {
    const patchOffset = placeholder(to, u32);
    u16.write(to, contexts.length);
    return () => {
      if (contexts.length === 0) return;
      to.align(8);
      patchOffset(to.at);
      writeContexts(to, contexts);
    };
  },
};

function offers(from: Reader, revision: number): boolean {
  for (let at = peek(from, dialectCountAt, u16) - 1; at >= 0; at--) {
    if (peek(from, dialectsAt + 2 * at, u16) === revision) return true;
  }
  return false;
}

const dialectAt = headerSize + 4;
const contextCountAt = headerSize + 6;

/** NegotiateContextOffset, whose NegotiateContextCount stands before; both mean nothing where the dialect is not 3.1.1. */
const responseContexts: Split<readonly NegotiateContext[]> = {
  split: true,
  read(from) {
    const offset = from.u32();
    return () => {
      if (peek(from, dialectAt, u16) !== dialectRevision['3.1.1']) return [];
      const count = peek(from, contextCountAt, u16);
      if (count > 0) from.seek(offset);
      return readContexts(from, count);
    };
  },
  write(to, contexts) {
    const patchOffset = placeholder(to, u32);
    to.patch16(contextCountAt, contexts.length);
    return () => {
      if (contexts.length === 0) return;
      to.align(8);
      patchOffset(to.at);
      writeContexts(to, contexts);
    };
  },
};

/** SMB2 NEGOTIATE Request (2.2.3). */
const request = layout({
  structureSize: fixed(u16, 36),
  dialects: counted(u16, u16),
  securityMode: u16,
  reserved: unused(2),
  capabilities: u32,
  clientGuid: octets(16),
  negotiateContexts: requestContexts,
  reserved2: unused(2),
});

/** SMB2 NEGOTIATE Response (2.2.4). */
const response = layout({
  structureSize: fixed(u16, 65),
  securityMode: u16,
  dialectRevision: u16,
  negotiateContextCount: unused(2),
  serverGuid: octets(16),
  capabilities: u32,
  maxTransactSize: u32,
  maxReadSize: u32,
  maxWriteSize: u32,
  /** FILETIME. */
  systemTime: u64,
  /** FILETIME. */
  serverStartTime: u64,
  /** The token of NegTokenInit2, by which the server proposes mechanisms; may be empty. */
  securityBuffer: buffer({ offset: u16, length: u16 }),
  negotiateContexts: responseContexts,
});

export type NegotiateRequest = ValueOf<typeof request>;
export type NegotiateResponse = ValueOf<typeof response>;

export const negotiate: Command<NegotiateRequest, NegotiateResponse> = {
  name: 'NEGOTIATE',
  code: 0,
  request,
  response,
};
