import type { Json, JsonObject } from './files.ts';
import { countedBy, countOf, shared } from './names.ts';

/** Where the vector and the declaration disagree. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement';
}

/** What a vector says, in the types of a declaration, and how many of its leaves there are. */
export interface Translation {
  readonly value: unknown;
  readonly comparisons: number;
}

/**
 * The vector's values in the types of a declaration. The contents come from the vector alone, the types from what was decoded: which
 * text is hexadecimal, which number is big. Throws {@link Disagreement} where either has a field that the other has not, and where a
 * count is not the size of its array.
 */
export function translate(json: JsonObject, like: unknown): Translation {
  const counter = { leaves: 0 };
  return { value: translateObject(json, like as Values, '', counter), comparisons: counter.leaves };
}

interface Counter {
  leaves: number;
}

type Values = Readonly<Record<string, unknown>>;

function translateValue(json: Json, like: unknown, path: string, counter: Counter): unknown {
  if (Array.isArray(json) && Array.isArray(like)) {
    return json.map((one: Json, at) => translateValue(one, like[at], `${path}.${at}`, counter));
  }
  if (like instanceof Uint8Array) return leaf(counter, bytesOf(json, path));
  if (isObject(like))
    return isObject(json) ? translateObject(json, like, path, counter) : handleOf(json, path, counter);
  counter.leaves++;
  if (like === null && (json === '' || (Array.isArray(json) && json.length === 0))) return null;
  if (typeof like === 'bigint' && typeof json === 'string') return BigInt(json);
  return json;
}

function translateObject(json: JsonObject, like: Values, path: string, counter: Counter): Values {
  const union = unionOf(json);
  if (union !== null) {
    const value = translateValue(union.value, like['value'], path, counter);
    return { tag: leaf(counter, union.tag), value };
  }
  if (Object.hasOwn(like, 'maximumLength')) return leaf(counter, unicodeStringOf(json, like, path));
  const fields = new Map(Object.keys(like).map((name) => [shared(name), name]));
  const names = Object.keys(json);
  const value: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(json)) {
    const field = fields.get(shared(name));
    const at = `${path}.${name}`;
    if (field === undefined) checkCount(name, one, json, like, fields, path);
    else if (isBuffer(like[field])) value[field] = bufferOf(one, json[countOf(name, names) ?? ''], at);
    else value[field] = translateValue(padded(name, one, json, like[field]), like[field], at, counter);
    if (field === undefined || isBuffer(like[field])) counter.leaves++;
    fields.delete(shared(name));
  }
  for (const field of fields.values()) {
    if (like[field] !== null) throw new Disagreement(`${path}.${field} is in no vector`);
    value[field] = null;
  }
  return value;
}

/** A count that the declaration derives: it must be the size of what it counts, and what that is must be there. */
function checkCount(
  name: string,
  count: Json,
  json: JsonObject,
  like: Values,
  fields: ReadonlyMap<string, string>,
  path: string,
): void {
  const array = countedBy(name, Object.keys(json));
  const field = array === undefined ? undefined : fieldOf(array, like, fields);
  if (field === undefined) throw new Disagreement(`${path}.${name} is not declared`);
  const size = sizeOf(like[field]);
  if (size !== count) throw new Disagreement(`${path}.${name} is ${JSON.stringify(count)}, where ${size} are sent`);
}

function fieldOf(array: string, like: Values, fields: ReadonlyMap<string, string>): string | undefined {
  return fields.get(shared(array)) ?? Object.keys(like).find((field) => shared(field) === shared(array));
}

function sizeOf(array: unknown): number {
  if (array === null) return 0;
  return isBuffer(array) ? array.maximum : (array as ArrayLike<unknown>).length;
}

/** What the vectors say of an array of characters lacks the NULs that fill it. */
function padded(name: string, one: Json, json: JsonObject, like: unknown): Json {
  if (typeof one !== 'string' || typeof like !== 'string') return one;
  const count = json[countOf(name, Object.keys(json)) ?? ''];
  return typeof count === 'number' ? one.padEnd(count, '\0') : one;
}

interface UnionJson {
  readonly tag: Json;
  readonly value: Json;
}

/** `{Level, Data: {ofLevel}}`, `{sin_family, RcmRemoteaddress: {Family, Value}}` and `{Sockaddr: {Family, Value}}`. */
function unionOf(json: JsonObject): UnionJson | null {
  const { Level, Data, sin_family, RcmRemoteaddress, Sockaddr } = json;
  if (isObject(Data) && Level !== undefined) {
    const [value = null] = Object.values(Data);
    return { tag: Level, value };
  }
  const address = RcmRemoteaddress ?? Sockaddr;
  if (!isObject(address)) return null;
  const { Family = null, Value = null } = address;
  if (sin_family !== undefined && sin_family !== Family) throw new Disagreement('two families');
  return { tag: Family, value: Value };
}

interface AnyBuffer {
  readonly maximum: number;
  readonly text?: string;
  readonly elements?: Uint8Array;
}

function isBuffer(value: unknown): value is AnyBuffer {
  return isObject(value) && typeof value['maximum'] === 'number';
}

/** Text or bytes in a buffer whose size another field says; `(empty, max 512)` stands for no bytes. */
function bufferOf(json: Json, maximum: Json | undefined, path: string): AnyBuffer {
  if (typeof json !== 'string' || typeof maximum !== 'number') throw new Disagreement(`${path} is no buffer`);
  if (path.endsWith('.pszInvitation')) return { maximum, text: json };
  return { maximum, elements: bytesOf(json === `(empty, max ${maximum})` ? '' : json, path) };
}

function bytesOf(json: Json, path: string): Uint8Array {
  if (typeof json === 'number') return new Uint8Array(new Uint32Array([json]).buffer);
  if (typeof json !== 'string') throw new Disagreement(`${path} is no bytes`);
  if (path.endsWith('.sin6_addr')) return new Uint8Array(Buffer.from(json, 'utf16le'));
  if (!/^([0-9a-f]{2})*$/.test(json)) throw new Disagreement(`${path} is not hexadecimal`);
  return new Uint8Array(Buffer.from(path.endsWith('.PhysicalAddress') ? json.padEnd(32, '0') : json, 'hex'));
}

/** A context handle of which only the UUID is said. */
function handleOf(json: Json, path: string, counter: Counter): unknown {
  if (typeof json !== 'string') throw new Disagreement(`${path} is ${JSON.stringify(json)}`);
  return leaf(counter, { attributes: 0, uuid: json });
}

/** A TS_UNICODE_STRING, whose length the declaration derives. */
function unicodeStringOf(
  { Buffer: text, Length, MaximumLength = null }: JsonObject,
  like: Values,
  path: string,
): Values {
  if (typeof text !== 'string' || Length !== 2 * text.length) throw new Disagreement(`${path} has another length`);
  return { maximumLength: MaximumLength, buffer: like['buffer'] === null && text === '' ? null : text };
}

function leaf<T>(counter: Counter, value: T): T {
  counter.leaves++;
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
