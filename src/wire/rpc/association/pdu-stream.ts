import { broken } from '../failures.ts';
import { headerSize, packetName } from '../pdus/header.ts';
import { decodeHeader, decodePdu, type Pdu } from '../pdus/pdu.ts';

/** Cuts what comes into PDUs, however it comes. */
export class PduStream {
  readonly #longest: number;
  #received: Uint8Array = new Uint8Array();

  /** @param longest bytes of one PDU at most. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Whether the beginning of a PDU has come without its end. */
  get isWithin(): boolean {
    return this.#received.length > 0;
  }

  push(bytes: Uint8Array): void {
    this.#received = this.#received.length === 0 ? bytes.slice() : Buffer.concat([this.#received, bytes]);
  }

  /** The next PDU; null where it is not whole yet. Throws `UsherError` `bad_answer` where it is none, or too long. */
  next(): Pdu | null {
    if (this.#received.length < headerSize) return null;
    const { ptype, fragLength } = decodeHeader(this.#received);
    if (fragLength < headerSize || fragLength > this.#longest) {
      const limits = `${headerSize} to ${this.#longest} may be`;
      throw broken(`${packetName(ptype)} has a frag_length of ${fragLength}, where ${limits}`);
    }
    if (this.#received.length < fragLength) return null;
    const pdu = decodePdu(new Uint8Array(this.#received.subarray(0, fragLength)));
    this.#received = this.#received.subarray(fragLength);
    return pdu;
  }
}
