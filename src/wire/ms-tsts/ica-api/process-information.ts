import { conformantBytes } from '../../ndr/arrays.ts';
import { unique } from '../../ndr/pointer.ts';
import { hyper, i32, u32 } from '../../ndr/primitives.ts';
import { countOf, spare, struct } from '../../ndr/struct.ts';
import { bufferedWide } from '../../ndr/text.ts';
import { fixed, type Ndr, type ValueOf } from '../../ndr/type.ts';

/** BOUNDED_ULONG (MS-TSTS 2.2.1.16). */
export const mostProcesses = 0x8000;

/** In bytes. */
export const longestSid = 1024;

const buffer = unique(bufferedWide({ most: 0xffff }));

/** A name of a process. */
export interface ImageName {
  /** Of the buffer that it was in, in bytes. */
  readonly maximumLength: number;
  /** Null where there is none. */
  readonly buffer: string | null;
}

/**
 * TS_UNICODE_STRING (2.2.2.15.1.1) or NT6_TS_UNICODE_STRING (2.2.2.16.1.1). Its lengths are in bytes. The former's size_is takes them
 * for characters, so its buffer is twice as long as the name.
 */
function unicodeString(charactersOf: (bytes: number) => number): Ndr<ImageName> {
  return {
    alignment: 4,
    read(from, put) {
      from.align(4);
      const length = from.u16();
      const maximumLength = from.u16();
      buffer.read(from, (value) => put({ maximumLength, buffer: value?.text.slice(0, length / 2) ?? null }));
    },
    write(to, value) {
      const length = 2 * (value.buffer?.length ?? 0);
      const text = value.buffer?.padEnd(charactersOf(length), '\0');
      to.align(4);
      to.u16(length);
      to.u16(value.maximumLength);
      buffer.write(to, text === undefined ? null : { maximum: charactersOf(value.maximumLength), text });
    },
  };
}

/** A LARGE_INTEGER that is sent as zero and ignored when it comes. */
const spareLi = fixed<number>({
  alignment: 8,
  size: 8,
  take(from) {
    from.align(8);
    from.skip(8);
    return 0;
  },
  write(to) {
    to.align(8);
    to.zeros(8);
  },
});

/** TS_SYS_PROCESS_INFORMATION (2.2.2.15.1), TS_SYS_PROCESS_INFORMATION_NT6 (2.2.2.16.1). Sizes are in bytes, times in 100 ns. */
function sysProcessInformation(imageName: Ndr<ImageName>) {
  return struct({
    nextEntryOffset: u32,
    numberOfThreads: u32,
    spareLi1: spare(spareLi),
    spareLi2: spare(spareLi),
    spareLi3: spare(spareLi),
    createTime: hyper,
    userTime: hyper,
    kernelTime: hyper,
    imageName,
    basePriority: i32,
    uniqueProcessId: u32,
    inheritedFromUniqueProcessId: u32,
    handleCount: u32,
    sessionId: u32,
    spareUl3: spare(u32),
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
  });
}

function allProcessesInfo(imageName: Ndr<ImageName>) {
  return struct({
    pTsProcessInfo: unique(sysProcessInformation(imageName)),
    sizeOfSid: countOf('pSid'),
    /** A SID as it lies in memory (MS-DTYP 2.4.2.2). Null where the caller may not know. */
    pSid: unique(conformantBytes({ most: longestSid })),
  });
}

/** TS_ALL_PROCESSES_INFO (2.2.2.15). */
export const tsAllProcessesInfo = allProcessesInfo(unicodeString((bytes) => bytes));

/** TS_ALL_PROCESSES_INFO_NT6 (2.2.2.16). */
export const tsAllProcessesInfoNt6 = allProcessesInfo(unicodeString((bytes) => Math.ceil(bytes / 2)));

/** What both tell of a process. */
export type ProcessInfo = ValueOf<typeof tsAllProcessesInfoNt6>;

export type SysProcessInformation = NonNullable<ProcessInfo['pTsProcessInfo']>;
