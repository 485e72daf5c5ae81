import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** A value as the vectors write it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** One case of one call. */
export interface VectorCase {
  /** The file's name and the case's. */
  readonly name: string;
  readonly interface: { readonly name: string; readonly uuid: string; readonly version: string; readonly pipe: string };
  readonly call: { readonly name: string; readonly opnum: number };
  readonly request: JsonObject;
  readonly requestStub: Uint8Array;
  readonly response: JsonObject;
  readonly responseStub: Uint8Array;
}

const stub = z.string().regex(/^([0-9a-f]{2})*$/);
const values = z.record(z.string(), z.json());
const call = z.object({
  interface: z.string(),
  uuid: z.string(),
  version: z.string(),
  pipe: z.string(),
  opnum: z.number(),
  name: z.string(),
});
const oneCase = z.object({
  case: z.string(),
  request: values,
  request_stub: stub,
  response: values,
  response_stub: stub,
});
const callFile = call.extend({ cases: z.array(oneCase).min(1) });
const listFile = z.array(call.extend(oneCase.shape));

/** The cases below a folder: of `tsts/*.json`, one call a file, and of `winreg.json`. Throws where one is not of the form. */
export function readCases(folder: string): readonly VectorCase[] {
  const calls = join(folder, 'tsts');
  const names = existsSync(calls)
    ? readdirSync(calls)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
    : [];
  const ofCalls = names.flatMap((name) => {
    const { cases, ...head } = callFile.parse(readJson(join(calls, name)));
    return cases.map((one) => vectorCase(basename(name, '.json'), head, one));
  });
  const list = join(folder, 'winreg.json');
  if (!existsSync(list)) return ofCalls;
  return [...ofCalls, ...listFile.parse(readJson(list)).map((one) => vectorCase(`winreg.${one.name}`, one, one))];
}

function vectorCase(file: string, head: z.infer<typeof call>, one: z.infer<typeof oneCase>): VectorCase {
  const { interface: name, uuid, version, pipe, opnum } = head;
  return {
    name: `${file} ${one.case}`,
    interface: { name, uuid, version, pipe },
    call: { name: head.name, opnum },
    request: one.request,
    requestStub: Buffer.from(one.request_stub, 'hex'),
    response: one.response,
    responseStub: Buffer.from(one.response_stub, 'hex'),
  };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
