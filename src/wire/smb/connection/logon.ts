import { UsherError } from '../../../sessions/errors.ts';
import type { ValueOf } from '../../bytes/codec.ts';
import type { SecurityContext } from '../../security/context.ts';
import type { LogonInitiator } from '../../security/mechanism.ts';
import { deriveKeys } from '../keys/derivation.ts';
import { extendPreauthHash, noPreauthHash } from '../keys/preauth.ts';
import { sessionFlag, sessionSetup } from '../messages/session-setup.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import type { Exchange } from './exchange.ts';
import { broken, failureOf, UnprotectedFailure } from './failures.ts';
import { type Agreement, clientSecurityMode } from './negotiation.ts';
import { limits } from './parameters.ts';
import { Protection } from './protection.ts';
import type { Answer } from './request.ts';

export interface LogonFacts {
  readonly exchange: Exchange;
  readonly agreement: Agreement;
  readonly initiator: LogonInitiator;
  readonly previousSessionId: bigint;
  readonly nonceStart: bigint;
  /** Connection.PreauthIntegrityHashValue. */
  readonly preauthHash: Uint8Array;
  /** The session is established, or authenticated again. */
  readonly done: () => void;
}

type SetupAnswer = Answer<ValueOf<typeof sessionSetup.response>>;

/** SESSION_SETUP, request by request (MS-SMB2 3.2.4.2.3), of a new session or again of the one that there is. */
export class Logon {
  readonly #facts: LogonFacts;
  readonly #isNew: boolean;
  #preauthHash: Uint8Array;
  #context: SecurityContext | null = null;
  #rounds = 0;

  constructor(facts: LogonFacts) {
    this.#facts = facts;
    this.#isNew = facts.exchange.protection === null;
    this.#preauthHash = facts.preauthHash;
    this.#send(facts.initiator.start(facts.agreement.response.securityBuffer));
  }

  #send(token: Uint8Array): void {
    const { exchange, previousSessionId } = this.#facts;
    if (++this.#rounds > limits.logonRounds)
      throw refused(`the host is not satisfied after ${limits.logonRounds} tokens`);
    const ask = {
      command: sessionSetup,
      request: {
        flags: 0,
        securityMode: clientSecurityMode,
        capabilities: 0,
        securityBuffer: token,
        previousSessionId: this.#isNew ? previousSessionId : 0n,
      },
      accepts: [ntStatus.STATUS_MORE_PROCESSING_REQUIRED],
      urgent: true,
      sent: (message: Uint8Array) => {
        this.#hash(message);
      },
    };
    exchange.ask(ask, {
      answered: (answer) => {
        this.#take(answer);
      },
    });
  }

  #hash(message: Uint8Array): void {
    this.#preauthHash = extendPreauthHash(this.#preauthHash, message);
  }

  #take(answer: SetupAnswer): void {
    const { header, body, message } = answer;
    const { exchange, done } = this.#facts;
    if (body === null) throw failureOf(header.status, 'logging on');
    if (exchange.sessionId === 0n) exchange.sessionId = header.sessionId;
    if (header.sessionId === 0n || header.sessionId !== exchange.sessionId) {
      throw broken('the host changed the SMB session while logging on');
    }
    if (header.status === ntStatus.STATUS_MORE_PROCESSING_REQUIRED) {
      this.#hash(message);
      const token = this.#hear(body.securityBuffer);
      if (token === null) throw refused('there is nothing left to say to the host, which is not satisfied');
      this.#send(token);
      return;
    }
    const unsaid = body.securityBuffer.length === 0 ? null : this.#hear(body.securityBuffer);
    if (this.#context === null || unsaid !== null) throw refused('the host ended the logon before it was complete');
    if ((body.sessionFlags & (sessionFlag.isGuest | sessionFlag.isNull)) !== 0) {
      throw refused('the host let the user in as a guest, which is no logon');
    }
    if (this.#isNew) this.#establish(this.#context.sessionKey, answer, body.sessionFlags);
    done();
  }

  /** What is said to the server's token. */
  #hear(serverToken: Uint8Array): Uint8Array | null {
    const { token, context } = this.#facts.initiator.step(serverToken);
    this.#context = context ?? this.#context;
    return token;
  }

  /** The keys come of what was said until now, and the server's last word is signed with them (3.2.5.3.1). */
  #establish(sessionKey: Uint8Array, { header, message }: SetupAnswer, sessionFlags: number): void {
    const { exchange, agreement, nonceStart } = this.#facts;
    const { dialect, cipher, signingAlgorithm } = agreement;
    const demandsEncryption = (sessionFlags & sessionFlag.encryptData) !== 0;
    if (demandsEncryption && cipher === null) {
      throw new UnprotectedFailure('encryption', 'the host demands encryption, and no cipher was agreed upon');
    }
    const preauthHash = dialect === '3.1.1' ? this.#preauthHash : noPreauthHash;
    const keys = deriveKeys({ dialect, sessionKey, preauthHash, cipher });
    const protection = new Protection({ sessionId: header.sessionId, keys, signingAlgorithm, cipher, nonceStart });
    protection.checkSignature(message, header);
    exchange.protection = protection;
  }
}

function refused(message: string): UsherError {
  return new UsherError({ code: 'logon_failed', message });
}
