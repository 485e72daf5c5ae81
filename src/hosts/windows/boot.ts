import type { ProcessFacts } from './facts.ts';

/** When the host started: its first process, which is in session 0. 0 where the caller may not see it. */
export function bootOf(processes: readonly ProcessFacts[]): bigint {
  return processes
    .filter(({ sessionId, createTime }) => sessionId === 0 && createTime > 0n)
    .reduce((least, { createTime }) => (least === 0n || createTime < least ? createTime : least), 0n);
}
