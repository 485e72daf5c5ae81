import type { SimulatedHost } from './host.ts';
import type { Program, SimulatedProcess } from './process.ts';
import { shell, sidOf, type WindowsProgram } from './windows-programs.ts';

/** Starts what Windows itself runs in a session. */
export function startWindowsPrograms(
  host: SimulatedHost,
  sessionId: number,
  programs: readonly WindowsProgram[],
  facts: { readonly start: bigint; readonly userSid: string | null },
): void {
  const pids: number[] = [];
  for (const { image, as, parent, workingSet, pid = newPid(host) } of programs) {
    pids.push(pid);
    const parentPid = (parent === null ? undefined : pids[parent]) ?? 0;
    // The kernel's own tell no start.
    const start = as === null && parent === null && pid <= 4 && pids.length <= 2 ? 0n : facts.start;
    const sid = sidOf(as, sessionId, facts.userSid);
    add(host, {
      pid,
      parentPid,
      sessionId,
      image,
      sid,
      workingSet,
      start,
      cpuUsed: 0,
      cpuSince: facts.start,
      cpuLoad: 0,
    });
  }
}

/** Starts programs as their user does: from the shell. */
export function startPrograms(
  host: SimulatedHost,
  sessionId: number,
  programs: readonly Program[],
  facts: { readonly start: bigint; readonly userSid: string | null },
): readonly SimulatedProcess[] {
  if (programs.length === 0) return [];
  const parentPid = host.processesOf(sessionId).find(({ image }) => image === shell)?.pid ?? 0;
  return programs.map(({ image, workingSet, cpuLoad = 0 }) =>
    add(host, {
      pid: newPid(host),
      parentPid,
      sessionId,
      image,
      sid: facts.userSid,
      start: facts.start,
      workingSet,
      cpuUsed: 0,
      cpuSince: facts.start,
      cpuLoad,
    }),
  );
}

function newPid({ numbering, processes }: SimulatedHost): number {
  return numbering.pid((pid) => processes.has(pid));
}

function add(host: SimulatedHost, process: SimulatedProcess): SimulatedProcess {
  host.processes.set(process.pid, process);
  return process;
}
