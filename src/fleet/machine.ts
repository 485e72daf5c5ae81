import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { type Milliseconds, milliseconds } from '../sessions/duration.ts';

/** What is to be known of the machine that this process runs on, as a parameter. */
export interface Machine {
  /** A clock that never goes back. */
  now(): Milliseconds;
  /** How busy this process was since it was last asked: 0 not at all, 1 all the time. Null where too little time has passed to tell. */
  busy(): number | null;
  /** How long this process was at work itself until now, and heard nobody meanwhile. */
  atWork(): Milliseconds;
}

/** Less than this tells nothing. */
const shortestWindow = milliseconds(50);

/** The machine that this process runs on. */
export function realMachine(): Machine {
  let before: EventLoopUtilization | null = null;
  return {
    now: () => milliseconds(performance.now()),
    busy() {
      const now = performance.eventLoopUtilization();
      if (before === null) {
        before = now;
        return null;
      }
      const { idle, active, utilization } = performance.eventLoopUtilization(now, before);
      if (idle + active < shortestWindow) return null;
      before = now;
      return utilization;
    },
    atWork: () => milliseconds(performance.eventLoopUtilization().active),
  };
}
