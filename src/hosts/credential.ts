import type { Host } from '../sessions/host.ts';

/** A password or passphrase that prints as `[secret]` wherever it is logged, joined or serialised. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** Where a driver asks for what it needs to log on. Each answer is null where there is none. */
export interface Credential {
  /** The account to log on as, where the host's URL names none. */
  readonly user: string | null;
  /** Private key files to try before those of the SSH configuration. */
  readonly identityFiles: readonly string[];
  /** The account's password on that host. Asked for only when no key was accepted. */
  password(host: Host, user: string): Promise<Secret | null>;
  /** The passphrase of a private key file. */
  passphrase(keyFile: string): Promise<Secret | null>;
  /** Told when the host has let the account in: what fails afterwards is not the password's doing. */
  accepted?(): void;
  /** The password that sudo asks for on that host. */
  sudoPassword(host: Host, user: string): Promise<Secret | null>;
}
