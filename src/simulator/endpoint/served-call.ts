import { decodeRequest, encodeResponse, type RpcCall, type RpcInterface } from '../../wire/ndr/call.ts';
import type { Account } from '../world/account.ts';
import type { Actor } from '../world/actor.ts';
import type { SimulatedHost } from '../world/host.ts';
import type { SimulatedSession } from '../world/session.ts';
import type { Handles } from './handles.ts';
import { hresults, ntStatuses, Refused } from './refusal.ts';

/** Who calls, and what he holds. */
export interface Caller {
  readonly host: SimulatedHost;
  readonly account: Account;
  /** The same as one who acts. */
  readonly actor: Actor;
  readonly handles: Handles;
}

/** An answer that comes when the world says so; disposed of where nobody waits for it any more. */
export interface Later<A> {
  readonly later: (answer: (value: A) => void) => Disposable;
}

/** A call of an interface that the host answers. */
export interface ServedCall {
  readonly interface: RpcInterface;
  readonly name: string;
  readonly opnum: number;
  /** Throws `UsherError` `bad_answer` for a stub that is none of the call, and `RpcFault`. */
  begin(caller: Caller, stub: Uint8Array): BegunCall;
}

/** A call whose parameters are known. */
export interface BegunCall {
  /** The session that it is about, where it is about one. */
  readonly session: SimulatedSession | null;
  /** The stub of the answer. Throws `RpcFault`. */
  answer(): Uint8Array | Later<Uint8Array>;
}

type Handler<Q, A> = (caller: Caller, request: Q) => A | Later<A>;

/** Which session a request is about. */
type About<Q> = (caller: Caller, request: Q) => SimulatedSession | null;

const aboutNone = (): null => null;

/** A call that says no with an HRESULT. `empty` is what else an answer has then. */
export function hresultCall<Q, A extends { readonly returnValue: number }>(
  call: RpcCall<Q, A>,
  empty: (request: Q) => Omit<A, 'returnValue'>,
  handler: Handler<Q, A>,
  about: About<Q> = aboutNone,
): ServedCall {
  const no = (request: Q, refused: Refused): A =>
    ({ ...empty(request), returnValue: hresults[refused.no] | 0 }) as unknown as A;
  return served(call, handler, no, about);
}

/** A call of IcaApi: it says no with FALSE and an NTSTATUS. */
export function ntStatusCall<Q, A extends { readonly returnValue: boolean; readonly pResult: number }>(
  call: RpcCall<Q, A>,
  empty: (request: Q) => Omit<A, 'returnValue' | 'pResult'>,
  handler: Handler<Q, A>,
  about: About<Q> = aboutNone,
): ServedCall {
  const no = (request: Q, refused: Refused): A =>
    ({ ...empty(request), pResult: ntStatuses[refused.no], returnValue: false }) as unknown as A;
  return served(call, handler, no, about);
}

/** A call whose handler itself says everything there is to say. */
export function plainCall<Q, A>(call: RpcCall<Q, A>, handler: (caller: Caller, request: Q) => A): ServedCall {
  const no = (_request: Q, refused: Refused): A => {
    throw refused;
  };
  return served(call, handler, no, aboutNone);
}

function served<Q, A>(
  call: RpcCall<Q, A>,
  handler: Handler<Q, A>,
  no: (request: Q, refused: Refused) => A,
  about: About<Q>,
): ServedCall {
  const { interface: of, name, opnum } = call;
  const orNo = (request: Q, act: () => A | Later<A>): A | Later<A> => {
    try {
      return act();
    } catch (error) {
      if (error instanceof Refused) return no(request, error);
      throw error;
    }
  };
  return {
    interface: of,
    name,
    opnum,
    begin(caller, stub) {
      const request = decodeRequest(call, stub);
      return {
        session: about(caller, request),
        answer() {
          const value = orNo(request, () => handler(caller, request));
          if (!isLater(value)) return encodeResponse(call, value);
          return { later: (answer) => value.later((one) => answer(encodeResponse(call, one))) };
        },
      };
    },
  };
}

function isLater<A>(value: A | Later<A>): value is Later<A> {
  return typeof value === 'object' && value !== null && 'later' in value;
}
