import { type ActOutcome, perform, refuse } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import { goDown } from '../power.ts';
import { isCritical, isLogonProcess, isProtected, type SimulatedProcess } from '../process.ts';
import { endSession } from './end-session.ts';

/**
 * Ends a process. With its winlogon a session ends too; with a critical process the host crashes and starts again. Most critical ones
 * are light protected processes, which Windows lets nobody end.
 */
export function terminate(host: SimulatedHost, process: SimulatedProcess, by: Actor): ActOutcome {
  const session = host.sessions.get(process.sessionId) ?? null;
  const attempt = { act: 'terminate', session, process, by, detail: `${process.image} ${process.pid}` } as const;
  if (isProtected(process)) return refuse(host, attempt, 'protected-process');
  return perform(host, attempt, () => {
    endProcess(host, process, by);
    if (isCritical(process)) goDown(host, 'crash', by, host.pace.boot);
    else if (session !== null && isLogonProcess(process)) {
      perform(host, { ...attempt, act: 'collapse', detail: null }, () => {
        endSession(host, session, 'logon-process-killed', by);
      });
    }
  });
}

/** It is gone: by itself, or because somebody ended it. */
export function endProcess(host: SimulatedHost, process: SimulatedProcess, by: Actor): void {
  if (host.processes.get(process.pid) !== process) return;
  host.processes.delete(process.pid);
  const { pid, image, start } = process;
  host.note(by, host.sessions.get(process.sessionId) ?? null, { kind: 'process-ended', pid, image, start });
}
