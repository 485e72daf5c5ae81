import { UsherError } from '../../../sessions/errors.ts';
import type { Codec } from '../../bytes/codec.ts';
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import { type Header, header, headerSize, lengthsAt, packetName } from './header.ts';
import { type AuthVerifier, authVerifier, secTrailerSize } from './sec-trailer.ts';

/** A kind of PDU: its PTYPE and what follows the header. Of request, response and fault that is what precedes the stub data. */
export interface PduKind<T> {
  readonly ptype: number;
  readonly body: Codec<T>;
}

/** A PDU as it came, taken apart as far as its lengths go. */
export interface Pdu {
  readonly header: Header;
  readonly bytes: Uint8Array;
  /** Where the body ends, and its authentication padding. */
  readonly bodyEnd: number;
  readonly paddingEnd: number;
  readonly verifier: AuthVerifier | null;
}

/** Throws `UsherError` `bad_answer` where its lengths do not fit. */
export function decodePdu(bytes: Uint8Array, head: Header = decodeHeader(bytes)): Pdu {
  const reader = new Reader(packetName(head.ptype), bytes);
  if (head.fragLength !== bytes.length) {
    throw reader.wrong(`has ${bytes.length} bytes, where its frag_length is ${head.fragLength}`);
  }
  if (head.authLength === 0) {
    return { header: head, bytes, bodyEnd: bytes.length, paddingEnd: bytes.length, verifier: null };
  }
  const paddingEnd = bytes.length - head.authLength - secTrailerSize;
  if (paddingEnd < headerSize) throw reader.wrong(`has an auth_length of ${head.authLength}, which is more than it is`);
  reader.seek(paddingEnd);
  const verifier = authVerifier.read(reader);
  const bodyEnd = paddingEnd - verifier.authPadLength;
  if (bodyEnd < headerSize) {
    throw reader.wrong(`has an auth_pad_length of ${verifier.authPadLength}, which is more than its body`);
  }
  return { header: head, bytes, bodyEnd, paddingEnd, verifier };
}

/** The header of a PDU that may not be whole yet. */
export function decodeHeader(bytes: Uint8Array): Header {
  return header.read(new Reader('RPC header', bytes));
}

/** A kind's fields and where they end. What lies behind them is left alone. */
export function decodeBody<T>({ ptype, body }: PduKind<T>, { bytes, bodyEnd }: Pdu): { value: T; end: number } {
  const reader = new Reader(packetName(ptype), bytes.subarray(0, bodyEnd));
  reader.skip(headerSize);
  return { value: body.read(reader), end: reader.at };
}

/** What a PDU's header tells besides what it is and how long. */
export interface PduHead {
  readonly pfcFlags: number;
  readonly callId: number;
}

/** A PDU that is neither signed nor sealed; with a verifier it is one step of a logon. */
export function encodePdu<T>(
  kind: PduKind<T>,
  head: PduHead,
  value: T,
  verifier?: Omit<AuthVerifier, 'authPadLength'>,
) {
  const writer = beginPdu(kind, head, value);
  if (verifier !== undefined) {
    const bodyEnd = writer.at;
    writer.align(4);
    authVerifier.write(writer, { ...verifier, authPadLength: writer.at - bodyEnd });
  }
  return finishPdu(writer, verifier?.token.length ?? 0);
}

/** Header and fields; lengths are still zero. */
export function beginPdu<T>({ ptype, body }: PduKind<T>, { pfcFlags, callId }: PduHead, value: T): Writer {
  const writer = new Writer();
  header.write(writer, { ptype, pfcFlags, fragLength: 0, authLength: 0, callId });
  body.write(writer, value);
  return writer;
}

const longest = 0xffff;

/** Throws `UsherError` `unsupported` where it is longer than a PDU can be, which a token may make it. */
export function finishPdu(writer: Writer, authLength: number): Uint8Array {
  if (writer.at > longest) {
    throw new UsherError({ code: 'unsupported', message: `an RPC PDU of ${writer.at} bytes, where ${longest} may be` });
  }
  writer.patch16(lengthsAt.fragLength, writer.at);
  writer.patch16(lengthsAt.authLength, authLength);
  return writer.finish();
}
