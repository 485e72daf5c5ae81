import type { LogonInitiator } from '../../security/mechanism.ts';
import { extendPreauthHash, noPreauthHash } from '../keys/preauth.ts';
import { negotiate } from '../messages/negotiate.ts';
import type { Exchange } from './exchange.ts';
import { failureOf, lost } from './failures.ts';
import { Logon } from './logon.ts';
import { type Agreement, agree, offer } from './negotiation.ts';
import type { ConnectionParameters } from './parameters.ts';
import { connectTree } from './tree.ts';

export interface Beginning {
  readonly exchange: Exchange;
  readonly parameters: ConnectionParameters;
  /** IPC$ is connected. */
  readonly done: (agreement: Agreement) => void;
}

/** From NEGOTIATE over SESSION_SETUP to TREE_CONNECT. */
export function begin({ exchange, parameters, done }: Beginning): void {
  const { serverName, initiator, previousSessionId = 0n, nonceStart } = parameters;
  const offered = offer(parameters);
  let preauthHash = noPreauthHash;
  const ask = {
    command: negotiate,
    request: offered,
    urgent: true,
    sent(message: Uint8Array) {
      preauthHash = extendPreauthHash(preauthHash, message);
    },
  };
  exchange.ask(ask, {
    answered({ header, isError, body, message }) {
      if (isError) throw failureOf(header.status, 'negotiating SMB');
      const agreement = agree(parameters, body);
      exchange.multiCredit = agreement.multiCredit;
      void new Logon({
        exchange,
        agreement,
        initiator,
        previousSessionId,
        nonceStart,
        preauthHash: extendPreauthHash(preauthHash, message),
        done() {
          connectTree({ exchange, agreement, offered, serverName, done: () => done(agreement) });
        },
      });
    },
  });
}

export interface Reauthentication {
  readonly exchange: Exchange;
  /** Null where there is no session yet. */
  readonly agreement: Agreement | null;
  readonly initiator: LogonInitiator;
  readonly done: () => void;
}

/** SESSION_SETUP again, of the same session and under its keys (MS-SMB2 3.2.4.2.3.1). */
export function reauthenticate({ exchange, agreement, initiator, done }: Reauthentication): void {
  if (agreement === null) throw lost('there is no SMB session to authenticate again');
  const unused = { previousSessionId: 0n, nonceStart: 0n, preauthHash: noPreauthHash };
  void new Logon({ exchange, agreement, initiator, ...unused, done });
}
