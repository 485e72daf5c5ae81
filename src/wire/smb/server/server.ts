import type { SmbServerParameters } from './parameters.ts';
import { Session } from './session.ts';

/** Whom a session belongs to. */
interface Owner {
  readonly session: Session;
  /** Ends the session and all that is open in it. */
  readonly drop: () => void;
}

/** Where SessionIds begin: high, as those of Windows do. */
const firstSessionId = 0x4000_0000_0001n;

/** The SMB 2 and 3 server of one host: what its connections share. */
export class SmbServer {
  readonly parameters: SmbServerParameters;
  /** GlobalSessionTable (MS-SMB2 3.3.1.5). */
  readonly #owners = new Map<bigint, Owner>();
  readonly #hint: Uint8Array;
  #nextSessionId = firstSessionId;

  constructor(parameters: SmbServerParameters) {
    this.parameters = parameters;
    this.#hint = parameters.logon().hint();
  }

  /** By which mechanisms one logs on here, as the answer to NEGOTIATE tells. */
  get hint(): Uint8Array {
    return this.#hint;
  }

  /** Sessions of all connections. */
  get sessions(): number {
    return this.#owners.size;
  }

  begin(drop: (session: Session) => void): Session {
    const session = new Session(this.#nextSessionId);
    this.#nextSessionId += 4n;
    this.#owners.set(session.id, {
      session,
      drop: () => {
        drop(session);
      },
    });
    return session;
  }

  forget(session: Session): void {
    this.#owners.delete(session.id);
  }

  /** Ends the session that a user had before his connection was cut (PreviousSessionId, 3.3.5.5.3). */
  replace(previousSessionId: bigint, by: Session): void {
    const previous = this.#owners.get(previousSessionId);
    const [was, is] = [previous?.session.account, by.account];
    if (previous === undefined || previous.session === by || !was || !is) return;
    const isSame =
      was.user.toLowerCase() === is.user.toLowerCase() && was.domain.toLowerCase() === is.domain.toLowerCase();
    if (isSame) previous.drop();
  }
}
