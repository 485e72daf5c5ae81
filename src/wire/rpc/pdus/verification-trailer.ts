import { type Codec, octets, u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import { littleEndian } from './header.ts';
import { syntaxId } from './syntax-id.ts';

/** rpc_sec_vt_bitmask ([MS-RPCE] 2.2.2.13.2). */
const bitmask = layout({ bits: u32 });
/** rpc_sec_vt_pcontext (2.2.2.13.4). */
const pcontext = layout({ interfaceId: syntaxId, transferSyntax: syntaxId });
/** rpc_sec_vt_header2 (2.2.2.13.3): what the header says where it is not signed itself. */
const header2 = layout({
  ptype: u8,
  reserved: unused(3),
  drep: fixed(u32, littleEndian),
  callId: u32,
  contextId: u16,
  opnum: u16,
});

/** The only bit of the bitmask: the bind said PFC_SUPPORT_HEADER_SIGN. */
export const clientSupportHeaderSigning = 1;

/** What a request proves of what was said before it ([MS-RPCE] 2.2.2.13); what it does not speak of is null. */
export interface VerificationTrailer {
  readonly bitmask: ValueOf<typeof bitmask> | null;
  readonly pcontext: ValueOf<typeof pcontext> | null;
  readonly header2: ValueOf<typeof header2> | null;
}

const signature = Uint8Array.of(0x8a, 0xe3, 0x13, 0x71, 0x02, 0xf4, 0x36, 0x71);

const commandType = { bitmask: 1, pcontext: 2, header2: 3 } as const;
const typeMask = 0x3fff;
const commandFlag = { end: 0x4000, mustProcess: 0x8000 } as const;

/** The bytes that follow a request's stub data at a multiple of 4. */
export function encodeVerificationTrailer(trailer: VerificationTrailer): Uint8Array {
  const commands = [
    command(commandType.bitmask, bitmask, trailer.bitmask),
    command(commandType.pcontext, pcontext, trailer.pcontext),
    command(commandType.header2, header2, trailer.header2),
  ].filter((write) => write !== null);
  const writer = new Writer();
  writer.put(signature);
  for (const [at, write] of commands.entries()) write(writer, at === commands.length - 1);
  return writer.finish();
}

function command<T>(type: number, codec: Codec<T>, value: T | null): ((to: Writer, isLast: boolean) => void) | null {
  if (value === null) return null;
  return (to, isLast) => {
    to.u16(type | (isLast ? commandFlag.end : 0));
    const lengthAt = to.at;
    to.u16(0);
    codec.write(to, value);
    to.patch16(lengthAt, to.at - lengthAt - 2);
  };
}

/** Stub data, and the trailer that stood behind it. */
export interface Trailed {
  readonly stub: Uint8Array;
  readonly trailer: VerificationTrailer | null;
}

/** No trailer is longer: every command that is known, and as much again of those that are not. */
const longest = 160;

/**
 * Takes the trailer off a request's stub data, by its signature at a multiple of 4. Padding between the two stays with the stub
 * data. Throws `UsherError` `bad_answer` where the trailer is garbled.
 */
export function takeVerificationTrailer(data: Uint8Array): Trailed {
  for (let at = data.length & ~3; at >= Math.max(0, data.length - longest); at -= 4) {
    if (!signature.every((byte, index) => data[at + index] === byte)) continue;
    const reader = new Reader('verification trailer', data);
    reader.seek(at + signature.length);
    return { stub: data.subarray(0, at), trailer: readCommands(reader) };
  }
  return { stub: data, trailer: null };
}

function readCommands(from: Reader): VerificationTrailer {
  const found: { -readonly [Name in keyof VerificationTrailer]: VerificationTrailer[Name] } = {
    bitmask: null,
    pcontext: null,
    header2: null,
  };
  for (;;) {
    const head = from.u16();
    const body = octets(from.u16()).read(from);
    const reader = new Reader('verification trailer', body);
    const type = head & typeMask;
    if (type === commandType.bitmask) found.bitmask = bitmask.read(reader);
    else if (type === commandType.pcontext) found.pcontext = pcontext.read(reader);
    else if (type === commandType.header2) found.header2 = header2.read(reader);
    else if ((head & commandFlag.mustProcess) !== 0) throw from.wrong(`demands command ${type}, which is not known`);
    if ((head & commandFlag.end) !== 0) return found;
  }
}
