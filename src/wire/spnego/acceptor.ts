import { UsherError } from '../../sessions/errors.ts';
import type { SecurityContext } from '../security/context.ts';
import type { LogonSide, LogonStep, MechanismExchange } from '../security/mechanism.ts';
import { mechTypesDer } from './mech-types.ts';
import { decodeNegTokenInit } from './neg-token-init.ts';
import { encodeNegTokenInit2, hintName } from './neg-token-init2.ts';
import { decodeNegTokenResp, encodeNegTokenResp } from './neg-token-resp.ts';

/** The server's side of SPNEGO (RFC 4178, [MS-SPNG] 3.2): it takes the initiator's best mechanism that it has too. */
export class SpnegoAcceptor implements LogonSide {
  readonly #mechanisms: readonly MechanismExchange[];
  #mechanism: MechanismExchange | null = null;
  #mechTypes = new Uint8Array();
  #context: SecurityContext | null = null;
  #micWanted = false;
  #done = false;

  constructor(mechanisms: readonly MechanismExchange[]) {
    this.#mechanisms = mechanisms;
  }

  /** What is told before the initiator has said anything, as in the answer to SMB2 NEGOTIATE. */
  hint(): Uint8Array {
    return encodeNegTokenInit2({
      mechTypes: this.#mechanisms.map(({ mechType }) => mechType),
      reqFlags: null,
      mechToken: null,
      negHints: { hintName, hintAddress: null },
      mechListMIC: null,
    });
  }

  step(token: Uint8Array): LogonStep {
    if (this.#done) throw wrong('it went on after its end');
    if (this.#mechanism === null) return this.#begin(token);
    const { negState, responseToken, mechListMIC } = decodeNegTokenResp(token);
    if (negState === 'reject') throw wrong('it gave up');
    return this.#goOn(this.#mechanism, responseToken, mechListMIC, {});
  }

  #begin(token: Uint8Array): LogonStep {
    const { mechTypes, mechToken } = decodeNegTokenInit(token);
    const supportedMech = mechTypes.find((mechType) => this.#mechanisms.some((ours) => ours.mechType === mechType));
    const mechanism = this.#mechanisms.find(({ mechType }) => mechType === supportedMech);
    if (mechanism === undefined || supportedMech === undefined) {
      throw new UsherError({ code: 'logon_failed', message: 'the client offers no mechanism that is known here' });
    }
    this.#mechanism = mechanism;
    this.#mechTypes = new Uint8Array(mechTypesDer(mechTypes));
    this.#micWanted = supportedMech !== mechTypes[0];
    if (this.#micWanted) return answer({ negState: 'request-mic', supportedMech });
    if (mechToken === null) return answer({ negState: 'accept-incomplete', supportedMech });
    return this.#goOn(mechanism, mechToken, null, { supportedMech });
  }

  #goOn(
    mechanism: MechanismExchange,
    token: Uint8Array | null,
    mic: Uint8Array | null,
    chosen: { readonly supportedMech?: string },
  ): LogonStep {
    let responseToken: Uint8Array | null = null;
    if (token !== null) {
      if (this.#context !== null) throw wrong('its mechanism went on after its end');
      const step = mechanism.step(token);
      responseToken = step.token;
      this.#context = step.context;
    }
    if (this.#context === null) {
      if (responseToken === null || mic !== null) throw wrong('its mechanism is not finished');
      return answer({ ...chosen, negState: 'accept-incomplete', responseToken });
    }
    if (mic === null && this.#micWanted) {
      if (responseToken === null) throw wrong('it did not prove its list of mechanisms');
      return answer({ ...chosen, negState: 'request-mic', responseToken });
    }
    let mechListMIC: Uint8Array | null = null;
    if (mic !== null) {
      mechanism.verifyMechTypes(this.#mechTypes, mic);
      mechListMIC = mechanism.signMechTypes(this.#mechTypes);
    }
    this.#done = true;
    const { token: last } = answer({ ...chosen, negState: 'accept-completed', responseToken, mechListMIC });
    return { token: last, context: this.#context };
  }
}

function answer(response: Parameters<typeof encodeNegTokenResp>[0]): LogonStep {
  return { token: encodeNegTokenResp(response), context: null };
}

function wrong(why: string): UsherError {
  return new UsherError({ code: 'bad_answer', message: `the client's SPNEGO token makes no sense: ${why}` });
}
