import { seconds } from '../../../sessions/duration.ts';
import { advance, begin } from '../advance.ts';
import type { Ladder, LadderCommand, LadderEvent, LastSeen, Moment, Outcome, Sight, Turn } from '../ladder.ts';
import type { Because, EndingPlan, Step } from '../plan.ts';

/** Random numbers from 0 to 1 that a seed repeats: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a run of the ladder in a random world came to, and every rule that it broke. */
export interface Story {
  readonly outcome: Outcome | null;
  readonly acts: readonly { readonly step: Step; readonly at: Moment; readonly on: 'ours' | 'another' | 'nothing' }[];
  readonly broken: readonly string[];
}

/** A host with one session of ours, which may be gone, come back as another's, hang on any step, or not answer. */
interface World {
  /** Whose session is at the place of ours now; null: nobody's. */
  here: 'ours' | 'another' | null;
  /** Processes of ours that outlived it. */
  left: number;
  state: LastSeen['state'];
  lastInputAt: Moment;
  reachable: boolean;
}

interface Scheduled {
  readonly at: Moment;
  readonly order: number;
  readonly happen: () => LadderEvent | null;
}

const start = 1_800_000_000_000;
const longest = 3_600_000;
const mostEvents = 20_000;

/** One run. `compares` is false for a host that forgets to compare before it acts: the rule must then break. */
export function live(seed: number, compares = true): Story {
  const random = randomFrom(seed);
  const chance = (share: number): boolean => random() < share;
  const pick = <T>(...choices: readonly [T, ...T[]]): T => choices[Math.floor(random() * choices.length)] ?? choices[0];
  const plan: EndingPlan = {
    first: chance(0.2) ? 'disconnect' : 'logoff',
    force: chance(0.5),
    because: pick<Because>('asked', 'idle', 'disconnected'),
    warn: chance(0.6) ? seconds(pick(5, 60, 300)) : null,
    extension: chance(0.5) ? { by: seconds(60), times: pick(1, 2) } : null,
    patience: seconds(pick(2, 10, 30)),
  };
  const hangs = new Set<Step>(
    (['disconnect', 'logoff', 'reset', 'kill-logon', 'kill-all'] as const).filter(() => chance(0.3)),
  );
  const world: World = {
    here: 'ours',
    left: 0,
    state: plan.because === 'disconnected' ? 'disconnected' : pick('active', 'active', 'disconnected'),
    lastInputAt: start - 600_000,
    reachable: true,
  };
  const acts: { step: Step; at: Moment; on: 'ours' | 'another' | 'nothing' }[] = [];
  const broken: string[] = [];
  const queue: Scheduled[] = [];
  let [now, order, answeredNow, graceEnds] = [start, 0, false, start];

  const later = (delay: number, happen: () => LadderEvent | null): void => {
    queue.push({ at: now + delay, order: (order += 1), happen });
  };
  const comeAndGo = (): LadderEvent | null => {
    if (chance(0.3)) world.reachable = !world.reachable;
    if (chance(0.2) && world.here === 'ours') world.lastInputAt = now;
    if (chance(0.15)) world.state = world.state === 'active' ? 'disconnected' : 'active';
    if (chance(0.1)) [world.here, world.left] = [null, 0];
    if (chance(0.5) && world.here === null) [world.here, world.state] = ['another', 'active'];
    later(random() * 20_000, comeAndGo);
    return null;
  };
  const sight = (): Sight => {
    if (!world.reachable || chance(0.05)) return { kind: 'unknown', why: 'the host did not answer' };
    if (world.here === 'ours') {
      return {
        kind: 'there',
        readAt: now,
        session: { state: world.state, lastInputAt: world.lastInputAt },
        running: ['a'],
      };
    }
    if (world.left > 0) return { kind: 'remains', readAt: now, left: [{ name: 'sleep 7', protected: false }] };
    return { kind: 'gone', readAt: now };
  };
  const strike = (step: Step): void => {
    const on = world.here ?? (world.left > 0 ? 'ours' : 'nothing');
    acts.push({ step, at: now, on });
    if (hangs.has(step) || on === 'nothing') return;
    if (step === 'disconnect') world.state = 'disconnected';
    else if (step === 'kill-all') [world.here, world.left] = [null, 0];
    else [world.here, world.left] = [null, chance(0.3) ? 2 : 0];
  };
  const actOn = (command: Extract<LadderCommand, { kind: 'act' }>): LadderEvent => {
    const { step, provided } = command;
    if (!world.reachable) return { kind: 'act-failed', failure: 'no-answer', why: 'the host did not answer' };
    if (chance(0.03)) return { kind: 'act-failed', failure: 'refused', why: 'permission denied' };
    const ours = world.here === 'ours' || (world.here === null && world.left > 0);
    const holds =
      provided === null ||
      (provided.state === world.state && (provided.lastInputAt ?? world.lastInputAt) >= world.lastInputAt);
    if (compares && (!ours || !holds)) return { kind: 'act-failed', failure: 'changed', why: 'another session' };
    strike(step);
    return chance(0.1)
      ? { kind: 'act-failed', failure: 'no-answer', why: 'the answer was lost' }
      : { kind: 'acted', did: [step] };
  };
  let waits = 0;
  const obey = (command: LadderCommand): void => {
    if (command.kind === 'wait' || command.kind === 'read' || command.kind === 'act') waits += 1;
    const wait = waits;
    switch (command.kind) {
      case 'warn':
        graceEnds = command.until;
        if (chance(0.4)) {
          later(random() * 400_000, () => {
            world.lastInputAt = now;
            const answer = command.more && chance(0.5) ? 'later' : 'now';
            answeredNow ||= answer === 'now';
            return { kind: 'answered', answer };
          });
        } else if (chance(0.3)) later(random() * 1000, () => ({ kind: 'message-over', why: 'closed' }));
        break;
      case 'act':
        if (!plan.force && command.step !== plan.first) broken.push(`${command.step} without force`);
        if (now < graceEnds && !answeredNow && acts.length === 0) broken.push('an act before the warning was over');
        later(random() * 3000, () => actOn(command));
        break;
      case 'read':
        later(random() * 500, () => ({ kind: 'seen', sight: sight() }));
        break;
      case 'wait':
        later(Math.max(0, command.until - now), () => (wait === waits ? { kind: 'tick' } : null));
        break;
      case 'take-back':
        break;
    }
  };
  const follow = ({ ladder, commands }: Turn): Ladder => {
    commands.forEach(obey);
    return ladder;
  };

  later(random() * 20_000, comeAndGo);
  if (chance(0.1)) later(random() * 100_000, () => ({ kind: 'cancel' }));
  let ladder = follow(begin(plan, { state: world.state, lastInputAt: world.lastInputAt }, now));
  for (let count = 0; count < mostEvents && now - start < longest; count += 1) {
    queue.sort((one, other) => one.at - other.at || one.order - other.order);
    const next = queue.shift();
    if (next === undefined) break;
    now = next.at;
    const wasOver = ladder.phase.kind === 'over';
    const event = next.happen();
    if (event === null) {
      if (wasOver) break;
      continue;
    }
    const turn = advance(ladder, event, now);
    if (wasOver && turn.commands.length > 0) broken.push('a command after the outcome');
    const { phase } = turn.ladder;
    if (!wasOver && phase.kind === 'over' && phase.outcome.kind === 'ended') {
      const gone = world.here !== 'ours' && world.left === 0;
      const disconnected = plan.first === 'disconnect' && event.kind === 'seen' && event.sight.kind === 'there';
      if (!gone && !disconnected) broken.push('ended was said of a session that is there');
    }
    ladder = follow(turn);
  }
  if (acts.some(({ on }) => on === 'another')) broken.push("an act on another's session");
  const outcome = ladder.phase.kind === 'over' ? ladder.phase.outcome : null;
  if (outcome === null) broken.push(`no outcome, but ${ladder.phase.kind}`);
  return { outcome, acts, broken };
}
