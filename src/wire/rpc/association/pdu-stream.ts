import { plain } from '../../bytes/room.ts';
import { broken } from '../failures.ts';
import { headerSize, packetName } from '../pdus/header.ts';
import { decodeHeader, decodePdu, type Pdu } from '../pdus/pdu.ts';

const nothing: Uint8Array = new Uint8Array();

/** Cuts what comes into PDUs, however it comes. */
export class PduStream {
  readonly #longest: number;
  #received = nothing;

  /** @param longest bytes of one PDU at most. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Whether the beginning of a PDU has come without its end. */
  get isWithin(): boolean {
    return this.#received.length > 0;
  }

  /** The bytes are not copied: they stay as they are until the next PDU has come. */
  push(bytes: Uint8Array): void {
    this.#received = plain(this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]));
  }

  /** The next PDU; null where it is not whole yet. Throws `UsherError` `bad_answer` where it is none, or too long. */
  next(): Pdu | null {
    if (this.#received.length < headerSize) return null;
    const header = decodeHeader(this.#received);
    const { ptype, fragLength } = header;
    if (fragLength < headerSize || fragLength > this.#longest) {
      const limits = `${headerSize} to ${this.#longest} may be`;
      throw broken(`${packetName(ptype)} has a frag_length of ${fragLength}, where ${limits}`);
    }
    if (this.#received.length < fragLength) return null;
    const pdu = decodePdu(this.#received.subarray(0, fragLength), header);
    const rest = this.#received.subarray(fragLength);
    // An empty rest would keep all of what came.
    this.#received = rest.length === 0 ? nothing : rest;
    return pdu;
  }
}
