import type {
  Ladder,
  LadderCommand,
  LadderEvent,
  LastSeen,
  Moment,
  Outcome,
  Phase,
  Provided,
  Running,
  Sight,
  Turn,
} from './ladder.ts';
import { formatDuration } from '../../sessions/duration.ts';
import { type EndingPlan, type Step, stepAfter, stepsBetween } from './plan.ts';

/** Between two readings during a warning, in milliseconds. */
const lookEvery = 2000;
/** Between two readings while a step is verified, in milliseconds. */
const verifyEvery = 300;
/** How often a step is tried whose answer does not come. After that it counts as done: the readings decide. */
const mostTries = 2;
/** Input this long after an answer or the box's appearance is its own click or key, in milliseconds. */
const clickTime = 3000;

type Of<Kind extends Phase['kind']> = Extract<Phase, { kind: Kind }>;

/** The first turn. A session that nobody looks at is not warned, which its first record says. */
export function begin(plan: EndingPlan, session: LastSeen, now: Moment): Turn {
  const warn = session.state === 'active' ? plan.warn : null;
  const why = plan.warn === null ? null : whyNotWarned(session);
  const records =
    why === null ? [] : [{ step: 'warn', began: now, ended: now, result: `passed over: ${why}` } as const];
  const base = { plan, decidedOn: session, seen: session, records };
  if (warn === null) {
    const phase = { kind: 'acting', step: firstOf(plan), since: now, tries: 1, provided: null } as const;
    return first({ ...base, phase }, null, now);
  }
  const until = now + warn * 1000;
  const phase: Of<'warning'> = { kind: 'warning', shownAt: now, until, extensions: 0, answeredAt: null, showing: true };
  const ladder: Ladder = { ...base, phase };
  return { ladder, commands: [{ kind: 'warn', until, more: mayExtend(plan, 0) }, look(phase, now)] };
}

/** Why a session gets no warning that its plan has; null where it gets it. */
export function whyNotWarned({ state }: Pick<LastSeen, 'state'>): string | null {
  if (state === 'active') return null;
  return state === null ? 'whether a client is connected is not known' : 'no client is connected';
}

/** The next turn. Nothing follows an outcome. */
export function advance(ladder: Ladder, event: LadderEvent, now: Moment): Turn {
  const { phase } = ladder;
  switch (phase.kind) {
    case 'warning':
      return inWarning(ladder, phase, event, now);
    case 'acting':
      return inAct(ladder, phase, event, now);
    case 'verifying':
      return inVerify(ladder, phase, event, now);
    case 'over':
      return { ladder, commands: [] };
  }
}

/** Takes up an ending whose outcome is `unknown`, or one that was interrupted: it reads before it does anything. */
export function resume(ladder: Ladder, now: Moment): Turn {
  const { phase, plan } = ladder;
  if (phase.kind === 'warning') {
    const left = Math.max(phase.until - now, 0);
    const shown: Of<'warning'> = { ...phase, shownAt: now, until: now + left, showing: true };
    const commands: LadderCommand[] = [{ kind: 'warn', until: shown.until, more: mayExtend(plan, phase.extensions) }];
    return { ladder: { ...ladder, phase: shown }, commands: [...commands, look(shown, now)] };
  }
  const unsettled = phase.kind === 'over' ? (phase.outcome.kind === 'unknown' ? phase.outcome.step : null) : phase.step;
  if (unsettled === null) return { ladder, commands: [] };
  const provided = phase.kind === 'over' ? null : phase.provided;
  return verify(ladder, { step: unsettled, sent: false, tries: 1, provided, changed: null }, now);
}

const firstOf = ({ steps: [first] }: EndingPlan): Step => first;

const mayExtend = ({ extension }: EndingPlan, used: number): boolean => extension !== null && used < extension.times;

const look = (phase: Of<'warning'>, now: Moment): LadderCommand => ({
  kind: 'wait',
  until: Math.min(phase.until, now + lookEvery),
});

function over(ladder: Ladder, outcome: Outcome, now: Moment, takeBack = false): Turn {
  const records = [...ladder.records, ...closing(ladder, outcome, now)];
  return {
    ladder: { ...ladder, records, phase: { kind: 'over', outcome } },
    commands: takeBack ? [{ kind: 'take-back' }] : [],
  };
}

function closing({ phase }: Ladder, outcome: Outcome, now: Moment): Ladder['records'] {
  if (phase.kind === 'over' || outcome.kind === 'not_allowed') return [];
  const step = phase.kind === 'warning' ? 'warn' : phase.step;
  const began = phase.kind === 'warning' ? phase.shownAt : phase.since;
  return [{ step, began, ended: now, result: resultOf(outcome) }];
}

function resultOf(outcome: Outcome): string {
  if (outcome.kind === 'ended' && !outcome.gone) return 'disconnected';
  if (outcome.kind === 'failed' && outcome.refused) return `refused: ${outcome.why}`;
  return outcome.kind.replace('_', ' ');
}

const failed = (step: Step, why: string, more: Partial<Extract<Outcome, { kind: 'failed' }>> = {}): Outcome => ({
  kind: 'failed',
  step,
  why,
  refused: false,
  hint: null,
  further: false,
  stopped: [],
  ...more,
});

function inWarning(ladder: Ladder, phase: Of<'warning'>, event: LadderEvent, now: Moment): Turn {
  switch (event.kind) {
    case 'cancel':
      return over(ladder, { kind: 'cancelled', during: 'the warning: nothing was done' }, now, phase.showing);
    case 'answered':
      return answered(ladder, phase, event.answer, now);
    case 'message-over':
      return { ladder: { ...ladder, phase: { ...phase, showing: false } }, commands: [] };
    case 'seen':
      return seenInWarning(ladder, phase, event.sight, now);
    case 'tick':
      if (now < phase.until) return { ladder, commands: [{ kind: 'read', names: false }] };
      return leaveWarning(ladder, phase, 'its time was over', now);
    case 'acted':
    case 'act-failed':
    case 'not-begun':
      return { ladder, commands: [] };
  }
}

function answered(ladder: Ladder, phase: Of<'warning'>, answer: 'now' | 'later', now: Moment): Turn {
  const { extension } = ladder.plan;
  const after: Of<'warning'> = { ...phase, answeredAt: now, showing: false };
  if (answer === 'now') return leaveWarning({ ...ladder, phase: after }, after, answeredNow, now);
  if (extension === null || !mayExtend(ladder.plan, phase.extensions)) {
    return { ladder: { ...ladder, phase: after }, commands: [] };
  }
  const next: Of<'warning'> = {
    ...after,
    shownAt: now,
    until: phase.until + extension.by * 1000,
    extensions: phase.extensions + 1,
    showing: true,
  };
  const record = {
    step: 'warn',
    began: phase.shownAt,
    ended: now,
    result: `answered: ${formatDuration(extension.by)} more`,
  } as const;
  const more = mayExtend(ladder.plan, next.extensions);
  return {
    ladder: { ...ladder, phase: next, records: [...ladder.records, record] },
    commands: [{ kind: 'warn', until: next.until, more }],
  };
}

function seenInWarning(ladder: Ladder, phase: Of<'warning'>, sight: Sight, now: Moment): Turn {
  if (sight.kind === 'gone')
    return over(ladder, { kind: 'ended', readAt: sight.readAt, step: null, gone: true }, now, phase.showing);
  if (sight.kind !== 'there') return { ladder, commands: [look(phase, now)] };
  const why = whyBack(ladder, phase, sight.session);
  if (why !== null) return over(ladder, { kind: 'came_back', why }, now, phase.showing);
  // An input that was not known when the ending was decided is known from here on.
  const { decidedOn } = ladder;
  const known = decidedOn.lastInputAt === null ? { ...decidedOn, lastInputAt: sight.session.lastInputAt } : decidedOn;
  return { ladder: { ...ladder, decidedOn: known, seen: sight.session }, commands: [look(phase, now)] };
}

/** Input after an idle warning ends the ending. The answer outranks input, since its click is input. */
function whyBack({ plan, decidedOn }: Ladder, { answeredAt }: Of<'warning'>, seen: LastSeen): string | null {
  if (plan.because === 'disconnected' && seen.state === 'active') return 'its user connected again';
  if (plan.because !== 'idle' || seen.lastInputAt === null || decidedOn.lastInputAt === null) return null;
  if (seen.lastInputAt <= decidedOn.lastInputAt + 1000) return null;
  if (answeredAt !== null && Math.abs(seen.lastInputAt - answeredAt) <= clickTime) return null;
  return 'its user gave input';
}

function leaveWarning(ladder: Ladder, phase: Of<'warning'>, result: string, now: Moment): Turn {
  const records = [...ladder.records, { step: 'warn', began: phase.shownAt, ended: now, result } as const];
  const saidNow = result === answeredNow;
  const turn = first({ ...ladder, records }, saidNow ? 'now' : phase.answeredAt, now);
  return phase.showing ? { ...turn, commands: [{ kind: 'take-back' }, ...turn.commands] } : turn;
}

const answeredNow = 'answered: now';

/** The first act. `answer` is when the user asked for more time, `now` where he wants it at once, null where he said nothing. */
function first(ladder: Ladder, answer: Moment | 'now' | null, now: Moment): Turn {
  const { plan, decidedOn } = ladder;
  const step = firstOf(plan);
  if (plan.because === 'idle' && answer !== 'now' && decidedOn.lastInputAt === null) {
    const why = 'whether its user came back cannot be seen: nothing was done';
    return over(ladder, { kind: 'not_allowed', why }, now);
  }
  return act(ladder, step, now, { provided: providedBy(ladder, answer) });
}

function act(ladder: Ladder, step: Step, now: Moment, more: { provided?: Provided | null; tries?: number } = {}): Turn {
  const { provided = null, tries = 1 } = more;
  return {
    ladder: { ...ladder, phase: { kind: 'acting', step, since: now, tries, provided } },
    commands: [{ kind: 'act', step, provided }],
  };
}

/** What must still hold on the host when the first step is done there. Later steps follow from the first. */
function providedBy({ plan, decidedOn, seen }: Ladder, answer: Moment | 'now' | null): Provided | null {
  switch (plan.because) {
    case 'asked':
      return null;
    case 'disconnected':
      return { state: 'disconnected', lastInputAt: null };
    case 'idle': {
      if (answer === 'now') return { state: seen.state, lastInputAt: null };
      // The click of an answer is input, and no coming back.
      const excused = answer === null ? null : answer + clickTime;
      const last = Math.max(decidedOn.lastInputAt ?? 0, excused ?? 0);
      return { state: decidedOn.state, lastInputAt: last };
    }
  }
}

function inAct(ladder: Ladder, phase: Of<'acting'>, event: LadderEvent, now: Moment): Turn {
  const { step, since, tries } = phase;
  switch (event.kind) {
    case 'acted': {
      const did = event.did.length === 0 ? 'nothing was left to do it to' : event.did.join(', ');
      const records = [...ladder.records, { step, began: since, ended: now, result: did }];
      return verify({ ...ladder, records }, { step, sent: true, tries, provided: null, changed: null }, now);
    }
    case 'act-failed':
      return actFailed(ladder, phase, event, now);
    case 'not-begun':
      return over(ladder, { kind: 'cancelled', during: `${step}, before it was begun` }, now);
    case 'cancel':
    case 'answered':
    case 'message-over':
    case 'seen':
    case 'tick':
      return { ladder, commands: [] };
  }
}

function actFailed(
  ladder: Ladder,
  { step, since, tries, provided }: Of<'acting'>,
  event: Extract<LadderEvent, { kind: 'act-failed' }>,
  now: Moment,
): Turn {
  if (event.failure === 'refused')
    return over(ladder, failed(step, event.why, { refused: true, hint: event.hint }), now);
  if (event.failure === 'changed' && step === firstOf(ladder.plan) && tries === 1) {
    return over(ladder, { kind: 'session_changed', why: event.why }, now);
  }
  // After an act that may have been done a session that is not there is what was wanted: the reading says whether it is gone.
  const records = [...ladder.records, { step, began: since, ended: now, result: event.why }];
  const changed = event.failure === 'changed' ? event.why : null;
  return verify(
    { ...ladder, records },
    { step, sent: changed !== null || tries >= mostTries, tries, provided, changed },
    now,
  );
}

type Done = Pick<Of<'verifying'>, 'step' | 'sent' | 'tries' | 'provided' | 'changed'>;

function verify(ladder: Ladder, done: Done, now: Moment): Turn {
  const until = now + ladder.plan.patience * 1000;
  const phase: Of<'verifying'> = { kind: 'verifying', ...done, since: now, until, last: false };
  return { ladder: { ...ladder, phase }, commands: [{ kind: 'read', names: false }] };
}

function inVerify(ladder: Ladder, phase: Of<'verifying'>, event: LadderEvent, now: Moment): Turn {
  switch (event.kind) {
    case 'cancel':
      return over(ladder, { kind: 'cancelled', during: `${phase.step}, which was tried: its end was not seen` }, now);
    case 'tick': {
      const last = now >= phase.until;
      return { ladder: { ...ladder, phase: { ...phase, last } }, commands: [{ kind: 'read', names: last }] };
    }
    case 'seen':
      return seenInVerify(ladder, phase, event.sight, now);
    case 'answered':
    case 'message-over':
    case 'acted':
    case 'act-failed':
    case 'not-begun':
      return { ladder, commands: [] };
  }
}

function seenInVerify(ladder: Ladder, phase: Of<'verifying'>, sight: Sight, now: Moment): Turn {
  const { step } = phase;
  if (step === 'disconnect' && (sight.kind === 'gone' || sight.kind === 'remains')) {
    return over(ladder, failed(step, 'the session ended instead of going on'), now);
  }
  if (sight.kind === 'gone') return over(ladder, { kind: 'ended', readAt: sight.readAt, step, gone: true }, now);
  if (step === 'disconnect' && sight.kind === 'there' && sight.session.state === 'disconnected') {
    return over(ladder, { kind: 'ended', readAt: sight.readAt, step, gone: false }, now);
  }
  // What was tried before it was refused may be under way still: it has the time that any step has.
  if (phase.last && phase.changed !== null && phase.provided !== null && sight.kind === 'there') {
    return over(ladder, { kind: 'session_changed', why: changedSince(phase.changed) }, now);
  }
  if (!phase.last) {
    // Whether the step was done is not known, and the host shows that it was not: it is done again, compared anew.
    if (!phase.sent && sight.kind === 'there') {
      return act(ladder, step, now, { provided: phase.provided, tries: phase.tries + 1 });
    }
    const until = Math.min(phase.until, now + verifyEvery);
    return { ladder, commands: [{ kind: 'wait', until: Math.max(until, now) }] };
  }
  if (sight.kind === 'unknown') return over(ladder, { kind: 'unknown', step, why: sight.why }, now);
  if (step === 'disconnect') return over(ladder, failed(step, 'a client is still connected'), now);
  if (sight.kind === 'remains' && isOnlyProtected(sight.left)) {
    return over(ladder, failed(step, onlyProtected(sight.left)), now);
  }
  const why = whatHangs(sight);
  const next = stepAfter(ladder.plan, step, sight.kind === 'remains');
  if (next === null && step === 'kill-all' && sight.kind === 'there' && isOnlyProtected(sight.running)) {
    return over(ladder, failed(step, onlyProtected(sight.running)), now);
  }
  if (next === null) {
    const stopped = stoppedIn(sight).filter(({ part }) => part === 'program');
    return over(ladder, failed(step, why, { further: step !== 'kill-all', stopped }), now);
  }
  const records = [...ladder.records, { step, began: phase.since, ended: now, result: why }];
  const passed = stepsBetween(ladder.plan, step, next).map((between) => ({
    step: between,
    began: now,
    ended: now,
    result: 'passed over: the session itself has ended already',
  }));
  return act({ ...ladder, records: [...records, ...passed] }, next, now, { provided: phase.provided });
}

/** An act was refused the second time; the first one's answer was lost. */
const changedSince = (why: string): string =>
  `${why.replace(/: nothing was done$/, '')}; whether what was tried before did anything was not seen`;

const namesShown = 6;

type Still = Exclude<Sight, { kind: 'gone' | 'unknown' }>;

const runningIn = (sight: Still): readonly Running[] => (sight.kind === 'there' ? sight.running : sight.left);

const stoppedIn = (sight: Still): readonly Running[] => runningIn(sight).filter(({ stopped }) => stopped);

const isOnlyProtected = (running: readonly Running[]): boolean =>
  running.length > 0 && running.every(({ part }) => part === 'protected');

/** What is never killed, and what can be done where nothing else is left. */
function onlyProtected(left: readonly Running[]): string {
  const [first, ...others] = left.filter(({ stopped }) => stopped);
  const are = left.length === 1 ? 'is left, which is' : 'are left, which are';
  const never = `only ${namesOf(left)} ${are} never killed`;
  if (first === undefined) return `host restart needed: ${never}`;
  const pids = [first, ...others].map(({ pid }) => pid).join(' ');
  return `${never} and stopped: to be continued with kill -CONT ${pids}`;
}

/** What still runs, by name: what is stopped first, since it hears nothing. */
function whatHangs(sight: Still): string {
  const stopped = namesOf(stoppedIn(sight));
  const others = namesOf(runningIn(sight).filter((one) => !one.stopped));
  const still = sight.kind === 'remains' ? 'processes are left' : 'it is still there';
  const hangs = stopped === '' ? '' : `${stopped} (stopped: hears nothing until it is continued)`;
  if (sight.kind === 'remains') return `${still}: ${[hangs, others].filter((part) => part !== '').join(', ')}`;
  if (hangs !== '') return `${still}: ${hangs}${others === '' ? '' : `, beside ${others}`}`;
  return others === '' ? still : `${still}, with ${others}`;
}

function namesOf(running: readonly Running[]): string {
  const shown = running.slice(0, namesShown).map(({ name }) => name);
  const more = running.length > namesShown ? ` and ${running.length - namesShown} more` : '';
  return shown.join(', ') + more;
}
