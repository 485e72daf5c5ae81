import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conformantArray } from '../../ndr/arrays.ts';
import { decodeResponse, encodeResponse, rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import type { Ndr } from '../../ndr/type.ts';
import { outcomeOf } from '../../testing/outcome.ts';
import { runs } from '../../testing/runs.ts';
import { icaApi } from '../interfaces.ts';
import { allProcesses } from './all-processes.ts';
import { mostProcesses, type ProcessInfo, tsAllProcessesInfo, tsAllProcessesInfoNt6 } from './process-information.ts';

const element = { tsAllProcessesInfo, tsAllProcessesInfoNt6 };

/** A call that lists processes, read by hand where that can be done and as declared. */
function bothOf(name: keyof typeof element) {
  const facts = { name: 'lists processes', opnum: 70, request: {} };
  const one = element[name];
  const byHand = rpcCall(icaApi, { ...facts, response: { all: unique(allProcesses(one)) } });
  const all = unique(conformantArray(one, { most: mostProcesses }));
  return { byHand, declared: rpcCall(icaApi, { ...facts, response: { all } }) };
}

/** Cannot read any, so that whatever is read was read by hand. */
const unread: Ndr<ProcessInfo> = {
  ...tsAllProcessesInfoNt6,
  read() {
    throw new Error('read as declared');
  },
};
const handAlone = rpcCall(icaApi, {
  name: 'by hand',
  opnum: 70,
  request: {},
  response: { all: unique(allProcesses(unread)) },
});

const u32 = fc.nat(0xffffffff);
const time = fc.bigInt(0n, 2n ** 63n - 1n);
const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 8 }));
const processInfo: fc.Arbitrary<ProcessInfo> = fc.record({
  pTsProcessInfo: fc.option(
    fc.record({
      nextEntryOffset: u32,
      numberOfThreads: u32,
      createTime: time,
      userTime: time,
      kernelTime: time,
      imageName: fc
        .option(text)
        .map((buffer) => ({ maximumLength: 2 * (buffer?.length ?? 0) + 2, buffer: buffer?.toWellFormed() ?? null })),
      basePriority: fc.integer(),
      uniqueProcessId: u32,
      inheritedFromUniqueProcessId: u32,
      handleCount: u32,
      sessionId: u32,
      peakVirtualSize: u32,
      virtualSize: u32,
      pageFaultCount: u32,
      peakWorkingSetSize: u32,
      workingSetSize: u32,
      quotaPeakPagedPoolUsage: u32,
      quotaPagedPoolUsage: u32,
      quotaPeakNonPagedPoolUsage: u32,
      quotaNonPagedPoolUsage: u32,
      pagefileUsage: u32,
      peakPagefileUsage: u32,
      privatePageCount: u32,
    }),
  ),
  pSid: fc.option(fc.uint8Array({ maxLength: 30 })),
});
const some = fc.array(processInfo, { maxLength: 5 });

describe.each(['tsAllProcessesInfo', 'tsAllProcessesInfoNt6'] as const)('processes of %s', (name) => {
  const { byHand, declared } = bothOf(name);

  test('are read as they were written', () => {
    fc.assert(
      fc.property(some, (all) => {
        expect(decodeResponse(byHand, encodeResponse(declared, { all }))).toEqual({ all });
      }),
      { numRuns: runs(300) },
    );
  });

  test('are read by hand where nothing is wrong with them', () => {
    fc.assert(
      fc.property(some, (all) => {
        expect(decodeResponse(handAlone, encodeResponse(declared, { all }))).toEqual({ all });
      }),
      { numRuns: runs(300) },
    );
  });

  test('are told as wrong as the declaration tells it', () => {
    const change = fc.record({ at: fc.nat(), to: fc.oneof(fc.constantFrom(0, 1, 0xff), fc.nat(0xff)) });
    fc.assert(
      fc.property(some, fc.array(change, { maxLength: 3 }), fc.nat(40), (all, changes, cut) => {
        const stub = encodeResponse(declared, { all });
        for (const { at, to } of changes) stub[at % stub.length] = to;
        const bytes = stub.subarray(0, stub.length - Math.min(stub.length, Math.max(0, cut - 20)));
        const told = outcomeOf(() => decodeResponse(declared, bytes));
        expect(outcomeOf(() => decodeResponse(byHand, bytes))).toEqual(told);
      }),
      { numRuns: runs(1000) },
    );
  });
});
