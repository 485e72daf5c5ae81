import { UsherError } from '../../sessions/errors.ts';
import { getAllProcessesNt6 } from '../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { getAllProcesses } from '../../wire/ms-tsts/ica-api/get-all-processes.ts';
import { mostProcesses } from '../../wire/ms-tsts/ica-api/process-information.ts';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import type { ProcessFacts } from './facts.ts';
import { failureOfIcaApi } from './results.ts';
import type { RpcPipe } from './rpc-pipe.ts';
import { formatSid } from './sid.ts';

const operation = 'listing processes';
/** An answer of as many fragments, some 1,500 processes, costs no further round trip. */
const mostFragments = 64;
/** Windows' own processes take so many; those of a session take one at most. */
const ownFragments = 12;

/**
 * Every process of a host in one call; the older call where the host has not the newer one. With so many sessions there, where that
 * is known. Throws `UsherError`.
 */
export async function readProcesses(
  ica: RpcPipe,
  server: ContextHandle,
  sessions = mostFragments,
): Promise<readonly ProcessFacts[]> {
  const fragments = Math.min(mostFragments, ownFragments + sessions);
  const request = { hServer: server, level: 0, pNumberOfProcesses: mostProcesses };
  try {
    const answer = await ica.call(getAllProcessesNt6, request, { operation, fragments });
    check(answer);
    return (answer.ppTsAllProcessesInfo ?? []).flatMap(factsOf);
  } catch (error) {
    if (!(error instanceof UsherError) || error.code !== 'unsupported') throw error;
    const answer = await ica.call(getAllProcesses, request, { operation, fragments });
    check(answer);
    return (answer.ppTsAllProcessesInfo ?? []).flatMap(factsOf);
  }
}

type Answer = Parameters<typeof failureOfIcaApi>[0];

function check(answer: Answer): void {
  const failure = failureOfIcaApi(answer, operation);
  if (failure !== null) throw failure;
}

interface ProcessAnswer {
  readonly pTsProcessInfo: {
    readonly createTime: bigint;
    readonly userTime: bigint;
    readonly kernelTime: bigint;
    readonly imageName: { readonly buffer: string | null };
    readonly uniqueProcessId: number;
    readonly inheritedFromUniqueProcessId: number;
    readonly sessionId: number;
    readonly workingSetSize: number;
  } | null;
  readonly pSid: Uint8Array | null;
}

function factsOf({ pTsProcessInfo: info, pSid }: ProcessAnswer): readonly ProcessFacts[] {
  if (info === null) return [];
  return [
    {
      pid: info.uniqueProcessId,
      parentPid: info.inheritedFromUniqueProcessId,
      sessionId: info.sessionId,
      name: info.uniqueProcessId === 0 ? 'System Idle Process' : (info.imageName.buffer ?? ''),
      createTime: info.createTime,
      cpuTime: info.userTime + info.kernelTime,
      workingSetBytes: info.workingSetSize,
      sid: pSid === null ? null : formatSid(pSid),
    },
  ];
}
