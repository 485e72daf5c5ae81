import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { decodeRequest, encodeResponse, type RpcCall, type RpcInterface } from '../../../wire/ndr/call.ts';
import { winreg } from '../../../wire/ms-rrp/interface.ts';
import {
  icaApi,
  rcmListener,
  rcmPublic,
  sessEnvPublicRpc,
  termSrvEnumeration,
  termSrvNotification,
  termSrvSession,
} from '../../../wire/ms-tsts/interfaces.ts';
import type { LogonSide } from '../../../wire/security/mechanism.ts';
import { RpcServer } from '../../../wire/rpc/server/server.ts';
import type { FaultStatusName } from '../../../wire/rpc/status.ts';
import { takeFrame } from '../../../wire/smb/frames.ts';
import { cancel } from '../../../wire/smb/messages/cancel.ts';
import { close } from '../../../wire/smb/messages/close.ts';
import { create } from '../../../wire/smb/messages/create.ts';
import { read } from '../../../wire/smb/messages/read.ts';
import { write } from '../../../wire/smb/messages/write.ts';
import { ntStatus } from '../../../wire/ms-erref/ntstatus.ts';
import { usualScript, wellBehaved } from '../../../wire/smb/testing/dialogue.ts';
import { bodyOf, type Handler, type Request, ScriptedServer } from '../../../wire/smb/testing/server.ts';

interface Fault {
  readonly fault: FaultStatusName;
}

export const fault = (name: FaultStatusName): Fault => ({ fault: name });

/** What a host answers to a call: at once, or when the promise is kept. */
export interface Answer {
  readonly interface: RpcInterface;
  readonly name: string;
  readonly opnum: number;
  readonly respond: (stub: Uint8Array) => Response | Promise<Response>;
}

type Response = Uint8Array | Fault;

export function answer<Q, A extends object>(
  call: RpcCall<Q, A>,
  told: (request: Q) => A | Fault | Promise<A | Fault>,
): Answer {
  const encode = (value: A | Fault): Response => ('fault' in value ? value : encodeResponse(call, value));
  return {
    ...call,
    respond(stub) {
      const value = told(decodeRequest(call, stub));
      return value instanceof Promise ? value.then(encode) : encode(value);
    },
  };
}

export interface HostParts {
  /** The last of several for one call is meant. A call without an answer is one that the host does not have. */
  readonly answers: readonly Answer[];
  /** Without these pipes. */
  readonly missing?: readonly string[];
  readonly longestFragment?: number;
  /** How many READs it lets wait: what is more it refuses. */
  readonly mostWaiting?: number;
  /** Who answers those who log on to RPC; nobody can where nothing is said. */
  readonly acceptor?: () => LogonSide;
  /** What the host does with SMB requests otherwise, by their command code. */
  readonly handlers?: readonly (readonly [code: number, handler: Handler])[];
}

const interfaces = [
  termSrvSession,
  termSrvEnumeration,
  termSrvNotification,
  rcmPublic,
  rcmListener,
  icaApi,
  sessEnvPublicRpc,
  winreg,
];

/** One open pipe: its RPC server, the PDUs that wait for a READ and the READs that wait for a PDU. */
interface Instance {
  readonly name: string;
  readonly rpc: RpcServer;
  readonly said: Uint8Array[];
  readonly parked: Request[];
}

/** A Windows host behind a loopback port. Its SMB does as it should, and its RPC is our own server's side. */
export class LoopbackHost implements AsyncDisposable {
  /** The calls that came, by name, in their order. */
  readonly calls: string[] = [];
  answers: readonly Answer[];
  /** The instances of pipes that are open, by name. */
  readonly openPipes: string[] = [];
  /** Pipes that break when they are written to. */
  broken: readonly string[] = [];
  readonly #parts: HostParts;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(parts: HostParts) {
    this.#parts = parts;
    this.answers = parts.answers;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(parts: HostParts): Promise<LoopbackHost> {
    const host = new LoopbackHost(parts);
    const listening = Promise.withResolvers<void>();
    host.#server.listen(0, '127.0.0.1', listening.resolve);
    await listening.promise;
    return host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections as a host does that goes down in order. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = Promise.withResolvers<void>();
    this.#server.close(() => closed.resolve());
    await closed.promise;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    const pipes = new Pipes(this, this.#parts, (frames) => socket.write(Buffer.concat(frames)));
    let received: Uint8Array = new Uint8Array();
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      const frames: Uint8Array[] = [];
      for (let taken = takeFrame(received, 2 ** 24); taken !== null; taken = takeFrame(received, 2 ** 24)) {
        const length = received.length - taken.rest.length;
        frames.push(...pipes.server.receive(received.subarray(0, length)));
        received = taken.rest;
      }
      if (frames.length > 0) socket.write(Buffer.concat(frames));
    });
  }
}

/** The pipes of one connection. */
class Pipes {
  readonly server: ScriptedServer;
  readonly #host: LoopbackHost;
  readonly #parts: HostParts;
  readonly #send: (frames: readonly Uint8Array[]) => void;
  readonly #open = new Map<bigint, Instance>();

  constructor(host: LoopbackHost, parts: HostParts, send: (frames: readonly Uint8Array[]) => void) {
    this.#host = host;
    this.#parts = parts;
    this.#send = send;
    const handlers: readonly (readonly [number, Handler])[] = [
      ...wellBehaved,
      [create.code, (request) => this.#create(request)],
      [write.code, (request) => this.#write(request)],
      [read.code, (request) => this.#read(request)],
      [close.code, (request) => this.#close(request)],
      [cancel.code, (request) => this.#cancel(request)],
      ...(parts.handlers ?? []),
    ];
    this.server = new ScriptedServer({ ...usualScript, credits: 64 }, new Map(handlers));
  }

  #create(request: Request): readonly Uint8Array[] {
    const { name } = bodyOf(request, create);
    const offered = interfaces.filter(({ pipe }) => pipe === name && !(this.#parts.missing ?? []).includes(pipe));
    if (offered.length === 0) return [this.server.error(request, ntStatus.STATUS_OBJECT_NAME_NOT_FOUND)];
    const volatile = BigInt(this.#open.size + 1);
    const { longestFragment = 4280, acceptor } = this.#parts;
    const rpc = new RpcServer({
      interfaces: offered,
      acceptor: () => acceptor?.() ?? null,
      associationGroupId: 1,
      longestFragment,
    });
    this.#open.set(volatile, { name, rpc, said: [], parked: [] });
    this.#host.openPipes.push(name);
    const times = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };
    const sizes = { allocationSize: 4096n, endOfFile: 0n, fileAttributes: 0x80, createAction: 1 };
    const fileId = { persistent: 1n, volatile };
    return [this.server.answer(request, create, { oplockLevel: 0, flags: 0, ...times, ...sizes, fileId })];
  }

  #write(request: Request): readonly Uint8Array[] {
    const { data, fileId } = bodyOf(request, write);
    const instance = this.#instance(fileId.volatile);
    if (this.#host.broken.includes(instance.name)) return [this.server.error(request, ntStatus.STATUS_PIPE_BROKEN)];
    instance.rpc.receive(data);
    const written = this.server.answer(request, write, { count: data.length });
    return [written, ...this.#turn(instance)];
  }

  #read(request: Request): readonly Uint8Array[] {
    const instance = this.#instance(bodyOf(request, read).fileId.volatile);
    const waiting = [...this.#open.values()].reduce((sum, { parked }) => sum + parked.length, 0);
    if (instance.said.length === 0 && waiting >= (this.#parts.mostWaiting ?? Number.POSITIVE_INFINITY)) {
      return [this.server.error(request, ntStatus.STATUS_INSUFFICIENT_RESOURCES)];
    }
    instance.parked.push(request);
    return this.#deliver(instance);
  }

  /** A CANCEL bears the MessageId of what it gives up. */
  #cancel({ header: { messageId } }: Request): readonly Uint8Array[] {
    for (const { parked } of this.#open.values()) {
      const at = parked.findIndex(({ header }) => header.messageId === messageId);
      const [given] = at < 0 ? [] : parked.splice(at, 1);
      if (given !== undefined) return [this.server.error(given, ntStatus.STATUS_CANCELLED)];
    }
    return [];
  }

  #close(request: Request): readonly Uint8Array[] {
    const { volatile } = bodyOf(request, close).fileId;
    const { name, parked } = this.#instance(volatile);
    this.#host.openPipes.splice(this.#host.openPipes.indexOf(name), 1);
    const times = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };
    const closed = { flags: 0, ...times, allocationSize: 0n, endOfFile: 0n, fileAttributes: 0 };
    return [
      ...parked.splice(0).map((waiting) => this.server.error(waiting, ntStatus.STATUS_PIPE_BROKEN)),
      this.server.answer(request, close, closed),
    ];
  }

  #instance(volatile: bigint): Instance {
    const instance = this.#open.get(volatile);
    if (instance === undefined) throw new Error('no such pipe is open');
    return instance;
  }

  /** What the RPC server makes of what it has heard. */
  #turn(instance: Instance): readonly Uint8Array[] {
    const { send, events } = instance.rpc.take();
    instance.said.push(...send);
    for (const event of events) {
      if (event.kind !== 'called') continue;
      const called = this.#host.answers.findLast(
        ({ interface: { uuid }, opnum }) => uuid === event.interface.uuid && opnum === event.opnum,
      );
      this.#host.calls.push(called?.name ?? `opnum ${event.opnum}`);
      const response = called?.respond(event.stub) ?? fault('nca_s_op_rng_error');
      if (!(response instanceof Promise)) respond(instance.rpc, event.call, response);
      else
        void response.then((late) => {
          respond(instance.rpc, event.call, late);
          this.#send(this.#turn(instance));
        });
    }
    instance.said.push(...instance.rpc.take().send);
    return this.#deliver(instance);
  }

  #deliver({ said, parked }: Instance): readonly Uint8Array[] {
    const frames: Uint8Array[] = [];
    while (said.length > 0 && parked.length > 0) {
      const [data, request] = [said.shift(), parked.shift()];
      if (data === undefined || request === undefined) break;
      frames.push(this.server.answer(request, read, { data, dataRemaining: 0, flags: 0 }));
    }
    return frames;
  }
}

function respond(rpc: RpcServer, call: number, response: Response): void {
  if (response instanceof Uint8Array) rpc.respond(call, response);
  else rpc.fault(call, response.fault);
}
