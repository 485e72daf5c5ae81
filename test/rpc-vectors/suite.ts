import { isDeepStrictEqual } from 'node:util';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse, type RpcCall } from '../../src/wire/ndr/call.ts';
import type { Ndr } from '../../src/wire/ndr/type.ts';
import { winregCalls } from '../../src/wire/ms-rrp/calls.ts';
import { tstsCalls } from '../../src/wire/ms-tsts/calls.ts';
import type { VectorCase } from './files.ts';
import { MarkingWriter } from './marking-writer.ts';
import { Disagreement, translate } from './values.ts';

type AnyCall = RpcCall<unknown, unknown>;

const declared: readonly AnyCall[] = [...tstsCalls, ...winregCalls];

/**
 * Compares one case both ways: what the stubs are decoded to with what the vector says of them, and what that is encoded to with the
 * stubs. Returns how many values were compared. Throws {@link Disagreement}.
 */
export function compareCase(one: VectorCase): number {
  const call = callOf(one);
  const { request, requestStub, response, responseStub } = one;
  const sent = decodeRequest(call, requestStub);
  const answered = decodeResponse(call, responseStub);
  const requests = translate(request, sent);
  const responses = translate(response, answered);
  compareValues(`${one.name}: request`, sent, requests.value);
  compareValues(`${one.name}: response`, answered, responses.value);
  compareBytes(`${one.name}: request`, requestStub, encodeRequest(call, requests.value), call.request, requests.value);
  compareBytes(
    `${one.name}: response`,
    responseStub,
    encodeResponse(call, responses.value),
    call.response,
    responses.value,
  );
  return requests.comparisons + responses.comparisons + 2;
}

/** The declaration of its call. Throws {@link Disagreement} where there is none of that name, opnum, interface and pipe. */
export function callOf(one: VectorCase): AnyCall {
  const call = declared.find(
    ({ interface: { uuid }, opnum }) => uuid === one.interface.uuid && opnum === one.call.opnum,
  );
  if (call === undefined) throw new Disagreement(`${one.name}: ${one.call.name} is not declared`);
  const { name, uuid, major, minor, pipe } = call.interface;
  const ours = { name, uuid, version: `${major}.${minor}`, pipe: `\\PIPE\\${pipe}`, call: call.name };
  const theirs = { ...one.interface, call: one.call.name };
  if (isDeepStrictEqual(ours, theirs)) return call;
  throw new Disagreement(`${one.name}: ${JSON.stringify(ours)} is declared, where ${JSON.stringify(theirs)} must be`);
}

function compareValues(name: string, ours: unknown, theirs: unknown): void {
  if (isDeepStrictEqual(ours, theirs)) return;
  throw new Disagreement(`${name}: decoded is ${shown(ours)}, where ${shown(theirs)} must be`);
}

/** Throws {@link Disagreement} where the bytes differ in more than referent ids and padding. */
export function compareBytes(
  name: string,
  theirs: Uint8Array,
  ours: Uint8Array,
  type: Ndr<unknown>,
  value: unknown,
): void {
  const writer = new MarkingWriter();
  type.write(writer, value);
  if (hex(writer.finish()) !== hex(ours)) throw new Disagreement(`${name}: is encoded in two ways`);
  for (const at of writer.referentIds) {
    const id = theirs.subarray(at, at + 4);
    if (id.every((byte) => byte === 0)) throw new Disagreement(`${name}: the pointer at byte ${at} is null`);
  }
  if (hex(writer.canonical(theirs)) !== hex(writer.canonical(ours))) {
    throw new Disagreement(`${name}: encoded is ${hex(ours)}, where ${hex(theirs)} must be`);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return `${one}`;
    return one instanceof Uint8Array ? hex(one) : one;
  });
}
