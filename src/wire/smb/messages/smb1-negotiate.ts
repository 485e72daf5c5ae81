import { type Codec, constant, octets, u16, u32, u8 } from '../../bytes/codec.ts';
import { Reader } from '../../bytes/reader.ts';

/** The first bytes of an SMB message of version 1, as a number. */
export const smb1ProtocolId = 0x424d53ff;

/** Dialect strings by which a client of SMB 1 tells that it knows SMB 2 as well (MS-SMB2 3.3.5.3). */
export const smb1Dialect = { wildcard: 'SMB 2.???', '2.0.2': 'SMB 2.002' } as const;

const smbComNegotiate = 0x72;
const dialectFormat = 2;
/** Status, flags, process, tree and user: what a negotiation says nothing by ([MS-CIFS] 2.2.3.1). */
const restOfHeader = octets(27);

/** The dialect strings of SMB_COM_NEGOTIATE ([MS-CIFS] 2.2.4.52.1), by which a client may begin. Throws `UsherError` `bad_answer`. */
export function decodeSmb1Negotiate(message: Uint8Array): readonly string[] {
  const from = new Reader('SMB_COM_NEGOTIATE', message);
  const read = <T>(field: string, codec: Codec<T>): T => from.within(field, () => codec.read(from));
  read('protocolId', constant(u32, smb1ProtocolId));
  read('command', constant(u8, smbComNegotiate));
  read('header', restOfHeader);
  read('wordCount', constant(u8, 0));
  const bytes = from.take(read('byteCount', u16));
  const dialects: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== dialectFormat) throw from.wrong('holds something that is no dialect');
    const end = bytes.indexOf(0, at);
    if (end < 0) throw from.wrong('holds a dialect without an end');
    dialects.push(Buffer.from(bytes.subarray(at + 1, end)).toString('latin1'));
    at = end + 1;
  }
  return dialects;
}
