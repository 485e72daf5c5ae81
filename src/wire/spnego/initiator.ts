import { UsherError } from '../../sessions/errors.ts';
import type { SecurityContext } from '../security/context.ts';
import type { LogonInitiator, LogonStep, SecurityMechanism } from '../security/mechanism.ts';
import { mechTypesDer } from './mech-types.ts';
import { encodeNegTokenInit } from './neg-token-init.ts';
import { decodeNegTokenInit2 } from './neg-token-init2.ts';
import { decodeNegTokenResp, encodeNegTokenResp, type NegTokenResp } from './neg-token-resp.ts';

/**
 * The client's side of SPNEGO (RFC 4178, [MS-SPNG] 3.3) over the mechanisms that it may log on with, the best first. The best
 * one's first token goes out at once; wherever the host has a say after the logon, both sides prove the list.
 */
export class SpnegoInitiator implements LogonInitiator {
  readonly #mechanisms: readonly [SecurityMechanism, ...SecurityMechanism[]];
  readonly #mechTypes: readonly string[];
  #mechanism: SecurityMechanism;
  #context: SecurityContext | null = null;
  #stage: 'offered' | 'chosen' | 'done' = 'offered';
  #micWanted = false;
  #micSent = false;
  #micVerified = false;

  constructor(mechanisms: readonly [SecurityMechanism, ...SecurityMechanism[]]) {
    this.#mechanisms = mechanisms;
    this.#mechTypes = mechanisms.map(({ mechType }) => mechType);
    this.#mechanism = mechanisms[0];
  }

  /**
   * What the acceptor tells before is not proven, so nothing is left out on its word. Throws `UsherError` `unsupported` where it
   * has none of these mechanisms.
   */
  start(hint: Uint8Array = new Uint8Array()): Uint8Array {
    this.#check(hint);
    return encodeNegTokenInit({
      mechTypes: this.#mechTypes,
      reqFlags: null,
      mechToken: this.#mechanism.start(),
      mechListMIC: null,
    });
  }

  /** The context comes with the acceptor's last token. */
  step(token: Uint8Array): LogonStep {
    if (this.#stage === 'done') throw wrong('it went on after its end');
    const response = decodeNegTokenResp(token);
    if (response.negState === 'reject') {
      throw new UsherError({ code: 'logon_failed', message: 'the host refused the logon (SPNEGO reject)' });
    }
    if (response.negState === 'request-mic') this.#micWanted = true;
    if (this.#stage === 'offered') {
      this.#stage = 'chosen';
      if (this.#choose(response) === 'another') return answer({ responseToken: this.#mechanism.start() });
    }
    const said = this.#hear(response);
    return response.negState === 'accept-completed' ? this.#complete(said) : this.#goOn(said);
  }

  #check(hint: Uint8Array): void {
    if (hint.length === 0) return;
    const { mechTypes } = decodeNegTokenInit2(hint);
    if (mechTypes?.some((mechType) => this.#mechTypes.includes(mechType)) ?? true) return;
    throw new UsherError({
      code: 'unsupported',
      message: `the host logs nobody on by ${this.#mechTypes.join(' or ')}, but by ${mechTypes?.join(', ') ?? 'nothing'}`,
    });
  }

  /** Whether the acceptor takes the mechanism whose first token it has. */
  #choose({ negState, supportedMech, responseToken }: NegTokenResp): 'the best' | 'another' {
    const chosen = this.#mechanisms.find(({ mechType }) => mechType === supportedMech);
    if (chosen === undefined) throw wrong(`it chose ${supportedMech ?? 'no mechanism'}, which was not offered`);
    if (chosen === this.#mechanism) return 'the best';
    if (responseToken !== null || negState === 'accept-completed') {
      throw wrong(`it answered for ${chosen.mechType}, which had not begun`);
    }
    this.#mechanism = chosen;
    this.#micWanted = true;
    return 'another';
  }

  /** Hands over what the mechanism and its MIC are for, and gives what the mechanism says to it. */
  #hear({ responseToken, mechListMIC }: NegTokenResp): Uint8Array | null {
    let said: Uint8Array | null = null;
    if (responseToken !== null) {
      if (this.#context !== null) throw wrong('its mechanism went on after its end');
      const step = this.#mechanism.step(responseToken);
      said = step.token;
      this.#context = step.context;
    }
    if (mechListMIC !== null) {
      if (this.#context === null) throw wrong('it proved its list of mechanisms before the logon was finished');
      this.#mechanism.verifyMechTypes(mechTypesDer(this.#mechTypes), mechListMIC);
      this.#micVerified = true;
    }
    return said;
  }

  #complete(said: Uint8Array | null): LogonStep {
    if (this.#context === null || said !== null) throw wrong('it ended before the logon was finished');
    if ((this.#micSent || this.#micWanted) && !this.#micVerified) {
      throw wrong('it did not prove which mechanisms it was offered');
    }
    this.#stage = 'done';
    return { token: null, context: this.#context };
  }

  #goOn(said: Uint8Array | null): LogonStep {
    if (this.#context === null || this.#micSent) {
      if (said === null) throw wrong('it neither went on nor ended');
      return answer({ responseToken: said });
    }
    this.#micSent = true;
    const mechListMIC = this.#mechanism.signMechTypes(mechTypesDer(this.#mechTypes));
    return answer({ responseToken: said, mechListMIC });
  }
}

function answer(response: Partial<NegTokenResp>): LogonStep {
  return { token: encodeNegTokenResp({ negState: 'accept-incomplete', ...response }), context: null };
}

function wrong(why: string): UsherError {
  return new UsherError({ code: 'bad_answer', message: `the host's SPNEGO answer makes no sense: ${why}` });
}
