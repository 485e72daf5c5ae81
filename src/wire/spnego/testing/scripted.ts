import type { LogonStep, SecurityMechanism } from '../../security/mechanism.ts';
import type { SecurityContext } from '../../security/context.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const bytes = (said: string): Uint8Array => new Uint8Array(Buffer.from(said));

const context: SecurityContext = {
  sessionKey: bytes('key'),
  signatureLength: { sign: 3, seal: 3 },
  sign: () => bytes('mic'),
  verify: () => undefined,
  seal: (plaintext) => ({ sealed: plaintext, signature: bytes('mic') }),
  unseal: ({ sealed }) => sealed,
};

/** A mechanism that says its lines, the last of them null where it only listens; the context comes with the last. */
export class Scripted implements SecurityMechanism {
  readonly mechType: string;
  readonly heard: string[] = [];
  readonly #lines: (string | null)[];

  constructor(mechType: string, lines: readonly (string | null)[]) {
    this.mechType = mechType;
    this.#lines = [...lines];
  }

  start(): Uint8Array {
    return bytes(this.#lines.shift() ?? '');
  }

  step(token: Uint8Array): LogonStep {
    this.heard.push(text(token));
    const line = this.#lines.shift() ?? null;
    return { token: line === null ? null : bytes(line), context: this.#lines.length === 0 ? context : null };
  }

  signMechTypes(): Uint8Array {
    return bytes(`mic of ${this.mechType}`);
  }

  verifyMechTypes(_mechTypes: Uint8Array, mic: Uint8Array): void {
    this.heard.push(text(mic));
  }
}
