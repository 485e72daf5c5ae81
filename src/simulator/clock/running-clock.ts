import type { SimulatedClock } from './simulated-clock.ts';

/** The longest wait that a timer of Node can be set to. */
const longestTimer = 0x7fffffff;

/** Time that runs by itself from `start` on, `speed` times as fast as real time. */
export function runningClock(start: bigint, speed = 1): SimulatedClock {
  const began = performance.now();
  return {
    now: () => start + BigInt(Math.floor((performance.now() - began) * speed * 10_000)),
    after: (delay, work) => afterReal(delay / speed, work),
  };
}

function afterReal(delay: number, work: () => void): Disposable {
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    timer = left > longestTimer ? setTimeout(() => wait(left - longestTimer), longestTimer) : setTimeout(work, left);
  };
  wait(delay);
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}
