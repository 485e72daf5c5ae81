import type { After } from '../probe-session.ts';

/** Time that passes when the test says so. */
export interface ManualTimers {
  readonly after: After;
  /** Runs what is due after this many milliseconds more. */
  pass(time: number): void;
  /** How many are waiting. */
  pending(): number;
}

export function manualTimers(): ManualTimers {
  const waiting = new Set<{ readonly due: number; readonly run: () => void }>();
  let now = 0;
  return {
    after(delay, run) {
      const entry = { due: now + delay, run };
      waiting.add(entry);
      return { [Symbol.dispose]: () => void waiting.delete(entry) };
    },
    pass(time) {
      now += time;
      for (const entry of [...waiting].filter(({ due }) => due <= now)) {
        waiting.delete(entry);
        entry.run();
      }
    },
    pending: () => waiting.size,
  };
}
