import { seconds } from '../../../sessions/duration.ts';
import { advance, begin } from '../advance.ts';
import type { Ladder, LadderCommand, LadderEvent, LastSeen, Moment, Outcome, Sight, Turn } from '../ladder.ts';
import { type Because, type EndingPlan, type Step, steps, stepsOfEnding } from '../plan.ts';

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
const aProgram = { name: 'sleep 7', pid: 7, stopped: false, part: 'program' } as const;
const mostEvents = 20_000;

/** One run while it lasts. */
interface Scene {
  readonly plan: EndingPlan;
  readonly world: World;
  /** The host does not tell of input. */
  readonly blind: boolean;
  /** The steps that do nothing to this session. */
  readonly hangs: ReadonlySet<Step>;
  /** The steps that the host never answers to, nor does. */
  readonly mute: ReadonlySet<Step>;
  readonly asked: Step[];
  readonly compares: boolean;
  readonly random: () => number;
  readonly queue: Scheduled[];
  readonly acts: { step: Step; at: Moment; on: 'ours' | 'another' | 'nothing' }[];
  readonly broken: string[];
  now: Moment;
  order: number;
  waits: number;
  answeredNow: boolean;
  /** When its user gave input that was no answer, and when he asked for more time. */
  workedAt: Moment;
  answeredLaterAt: Moment;
  /** When the warning that was shown last is over. */
  graceEnds: Moment;
}

const chance = ({ random }: Pick<Scene, 'random'>, share: number): boolean => random() < share;

function pick<T>({ random }: Pick<Scene, 'random'>, ...choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

function sceneFrom(seed: number, compares: boolean): Scene {
  const random = randomFrom(seed);
  const dice = { random };
  const plan: EndingPlan = {
    steps: chance(dice, 0.2) ? ['disconnect'] : stepsOfEnding(chance(dice, 0.5)),
    because: pick<Because>(dice, 'asked', 'idle', 'disconnected'),
    warn: chance(dice, 0.6) ? seconds(pick(dice, 5, 60, 300)) : null,
    extension: chance(dice, 0.5) ? { by: seconds(60), times: pick(dice, 1, 2) } : null,
    patience: seconds(pick(dice, 2, 10, 30)),
  };
  const state = plan.because === 'disconnected' ? 'disconnected' : pick(dice, 'active', 'active', 'disconnected');
  const world: World = { here: 'ours', left: 0, state, lastInputAt: start - 600_000, reachable: true };
  const hangs = new Set(steps.filter(() => chance(dice, 0.3)));
  const mute = new Set(steps.filter(() => chance(dice, 0.1)));
  const blind = chance(dice, 0.05);
  const clock = {
    now: start,
    order: 0,
    waits: 0,
    answeredNow: false,
    graceEnds: start,
    workedAt: 0,
    answeredLaterAt: 0,
  };
  return { plan, world, blind, hangs, mute, asked: [], compares, random, queue: [], acts: [], broken: [], ...clock };
}

function later(scene: Scene, delay: number, happen: () => LadderEvent | null): void {
  scene.order += 1;
  scene.queue.push({ at: scene.now + delay, order: scene.order, happen });
}

/** What happens by itself: the host goes and comes, its user works, leaves, returns or logs off, another logs on. */
function comeAndGo(scene: Scene): null {
  const { world, now } = scene;
  if (chance(scene, 0.3)) world.reachable = !world.reachable;
  if (chance(scene, 0.2) && world.here === 'ours') [world.lastInputAt, scene.workedAt] = [now, now];
  if (chance(scene, 0.15)) world.state = world.state === 'active' ? 'disconnected' : 'active';
  if (chance(scene, 0.1)) [world.here, world.left] = [null, 0];
  if (chance(scene, 0.5) && world.here === null) [world.here, world.state] = ['another', 'active'];
  later(scene, scene.random() * 20_000, () => comeAndGo(scene));
  return null;
}

const lastSeen = ({ world, blind }: Scene): LastSeen => ({
  state: world.state,
  lastInputAt: blind ? null : world.lastInputAt,
});

function sight(scene: Scene): Sight {
  const { world, now } = scene;
  if (!world.reachable || chance(scene, 0.05)) return { kind: 'unknown', why: 'the host did not answer' };
  if (world.here === 'ours') {
    const session = lastSeen(scene);
    return { kind: 'there', readAt: now, session, running: [aProgram] };
  }
  if (world.left > 0) return { kind: 'remains', readAt: now, left: [aProgram] };
  return { kind: 'gone', readAt: now };
}

/** Whether what the ending was decided on still holds when the first act is done. */
function checkReason({ plan, world, blind, broken, answeredNow, workedAt, answeredLaterAt }: Scene): void {
  if (plan.because === 'disconnected' && world.state === 'active') broken.push('an act after a reconnect');
  const worked = workedAt > Math.max(start, answeredLaterAt + 3000);
  if (plan.because === 'idle' && worked && !answeredNow) broken.push('an act after input');
  if (plan.because === 'idle' && blind && !answeredNow)
    broken.push('an act on an idle user whose input cannot be seen');
}

function strike(scene: Scene, step: Step): void {
  const { world, hangs, acts, now } = scene;
  const on = world.here ?? (world.left > 0 ? 'ours' : 'nothing');
  if (acts.length === 0 && on === 'ours') checkReason(scene);
  acts.push({ step, at: now, on });
  if (hangs.has(step) || on === 'nothing') return;
  if (step === 'disconnect') world.state = 'disconnected';
  else if (step === 'kill-all') [world.here, world.left] = [null, 0];
  else [world.here, world.left] = [null, chance(scene, 0.3) ? 2 : 0];
}

function actOn(scene: Scene, { step, provided }: Extract<LadderCommand, { kind: 'act' }>): LadderEvent {
  const { world, compares } = scene;
  if (!world.reachable || scene.mute.has(step))
    return { kind: 'act-failed', failure: 'no-answer', why: 'the host did not answer', hint: null };
  if (chance(scene, 0.03)) return { kind: 'act-failed', failure: 'refused', why: 'permission denied', hint: null };
  const ours = world.here === 'ours' || (world.here === null && world.left > 0);
  const holds =
    provided === null ||
    (provided.state === world.state && (provided.lastInputAt ?? world.lastInputAt) >= world.lastInputAt);
  if (compares && (!ours || !holds))
    return { kind: 'act-failed', failure: 'changed', why: 'another session', hint: null };
  strike(scene, step);
  if (chance(scene, 0.1)) return { kind: 'act-failed', failure: 'no-answer', why: 'the answer was lost', hint: null };
  return { kind: 'acted', did: [step] };
}

function warn(scene: Scene, { until, more }: Extract<LadderCommand, { kind: 'warn' }>): void {
  scene.graceEnds = until;
  if (chance(scene, 0.4)) {
    later(scene, scene.random() * 400_000, () => {
      scene.world.lastInputAt = scene.now;
      const answer = more && chance(scene, 0.5) ? 'later' : 'now';
      scene.answeredNow ||= answer === 'now';
      if (answer === 'later') scene.answeredLaterAt = scene.now;
      return { kind: 'answered', answer };
    });
  } else if (chance(scene, 0.3)) {
    later(scene, scene.random() * 1000, () => ({ kind: 'message-over', why: 'closed' }));
  }
}

function obey(scene: Scene, command: LadderCommand): void {
  const { plan, broken, random } = scene;
  if (command.kind !== 'warn' && command.kind !== 'take-back') scene.waits += 1;
  const wait = scene.waits;
  switch (command.kind) {
    case 'warn':
      warn(scene, command);
      break;
    case 'act':
      scene.asked.push(command.step);
      if (scene.asked.filter((step) => step === command.step).length > 2)
        broken.push(`${command.step} more than twice`);
      if (!plan.steps.includes(command.step)) broken.push(`${command.step}, which was not planned`);
      if (scene.now < scene.graceEnds && !scene.answeredNow && scene.acts.length === 0) {
        broken.push('an act before the warning was over');
      }
      later(scene, random() * 3000, () => actOn(scene, command));
      break;
    case 'read':
      later(scene, random() * 500, () => ({ kind: 'seen', sight: sight(scene) }));
      break;
    case 'wait':
      later(scene, Math.max(0, command.until - scene.now), () => (wait === scene.waits ? { kind: 'tick' } : null));
      break;
    case 'take-back':
      break;
  }
}

/** Whether the end that a turn tells of is true in the world. */
function checkEnd({ world, plan, broken }: Scene, event: LadderEvent, { phase }: Ladder): void {
  if (phase.kind !== 'over' || phase.outcome.kind !== 'ended') return;
  const gone = world.here !== 'ours' && world.left === 0;
  const seen = event.kind === 'seen' && event.sight.kind === 'there' && event.sight.session.state === 'disconnected';
  const disconnected = plan.steps[0] === 'disconnect' && seen;
  if (!gone && !disconnected) broken.push('ended was said of a session that is there');
}

function follow(scene: Scene, { ladder, commands }: Turn): Ladder {
  for (const command of commands) obey(scene, command);
  return ladder;
}

/** One run. `compares` is false for a host that forgets to compare before it acts: the rule must then break. */
export function live(seed: number, compares = true): Story {
  const scene = sceneFrom(seed, compares);
  const { plan, queue, acts, broken } = scene;
  later(scene, scene.random() * 20_000, () => comeAndGo(scene));
  if (chance(scene, 0.1)) later(scene, scene.random() * 100_000, () => ({ kind: 'cancel' }));
  let ladder = follow(scene, begin(plan, lastSeen(scene), scene.now));
  for (let count = 0; count < mostEvents && scene.now - start < longest; count += 1) {
    queue.sort((one, other) => one.at - other.at || one.order - other.order);
    const next = queue.shift();
    if (next === undefined) break;
    scene.now = next.at;
    const wasOver = ladder.phase.kind === 'over';
    const event = next.happen();
    if (event === null && wasOver) break;
    if (event === null) continue;
    const turn = advance(ladder, event, scene.now);
    if (wasOver && turn.commands.length > 0) broken.push('a command after the outcome');
    if (!wasOver) checkEnd(scene, event, turn.ladder);
    ladder = follow(scene, turn);
  }
  if (acts.some(({ on }) => on === 'another')) broken.push("an act on another's session");
  const outcome = ladder.phase.kind === 'over' ? ladder.phase.outcome : null;
  if (outcome === null) broken.push(`no outcome, but ${ladder.phase.kind}`);
  return { outcome, acts, broken };
}
