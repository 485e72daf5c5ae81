import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conformantArray } from '../../ndr/arrays.ts';
import { decodeResponse, encodeResponse, rpcCall } from '../../ndr/call.ts';
import { unique } from '../../ndr/pointer.ts';
import { outcomeOf } from '../../testing/outcome.ts';
import { runs } from '../../testing/runs.ts';
import { icaApi } from '../interfaces.ts';
import { allProcesses } from './all-processes.ts';
import { mostProcesses, type ProcessInfo, tsAllProcessesInfoNt6 } from './process-information.ts';

const facts = { name: 'RpcWinStationGetAllProcesses_NT6', opnum: 70, request: {} };
const byHand = rpcCall(icaApi, { ...facts, response: { all: unique(allProcesses(tsAllProcessesInfoNt6)) } });
const declared = rpcCall(icaApi, {
  ...facts,
  response: { all: unique(conformantArray(tsAllProcessesInfoNt6, { most: mostProcesses })) },
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

test('processes are read as they were written', () => {
  fc.assert(
    fc.property(some, (all) => {
      expect(decodeResponse(byHand, encodeResponse(declared, { all }))).toEqual({ all });
    }),
    { numRuns: runs(300) },
  );
});

test('what is wrong with them is told as the declaration tells it', () => {
  const change = fc.record({ at: fc.nat(), to: fc.oneof(fc.constantFrom(0, 1, 0xff), fc.nat(0xff)) });
  fc.assert(
    fc.property(some, fc.array(change, { maxLength: 3 }), fc.nat(40), (all, changes, cut) => {
      const stub = encodeResponse(declared, { all });
      for (const { at, to } of changes) stub[at % stub.length] = to;
      const bytes = stub.subarray(0, stub.length - Math.min(stub.length, Math.max(0, cut - 20)));
      expect(outcomeOf(() => decodeResponse(byHand, bytes))).toEqual(outcomeOf(() => decodeResponse(declared, bytes)));
    }),
    { numRuns: runs(1000) },
  );
});
