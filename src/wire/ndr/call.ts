import { type Fields, type Members, parameters } from './struct.ts';
import { StubReader, StubWriter } from './stub.ts';
import type { Ndr } from './type.ts';

/** An interface of DCE/RPC, and the named pipe where it is found. */
export interface RpcInterface {
  readonly name: string;
  /** In lower case. */
  readonly uuid: string;
  readonly major: number;
  readonly minor: number;
  /** Without `\PIPE\`. */
  readonly pipe: string;
}

/** A call: what its request's and its response's stub hold. */
export interface RpcCall<Request, Response> {
  readonly interface: RpcInterface;
  /** As the specification calls it. */
  readonly name: string;
  readonly opnum: number;
  readonly request: Ndr<Request>;
  readonly response: Ndr<Response>;
}

export interface CallDeclaration<In extends Members, Out extends Members> {
  readonly name: string;
  readonly opnum: number;
  /** The `[in]` parameters. Binding handles (`handle_t`) do not travel. */
  readonly request: In;
  /** The `[out]` parameters, and the result at the end. */
  readonly response: Out;
}

export function rpcCall<In extends Members, Out extends Members>(
  of: RpcInterface,
  { name, opnum, request, response }: CallDeclaration<In, Out>,
): RpcCall<Fields<In>, Fields<Out>> {
  return { interface: of, name, opnum, request: parameters(request), response: parameters(response) };
}

export function encodeRequest<Request>(call: RpcCall<Request, unknown>, value: Request): Uint8Array {
  return encode(call.request, value);
}

export function encodeResponse<Response>(call: RpcCall<unknown, Response>, value: Response): Uint8Array {
  return encode(call.response, value);
}

/**
 * Throws `UsherError` `bad_answer`, naming call, field and offset. What follows is left alone: a client may append a verification
 * trailer (MS-RPCE 2.2.2.13).
 */
export function decodeRequest<Request>(call: RpcCall<Request, unknown>, stub: Uint8Array): Request {
  return decode(new StubReader(`${call.name} request`, stub), call.request);
}

/** How many bytes a server may have appended to fill its stub up. */
const mostPadding = 15;

/** Throws `UsherError` `bad_answer`, naming call, field and offset. */
export function decodeResponse<Response>(call: RpcCall<unknown, Response>, stub: Uint8Array): Response {
  const reader = new StubReader(`${call.name} response`, stub);
  const value = decode(reader, call.response);
  if (reader.left > mostPadding) reader.end();
  return value;
}

function encode<T>(type: Ndr<T>, value: T): Uint8Array {
  const writer = new StubWriter();
  type.write(writer, value);
  return writer.finish();
}

function decode<T>(reader: StubReader, type: Ndr<T>): T {
  const values: T[] = [];
  type.read(reader, (value) => values.push(value));
  return values[0] as T;
}
