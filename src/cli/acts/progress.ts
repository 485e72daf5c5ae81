import type { EndingWatcher } from '../../ending/run.ts';
import type { HostTime } from '../../ending/host-time.ts';
import type { Ladder } from '../../ending/ladder/ladder.ts';
import { formatDuration, milliseconds, seconds } from '../../sessions/duration.ts';
import type { Session } from '../../sessions/session.ts';
import { formatTime } from '../measures.ts';
import { printable } from '../printable.ts';
import type { Run } from '../run.ts';
import { type ActOutcome, isDone, nameOf, stepName } from './outcomes.ts';

/** What is told while acts are under way. */
export interface Progress extends Disposable {
  /** A line of its own, with the time before it. */
  say(session: Session, text: string): void;
  /** The session's last line, which is the answer. */
  over(outcome: ActOutcome): void;
  watcherOf(session: Session): EndingWatcher;
}

/** Lines on standard error as things happen; on a terminal one more below them, which counts down. */
export function progressOn(run: Run, sessions: number): Progress {
  const { around, globals } = run;
  const live = around.stderr.isTerminal && globals.format === 'text' && !globals.quiet;
  const waiting = new Map<Session, () => string>();
  let timer: Disposable | null = null;

  const draw = (): void => {
    if (!live) return;
    const [first = '', ...others] = [...waiting.values()].map((text) => text());
    around.stderr.draw(printable(others.length === 0 ? first : `${first} (and ${others.length} more)`));
  };
  const tick = (): void => {
    draw();
    timer = around.timers.after(milliseconds(1000), tick);
  };
  if (live) tick();

  const line = (to: 'stdout' | 'stderr', text: string): void => {
    around[to].write(`${printable(text)}\n`);
    draw();
  };
  const say = (session: Session, text: string): void => {
    if (globals.quiet || globals.format !== 'text') return;
    line('stderr', `${formatTime(around.now(), around.timeZone)}  ${nameOf(session)}  ${text}`);
  };

  return {
    say,
    over(outcome) {
      waiting.delete(outcome.session);
      if (globals.format !== 'text') return;
      const text = lineOf(outcome);
      if (isDone(outcome)) line('stdout', text);
      else line(sessions === 1 ? 'stderr' : 'stdout', text);
    },
    watcherOf: (session) => watcherOf(session, say, waiting, { now: () => around.now(), callsOff: 'Ctrl-C' }),
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]();
      if (live) around.stderr.draw('');
    },
  };
}

/** `xh1:10 alice  failed: log-off: it is still there; --force goes on`. */
export function lineOf(outcome: ActOutcome): string {
  const { session, why, hint, answer } = outcome;
  const came = `${wordOf(outcome)}${answer === null ? '' : ` ${answer}`}${why === '' ? '' : `: ${why}`}`;
  return `${nameOf(session)}  ${came}${hint === null ? '' : `; ${hint}`}`;
}

const wordOf = ({ outcome }: ActOutcome): string => outcome.replace('_', ' ');

/** What a watcher knows of whoever watches. */
export interface Watching {
  readonly now: () => Temporal.Instant;
  /** The key that calls an ending off. */
  readonly callsOff: string;
}

/** Tells of one session's ending: lines by `say`, and in `waiting` what it waits for. */
export function watcherOf(
  session: Session,
  say: Progress['say'],
  waiting: Map<Session, () => string>,
  { now, callsOff }: Watching,
): EndingWatcher {
  let told = 0;
  let phaseTold = '';
  return {
    shown: (by) => say(session, `the warning is on the screen (${by})`),
    notShown: (why) => say(session, `the warning could not be shown: ${why}`),
    turned(ladder, time) {
      // The last record of a ladder that is over is its outcome, which has a line of its own.
      const until = ladder.records.length - (ladder.phase.kind === 'over' ? 1 : 0);
      for (const { step, result, began, ended } of ladder.records.slice(told, until)) {
        say(session, `${stepName(step)}: ${result}${took(ended - began)}`);
      }
      told = ladder.records.length;
      const text = phaseOf(ladder, time, { now, callsOff });
      if (text === null) waiting.delete(session);
      else waiting.set(session, () => `${nameOf(session)}: ${text()}`);
      const phase = namedPhase(ladder);
      if (ladder.phase.kind === 'warning' && phase !== phaseTold) {
        say(session, `warning: ${left(time.ours(ladder.phase.until), now())} left`);
      }
      if (ladder.phase.kind === 'acting' && phase !== phaseTold) say(session, `trying ${stepName(ladder.phase.step)}`);
      phaseTold = phase;
    },
  };
}

const namedPhase = ({ phase }: Ladder): string =>
  phase.kind === 'warning' ? `warning ${phase.until}` : phase.kind === 'acting' ? `acting ${phase.step}` : phase.kind;

const took = (time: number): string => (time < 50 ? '' : ` (${(time / 1000).toFixed(1)} s)`);

const left = (until: Temporal.Instant, now: Temporal.Instant): string =>
  formatDuration(seconds(Math.max(0, Math.round((until.epochMilliseconds - now.epochMilliseconds) / 1000))));

/** What a session waits for, told anew each second; null where it waits for nothing. */
function phaseOf({ phase }: Ladder, time: HostTime, { now, callsOff }: Watching): (() => string) | null {
  switch (phase.kind) {
    case 'warning':
      return () => `${left(time.ours(phase.until), now())} left, ${callsOff} calls it off`;
    case 'acting':
      return () => `${stepName(phase.step)}…`;
    case 'verifying':
      return () => `${stepName(phase.step)}: waiting until it is gone, ${left(time.ours(phase.until), now())} left`;
    case 'over':
      return null;
  }
}
