import type { Codec } from '../../bytes/codec.ts';
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import { type Header, header, headerSize } from './header.ts';

/** A request and its response, which both follow a header. Their buffers' offsets count from the header's beginning. */
export interface Command<Request, Response> {
  /** As the specification calls it, without `SMB2`. */
  readonly name: string;
  readonly code: number;
  /** Whether it is about something in a share: its header bears a TreeId. */
  readonly onTree?: true;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
}

/** The header of a message. */
export function decodeHeader(message: Uint8Array): Header {
  return header.read(new Reader('SMB2 header', message));
}

/** What follows the header. Servers pad: what lies behind is left alone. */
export function decodeBody<T>(name: string, body: Codec<T>, message: Uint8Array): T {
  const reader = new Reader(`SMB2 ${name}`, message);
  reader.skip(headerSize);
  return body.read(reader);
}

export function encodeMessage<T>(head: Header, body: Codec<T>, value: T): Uint8Array {
  const writer = new Writer();
  header.write(writer, head);
  body.write(writer, value);
  return writer.finish();
}
