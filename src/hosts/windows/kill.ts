import { UsherError } from '../../sessions/errors.ts';
import { ntStatus } from '../../wire/ms-erref/ntstatus.ts';
import { getProcessSid } from '../../wire/ms-tsts/ica-api/get-process-sid.ts';
import { terminateProcess } from '../../wire/ms-tsts/ica-api/terminate-process.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import type { ProcessFacts } from './facts.ts';
import { isCritical, isUserProcess, winlogonOf } from './processes.ts';
import { needs, refused, refusedByCode } from './refusals.ts';
import { failureOfIcaApi } from './results.ts';
import type { RpcPipe } from './rpc-pipe.ts';

/** Where processes are ended. */
export interface Killing {
  readonly ica: RpcPipe;
  readonly server: ContextHandle;
}

/** What became of a process that was to be ended. */
export type Fate =
  | { readonly kind: 'terminated' }
  /** It has ended already: its pid and start name no process any more. */
  | { readonly kind: 'gone'; readonly why: UsherError }
  | { readonly kind: 'refused'; readonly why: UsherError };

/** Bytes of the longest SID ([MS-DTYP] 2.4.2). */
const longestSid = 68;
/** As tskill has it. */
const exitCode = 1;

/** What a host answers about a pid that names no process, or one that is just ending. */
const ended: ReadonlySet<number> = new Set<number>([
  ntStatus.STATUS_INVALID_CID,
  ntStatus.STATUS_INVALID_PARAMETER,
  ntStatus.STATUS_PROCESS_IS_TERMINATING,
]);
/** It is there, and its SID has more bytes than were asked for: an NTSTATUS or an HRESULT (3.7.4.1.23). */
const tooSmall: ReadonlySet<number> = new Set<number>([ntStatus.STATUS_BUFFER_TOO_SMALL, 0x8007007a]);

export const called = ({ name, pid }: ProcessFacts): string => `${name} ${pid}`;

/**
 * Ends one process, after asking the host whether this pid and start still name one (RpcWinStationGetProcessSid): between the two
 * lies one round trip. Throws `UsherError` where the host is lost.
 */
export async function terminate({ ica, server }: Killing, process: ProcessFacts): Promise<Fate> {
  const operation = `ending ${called(process)}`;
  const lack = needs.terminate(called(process));
  try {
    const gone = await whyGone({ ica, server }, process);
    if (gone !== null) return gone;
    const request = { hServer: server, processId: process.pid, exitCode };
    const answer = await ica.call(terminateProcess, request, { operation });
    const failure = failureOfIcaApi(answer, operation);
    if (failure === null) return { kind: 'terminated' };
    return ended.has(answer.pResult >>> 0)
      ? { kind: 'gone', why: failure }
      : { kind: 'refused', why: refusedByCode(failure, lack) };
  } catch (error) {
    if (!(error instanceof UsherError) || error.code !== 'access_denied') throw error;
    return { kind: 'refused', why: refused(error, lack) };
  }
}

/** Null where the process is there. A host without the call has the list that was read just before as its only witness. */
async function whyGone({ ica, server }: Killing, process: ProcessFacts): Promise<Fate | null> {
  const operation = `looking for ${called(process)}`;
  const request = {
    hServer: server,
    dwUniqueProcessId: process.pid,
    processStartTime: process.createTime,
    pProcessUserSid: new Uint8Array(longestSid),
    pdwSizeNeeded: 0,
  };
  try {
    const answer = await ica.call(getProcessSid, request, { operation });
    const failure = failureOfIcaApi(answer, operation);
    if (failure === null || tooSmall.has(answer.pResult >>> 0)) return null;
    if (failure.code !== 'access_denied') return { kind: 'gone', why: failure };
    return { kind: 'refused', why: refused(failure, needs.terminate(called(process))) };
  } catch (error) {
    if (error instanceof UsherError && error.code === 'unsupported') return null;
    throw error;
  }
}

/**
 * All that is killed of these processes, in the order of their turns: the logon process first, since it starts a user's shell again
 * that ends; then the user's programs; then what Windows runs beside them. Nothing of session 0, and nothing critical.
 */
export function turnsOf(processes: readonly ProcessFacts[]): readonly (readonly ProcessFacts[])[] {
  const mortal = processes.filter((process) => process.sessionId !== 0 && !isCritical(process));
  const winlogon = winlogonOf(mortal);
  const others = mortal.filter((process) => process !== winlogon);
  const [programs, machinery] = [others.filter(isUserProcess), others.filter((one) => !isUserProcess(one))];
  return [winlogon === null ? [] : [winlogon], programs, machinery].filter((turn) => turn.length > 0);
}

/**
 * Ends them all and tells what was done, one line each: what has ended already is no failure, what is refused is told while the others
 * go on. Throws `access_denied` or `not_allowed` where every one of them was refused.
 */
export async function terminateAll(killing: Killing, processes: readonly ProcessFacts[]): Promise<readonly string[]> {
  const did: string[] = [];
  const refusals: UsherError[] = [];
  for (const turn of turnsOf(processes)) {
    const fates = await Promise.all(
      turn.map(async (process) => ({ process, fate: await terminate(killing, process) })),
    );
    for (const { process, fate } of fates) {
      if (fate.kind === 'terminated') did.push(`${called(process)} terminated`);
      if (fate.kind === 'refused') refusals.push(fate.why);
    }
  }
  const [first] = refusals;
  if (first !== undefined && did.length === 0) throw first;
  return [...did, ...refusals.map(({ message }) => message)];
}
