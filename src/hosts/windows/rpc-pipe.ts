import { UsherError } from '../../sessions/errors.ts';
import { decodeResponse, encodeRequest, type RpcCall, type RpcInterface } from '../../wire/ndr/call.ts';
import { RpcClient } from '../../wire/rpc/client/client.ts';
import type { CallId, RpcEvent } from '../../wire/rpc/client/events.ts';
import type { ClientSecurity } from '../../wire/rpc/client/parameters.ts';
import type { SyntaxId } from '../../wire/rpc/pdus/syntax-id.ts';
import type { FileId } from '../../wire/smb/messages/file-id.ts';
import type { PipeReader, SmbClient } from './smb-client.ts';

/** How a call is made. */
export interface CallOptions {
  /** For errors: `listing sessions`. */
  readonly operation: string;
  /** How many fragments the answer may have: so many reads wait for it at once. */
  readonly fragments?: number;
}

interface Waiter {
  readonly resolve: (stub: Uint8Array) => void;
  readonly reject: (error: UsherError) => void;
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
    this.#rpc = new RpcClient({ interfaces: interfaces.map(syntaxOf), security });
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
  async call<Request, Response>(
    call: RpcCall<Request, Response>,
    request: Request,
    { operation, fragments = 1 }: CallOptions,
  ): Promise<Response> {
    const refusals = this.#refusals ?? (await this.#bound.promise);
    const refusal = refusals.get(call.interface.uuid) ?? null;
    if (refusal !== null) throw refusal;
    if (this.#lost !== null) throw this.#lost;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const stub = encodeRequest(call, request);
    const facts = { interface: syntaxOf(call.interface), opnum: call.opnum, stub, operation };
    this.#waiters.set(this.#rpc.call(facts), { resolve, reject });
    this.#ahead = Math.max(this.#ahead, fragments - 1);
    this.#pump();
    return decodeResponse(call, await promise);
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
    for (const pdu of send) this.#smb.write(this.#pipe, pdu).catch((error: unknown) => this.#lose(error));
    for (const event of events) this.#hear(event);
    const { awaited } = this.#rpc;
    if (awaited === 0) this.#ahead = 0;
    const wanted = awaited === 0 ? 0 : awaited + this.#ahead;
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
        this.#waiters.get(event.call)?.resolve(event.stub);
        this.#waiters.delete(event.call);
        return;
      case 'failed':
        this.#waiters.get(event.call)?.reject(event.error);
        this.#waiters.delete(event.call);
        return;
      case 'cancelled':
        return;
      case 'closed':
        return this.#lose(event.error);
    }
  }

  #lose(error: unknown): void {
    if (this.#lost !== null) return;
    this.#lost =
      error instanceof UsherError ? error : new UsherError({ code: 'connection_lost', message: String(error) });
    this.#bound.reject(this.#lost);
    for (const { reject } of this.#waiters.values()) reject(this.#lost);
    this.#waiters.clear();
  }
}

const syntaxOf = ({ uuid, major, minor }: RpcInterface): SyntaxId => ({ uuid, major, minor });
