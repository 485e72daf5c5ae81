import { fromUtf16 } from '../../bytes/utf16.ts';
import { conformantArray } from '../../ndr/arrays.ts';
import type { StubReader } from '../../ndr/stub.ts';
import { type Conformant, conformantType, type Ndr } from '../../ndr/type.ts';
import { longestSid, mostProcesses, type ProcessInfo, type SysProcessInformation } from './process-information.ts';

/**
 * All processes of a host, as the calls that list them answer. They are read by hand, because a host has hundreds; where anything is
 * not as it should be the declaration reads them, which tells what.
 */
export function allProcesses(element: Ndr<ProcessInfo>): Conformant<readonly ProcessInfo[]> {
  const declared = conformantArray(element, { most: mostProcesses });
  return conformantType({
    ...declared,
    readSized(from, maximum, put) {
      const processes = maximum > from.left / pointersSize ? null : new Processes(from).take(maximum);
      if (processes === null) return declared.readSized(from, maximum, put);
      put(processes);
    },
  });
}

/** TS_ALL_PROCESSES_INFO: a pointer, a count and a pointer. */
const pointersSize = 12;
/** TS_SYS_PROCESS_INFORMATION without its name. */
const processSize = 136;

/** Null, wherever it stands, is for what the declaration has to look at. */
class Processes {
  readonly #from: StubReader;
  readonly #view: DataView;
  #at: number;

  constructor(from: StubReader) {
    const { buffer, byteOffset, byteLength } = from.bytes;
    this.#from = from;
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#at = from.at;
  }

  /** So many elements, which are there, and behind them what their pointers point to. */
  take(count: number): readonly ProcessInfo[] | null {
    if (this.#at % 4 !== 0) return null;
    const processes: ProcessInfo[] = [];
    const elements = this.#at;
    this.#at += count * pointersSize;
    for (let element = elements; processes.length < count; element += pointersSize) {
      const hasProcess = this.#u32(element) !== 0;
      const hasSid = this.#u32(element + 8) !== 0;
      const pTsProcessInfo = hasProcess ? this.#process() : null;
      const pSid = hasSid ? this.#sid(this.#u32(element + 4)) : null;
      if (hasProcess !== (pTsProcessInfo !== null) || hasSid !== (pSid !== null)) return null;
      processes.push({ pTsProcessInfo, pSid });
    }
    this.#from.seek(this.#at);
    return processes;
  }

  #process(): SysProcessInformation | null {
    const at = this.#room(8, processSize);
    if (at === null) return null;
    const hasName = this.#u32(at + 60) !== 0;
    const buffer = hasName ? this.#name(this.#u16(at + 56)) : null;
    if (hasName !== (buffer !== null)) return null;
    return {
      nextEntryOffset: this.#u32(at),
      numberOfThreads: this.#u32(at + 4),
      createTime: this.#view.getBigInt64(at + 32, true),
      userTime: this.#view.getBigInt64(at + 40, true),
      kernelTime: this.#view.getBigInt64(at + 48, true),
      imageName: { maximumLength: this.#u16(at + 58), buffer },
      basePriority: this.#view.getInt32(at + 64, true),
      uniqueProcessId: this.#u32(at + 68),
      inheritedFromUniqueProcessId: this.#u32(at + 72),
      handleCount: this.#u32(at + 76),
      sessionId: this.#u32(at + 80),
      peakVirtualSize: this.#u32(at + 88),
      virtualSize: this.#u32(at + 92),
      pageFaultCount: this.#u32(at + 96),
      peakWorkingSetSize: this.#u32(at + 100),
      workingSetSize: this.#u32(at + 104),
      quotaPeakPagedPoolUsage: this.#u32(at + 108),
      quotaPagedPoolUsage: this.#u32(at + 112),
      quotaPeakNonPagedPoolUsage: this.#u32(at + 116),
      quotaNonPagedPoolUsage: this.#u32(at + 120),
      pagefileUsage: this.#u32(at + 124),
      peakPagefileUsage: this.#u32(at + 128),
      privatePageCount: this.#u32(at + 132),
    };
  }

  /** So many bytes of the text in a buffer: its size, an offset and a count stand before it. */
  #name(length: number): string | null {
    const at = this.#room(4, 12);
    if (at === null) return null;
    const [maximum, offset, count] = [this.#u32(at), this.#u32(at + 4), this.#u32(at + 8)];
    if (maximum > 0xffff || offset !== 0 || count > maximum) return null;
    const text = this.#room(1, 2 * count);
    return text === null ? null : fromUtf16(this.#from.bytes, text, text + 2 * count).slice(0, length / 2);
  }

  /** As many bytes as are counted. */
  #sid(counted: number): Uint8Array | null {
    const at = this.#room(4, 4);
    if (at === null || this.#u32(at) !== counted || counted > longestSid) return null;
    const sid = this.#room(1, counted);
    return sid === null ? null : this.#from.bytes.slice(sid, sid + counted);
  }

  /** Where so many bytes stand; null where they do not. */
  #room(alignment: number, size: number): number | null {
    const at = Math.ceil(this.#at / alignment) * alignment;
    if (at + size > this.#view.byteLength) return null;
    this.#at = at + size;
    return at;
  }

  #u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true);
  }
}
