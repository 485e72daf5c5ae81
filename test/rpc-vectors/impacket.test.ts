import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { tstsCalls } from '../../src/wire/ms-tsts/calls.ts';
import { decodeRequest, encodeRequest } from '../../src/wire/ndr/call.ts';
import { compareBytes } from './suite.ts';

const requests = z
  .array(z.object({ name: z.string(), opnum: z.number(), args: z.array(z.json()), request_stub: z.string() }))
  .parse(JSON.parse(readFileSync(new URL('../vectors/impacket-requests.json', import.meta.url), 'utf8')));

/** The binding handle that impacket sends, though it does not travel. */
const surplus = 20;

test.each(requests)('$name of impacket is understood, and ours is the same', ({ name, opnum, request_stub: hex }) => {
  const call = tstsCalls.find((one) => one.name === name && one.opnum === opnum);
  if (call === undefined) throw new Error(`${name} is not declared`);
  const theirs = Buffer.from(hex, 'hex');
  const value = decodeRequest(call, theirs);
  const ours = encodeRequest(call, value);
  compareBytes(name, theirs.subarray(0, ours.length), ours, call.request, value);
  expect([0, surplus]).toContain(theirs.length - ours.length);
});
