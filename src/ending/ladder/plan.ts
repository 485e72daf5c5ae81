import type { Seconds } from '../../sessions/duration.ts';

/** What is done to a session, in the order of the ladder. Everything after the first is force. */
export const steps = ['disconnect', 'logoff', 'reset', 'kill-logon', 'kill-all'] as const;
export type Step = (typeof steps)[number];

/** Why a session is ended. It decides what ends the ending: input, a reconnect, or nothing but a cancel. */
export type Because = 'asked' | 'idle' | 'disconnected';

/** How a session is to be ended. */
export interface EndingPlan {
  /** What is tried, in order, until the session is seen gone; or disconnected, where `disconnect` is all. */
  readonly steps: readonly [Step, ...Step[]];
  readonly because: Because;
  /** How long its user is warned; null: not at all. */
  readonly warn: Seconds | null;
  /** What one "more time" grants, and how often; null: it is not offered. */
  readonly extension: { readonly by: Seconds; readonly times: number } | null;
  /** How long a step may take until the session is seen gone. */
  readonly patience: Seconds;
}

/** The whole ladder of an ending; without force it ends with log-off. */
export function stepsOfEnding(force: boolean): EndingPlan['steps'] {
  return force ? ['logoff', 'reset', 'kill-logon', 'kill-all'] : ['logoff'];
}

/** The next step; `remains` where the session itself has ended, and its logon process with it. */
export function stepAfter({ steps: planned }: EndingPlan, step: Step, remains: boolean): Step | null {
  const later = planned.slice(planned.indexOf(step) + 1);
  return later.find((next) => !(remains && next === 'kill-logon')) ?? null;
}

/** What a climb from one step to a later one passes over. */
export function stepsBetween({ steps: planned }: EndingPlan, step: Step, next: Step): readonly Step[] {
  return planned.slice(planned.indexOf(step) + 1, planned.indexOf(next));
}
