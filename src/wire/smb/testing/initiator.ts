import type { SecurityContext } from '../../security/context.ts';
import type { LogonInitiator, LogonStep } from '../../security/mechanism.ts';

/** The key that both sides have in the end. */
export const sessionKey: Uint8Array = Uint8Array.from({ length: 32 }, (_, at) => at + 1);

const unused = (): never => {
  throw new TypeError('SMB signs and seals with keys of its own');
};

const context: SecurityContext = {
  sessionKey,
  signatureLength: { sign: 0, seal: 0 },
  sign: unused,
  verify: unused,
  seal: unused,
  unseal: unused,
};

/** Says two tokens, and then has the key. */
export class TwoTokens implements LogonInitiator {
  readonly heard: string[] = [];

  start(hint: Uint8Array): Uint8Array {
    this.heard.push(Buffer.from(hint).toString());
    return Buffer.from('token 1');
  }

  step(token: Uint8Array): LogonStep {
    this.heard.push(Buffer.from(token).toString());
    return this.heard.length === 2 ? { token: Buffer.from('token 2'), context } : { token: null, context: null };
  }
}
