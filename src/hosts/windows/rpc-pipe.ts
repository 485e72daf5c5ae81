import { UsherError } from '../../sessions/errors.ts';
import { decodeResponse, encodeRequest, type RpcCall, type RpcInterface } from '../../wire/ndr/call.ts';
import { RpcClient } from '../../wire/rpc/client/client.ts';
import type { CallId, RpcEvent } from '../../wire/rpc/client/events.ts';
import type { ClientSecurity } from '../../wire/rpc/client/parameters.ts';
import type { FileId } from '../../wire/smb/messages/file-id.ts';
import type { PipeReader, SmbClient } from './smb-client.ts';

/** How a call is made. */
export interface CallOptions {
  /** For errors: `listing sessions`. */
  readonly operation: string;
  /** How many fragments the answer may have: so many reads wait for it at once. */
  readonly fragments?: number;
}

/** Opens one more instance of the interfaces' pipe, with a logon of its own inside RPC. Throws `UsherError`. */
export type OpenPipe = (...interfaces: readonly [RpcInterface, ...RpcInterface[]]) => Promise<RpcPipe>;

interface Waiter {
  readonly answered: (stub: Uint8Array) => void;
  readonly failed: (error: unknown) => void;
}

/** Bytes of a READ: the longest fragment that is taken. */
const longestRead = 0xffff;

/**
 * DCE/RPC over a named pipe. A request is one WRITE for each fragment; for every answer that is to come a READ is parked at the
 * host, so that an answer costs no round trip of its own.
 */
export class RpcPipe {
  readonly #smb: SmbClient;
  readonly #pipe: FileId;
  readonly #rpc: RpcClient;
  readonly #waiters = new Map<CallId, Waiter>();
  readonly #reader: PipeReader = {
    read: (bytes) => {
      this.#parked -= 1;
      if (bytes !== null) this.#rpc.receive(bytes);
      this.#pump();
    },
    lost: (error) => {
      this.#parked -= 1;
      this.#lose(error);
    },
  };
  readonly #bound = Promise.withResolvers<ReadonlyMap<string, UsherError | null>>();
  /** By interface; null until they are bound. */
  #refusals: ReadonlyMap<string, UsherError | null> | null = null;
  readonly #lose = (error: UsherError): void => {
    if (this.#lost !== null) return;
    this.#lost = error;
    this.#bound.reject(error);
    for (const { failed } of this.#waiters.values()) failed(error);
    this.#waiters.clear();
  };
  #parked = 0;
  #ahead = 0;
  #lost: UsherError | null = null;
  #isClosed = false;

  private constructor(
    smb: SmbClient,
    pipe: FileId,
    interfaces: readonly RpcInterface[],
    security: ClientSecurity | null,
  ) {
    this.#smb = smb;
    this.#pipe = pipe;
    this.#rpc = new RpcClient({ interfaces, security });
    this.#bound.promise.catch(() => undefined);
    this.#pump();
  }

  /** Opens an instance of the interfaces' pipe and binds them all. Throws `UsherError`. */
  static async open(
    smb: SmbClient,
    interfaces: readonly [RpcInterface, ...RpcInterface[]],
    security: ClientSecurity | null,
  ): Promise<RpcPipe> {
    const pipe = new RpcPipe(smb, await smb.open(interfaces[0].pipe), interfaces, security);
    try {
      await pipe.#bound.promise;
      return pipe;
    } catch (error) {
      void pipe.close();
      throw error;
    }
  }

  /** Why nothing comes through this pipe any more; null while it stands. */
  get lost(): UsherError | null {
    return this.#smb.lost ?? this.#lost;
  }

  /** Throws `UsherError`: a fault by its name, `unsupported` where the interface is not bound. */
  call<Request, Response>(
    call: RpcCall<Request, Response>,
    request: Request,
    { operation, fragments = 1 }: CallOptions,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const ask = (refusals: ReadonlyMap<string, UsherError | null>): void => {
        const refusal = refusals.get(call.interface.uuid) ?? this.#lost;
        if (refusal !== null) return reject(refusal);
        const facts = { interface: call.interface, opnum: call.opnum, stub: encodeRequest(call, request), operation };
        this.#waiters.set(this.#rpc.call(facts), {
          answered: (stub) => resolve(decodeResponse(call, stub)),
          failed: reject,
        });
        this.#ahead = Math.max(this.#ahead, fragments - 1);
        this.#pump();
      };
      if (this.#refusals === null) this.#bound.promise.then(ask).catch(reject);
      else ask(this.#refusals);
    });
  }

  /** Why the host does not offer an interface that was to be bound; null where it does. */
  async refusalOf({ uuid }: RpcInterface): Promise<UsherError | null> {
    return (await this.#bound.promise).get(uuid) ?? null;
  }

  /** Closes this instance of the pipe. What was called in the same turn is still sent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#bound.promise.catch(() => undefined);
    this.#lose(new UsherError({ code: 'connection_lost', message: 'the pipe was closed' }));
    await this.#smb.close(this.#pipe).catch(() => undefined);
  }

  #pump(): void {
    const { send, events } = this.#rpc.take();
    for (const pdu of send) this.#smb.write(this.#pipe, pdu, this.#lose);
    for (const event of events) this.#hear(event);
    const { awaited, fragmentsToCome } = this.#rpc;
    if (awaited === 0) this.#ahead = 0;
    const ahead = fragmentsToCome === null ? this.#ahead : Math.min(this.#ahead, fragmentsToCome - 1);
    const wanted = awaited === 0 ? 0 : awaited + ahead;
    while (this.#lost === null && this.#parked < wanted && (this.#parked < awaited || this.#smb.mayReadAhead)) {
      this.#park();
    }
  }

  #park(): void {
    this.#parked += 1;
    this.#smb.read(this.#pipe, longestRead, this.#reader);
  }

  #hear(event: RpcEvent): void {
    switch (event.kind) {
      case 'bound': {
        const refusals = event.interfaces.map((one) => [one.interface.uuid, one.refusal] as const);
        this.#refusals = new Map(refusals);
        return this.#bound.resolve(this.#refusals);
      }
      case 'answered':
        return this.#end(event.call, event.stub);
      case 'failed':
        return this.#end(event.call, event.error);
      case 'cancelled':
        return;
      case 'closed':
        return this.#lose(event.error);
    }
  }

  #end(id: CallId, outcome: Uint8Array | UsherError): void {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    if (waiter === undefined) return;
    if (outcome instanceof UsherError) return waiter.failed(outcome);
    try {
      waiter.answered(outcome);
    } catch (error) {
      waiter.failed(error);
    }
  }
}
