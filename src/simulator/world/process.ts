/** A process. It is one of hundreds of thousands: nothing is in it that can be told from the rest. */
export interface SimulatedProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly sessionId: number;
  /** Its program's file name. */
  readonly image: string;
  /** Null for those of the kernel. */
  readonly sid: string | null;
  /** A FILETIME; 0 for the idle process and the kernel. */
  readonly start: bigint;
  /** In bytes. */
  workingSet: number;
  /** Processor time used until `cpuSince`, in 100 ns. */
  cpuUsed: number;
  cpuSince: bigint;
  /** Processors that it keeps busy since then: 0.25 is a quarter of one. */
  cpuLoad: number;
}

/** A program as it is started. */
export interface Program {
  readonly image: string;
  /** In bytes. */
  readonly workingSet: number;
  /** Processors that it keeps busy; 0 where nothing is said. */
  readonly cpuLoad?: number;
}

/** Processor time used until now, in 100 ns. */
export function cpuTime({ cpuUsed, cpuSince, cpuLoad }: SimulatedProcess, now: bigint): bigint {
  const since = now > cpuSince ? Number(now - cpuSince) : 0;
  return BigInt(Math.floor(cpuUsed + since * cpuLoad));
}

/** From now on it keeps so many processors busy. */
export function setCpuLoad(process: SimulatedProcess, cpuLoad: number, now: bigint): void {
  process.cpuUsed = Number(cpuTime(process, now));
  process.cpuSince = now;
  process.cpuLoad = cpuLoad;
}

/** Those whose end takes the host down. */
const critical: ReadonlySet<string> = new Set([
  'system',
  'smss.exe',
  'csrss.exe',
  'wininit.exe',
  'services.exe',
  'lsass.exe',
]);

/** Those of the critical ones that Windows protects even from administrators: a light protected process cannot be terminated. */
const protectedOnes: ReadonlySet<string> = new Set([
  'system idle process',
  'system',
  'registry',
  'smss.exe',
  'csrss.exe',
  'wininit.exe',
  'services.exe',
]);

export const isCritical = ({ image }: SimulatedProcess): boolean => critical.has(image.toLowerCase());
export const isProtected = ({ image }: SimulatedProcess): boolean => protectedOnes.has(image.toLowerCase());
/** Whether a session's logon hangs on it: it ends with the process. */
export const isLogonProcess = ({ image }: SimulatedProcess): boolean => image.toLowerCase() === 'winlogon.exe';
