import type { ActTarget } from '../hosts/act.ts';
import type { HostConnection } from '../hosts/driver.ts';
import type { MessageOutcome } from '../hosts/message.ts';
import { type Milliseconds, milliseconds, type Seconds, seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { SessionProcess } from '../sessions/process.ts';
import type { Session } from '../sessions/session.ts';
import type { Clock } from './clock.ts';
import { type HostTime, hostTime } from './host-time.ts';
import { advance, begin, resume } from './ladder/advance.ts';
import type { Ladder, LadderCommand, LadderEvent, Provided, Turn } from './ladder/ladder.ts';
import type { EndingPlan, Step } from './ladder/plan.ts';
import { lastSeenOf, sightOf, whatMayHang } from './sight.ts';
import { type Warning, warningMessage } from './warning.ts';

/** The host of an ending, over as many connections as it takes. Both throw `UsherError`. */
export interface EndingHost {
  /** Work that must be done within the host's time-out. */
  use<T>(work: (connection: HostConnection, signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Work that takes as long as it takes. */
  hold<T>(work: (connection: HostConnection) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface EndingRequest {
  readonly session: Session;
  /** The host's clock at the reading that `session` is from. */
  readonly readAt: Temporal.Instant;
  readonly plan: EndingPlan;
  /** What the user is told where the plan warns. */
  readonly warning: Warning;
}

/** What is told while an ending runs. */
export interface EndingWatcher {
  /** After every turn. */
  turned(ladder: Ladder, time: HostTime): void;
  /** The warning is on the screen. */
  shown(by: string): void;
  /** The warning is off the screen, or never came there, and why. */
  notShown(why: string): void;
}

/** What became of a warning that was up when its ending was cancelled; null where none was. */
export type CalledOffWarning = 'taken-back' | 'stays' | 'unknown' | null;

/** An ending that is over, or was left where it stood. */
export interface EndingRun {
  readonly ladder: Ladder;
  readonly time: HostTime;
  readonly calledOff: CalledOffWarning;
  /** Looks again, and goes on, where the outcome is `unknown`. */
  settle(cancel: AbortSignal): Promise<EndingRun>;
}

/** Runs the ladder for one session until it has an outcome. An abort of `cancel` cancels it: between two acts, never in one. */
export async function runEnding(
  request: EndingRequest,
  host: EndingHost,
  clock: Clock,
  watcher: EndingWatcher,
  cancel: AbortSignal,
): Promise<EndingRun> {
  const runner = new Runner(request, host, clock, watcher);
  await runner.look();
  const { ladder, commands } = begin(request.plan, lastSeenOf(request.session), runner.time.now());
  if (!cancel.aborted) return runner.run({ ladder, commands }, cancel);
  const outcome = { kind: 'cancelled', during: 'the first look: nothing was done' } as const;
  return runner.run({ ladder: { ...ladder, phase: { kind: 'over', outcome } }, commands: [] }, cancel);
}

class Runner {
  readonly #request: EndingRequest;
  readonly #host: EndingHost;
  readonly #clock: Clock;
  readonly #watcher: EndingWatcher;
  #time: HostTime;
  #traces: readonly string[] = [];
  #cancel: AbortSignal = never;
  #events: LadderEvent[] = [];
  #wake: () => void = () => {};
  /** The one `wait`, `read` or `act` that is under way; what an earlier one says is not heard. */
  #current = 0;
  #timer: Disposable | null = null;
  #message: AbortController | null = null;
  /** What comes of the warning that was shown last, and of one that was taken back with nothing done after it. */
  #warning: Promise<MessageOutcome> | null = null;
  #takenBack: Promise<MessageOutcome> | null = null;

  constructor(request: EndingRequest, host: EndingHost, clock: Clock, watcher: EndingWatcher) {
    this.#request = request;
    this.#host = host;
    this.#clock = clock;
    this.#time = hostTime(clock, request.readAt);
    this.#watcher = watcher;
  }

  get time(): HostTime {
    return this.#time;
  }

  /** What the host's clock says now, and what the session is known by, should the connection be lost before the first reading. */
  async look(): Promise<void> {
    try {
      const presence = await this.#host.use(
        (connection, signal) => connection.presence(this.#target(null), signal),
        never,
      );
      this.#time = hostTime(this.#clock, presence.readAt);
      if (presence.kind === 'there') this.#traces = presence.traces;
    } catch (error) {
      known(error);
    }
  }

  async run(first: Turn, cancel: AbortSignal): Promise<EndingRun> {
    this.#cancel = cancel;
    const wake = (): void => this.#wake();
    cancel.addEventListener('abort', wake);
    try {
      let { ladder } = this.#take(first);
      while (ladder.phase.kind !== 'over') {
        const event = await this.#next(ladder, cancel);
        ({ ladder } = this.#take(advance(ladder, event, this.#time.now())));
      }
      const settle = (again: AbortSignal): Promise<EndingRun> => this.run(resume(ladder, this.#time.now()), again);
      return { ladder, time: this.#time, calledOff: await this.#calledOff(ladder), settle };
    } finally {
      cancel.removeEventListener('abort', wake);
      this.#timer?.[Symbol.dispose]();
      this.#message?.abort();
      this.#current += 1;
      this.#events = [];
    }
  }

  #take(turn: Turn): Turn {
    this.#watcher.turned(turn.ladder, this.#time);
    for (const command of turn.commands) this.#do(command, turn.ladder);
    return turn;
  }

  /** A step that is being done is never left in the middle: a cancel waits for its answer. */
  async #next({ phase }: Ladder, cancel: AbortSignal): Promise<LadderEvent> {
    for (;;) {
      if (cancel.aborted && phase.kind !== 'acting') return { kind: 'cancel' };
      const event = this.#events.shift();
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #push(event: LadderEvent): void {
    this.#events.push(event);
    this.#wake();
  }

  #do(command: LadderCommand, ladder: Ladder): void {
    switch (command.kind) {
      case 'warn':
        return this.#warn(command.until, command.more, ladder);
      case 'take-back':
        this.#takenBack = this.#warning;
        return this.#message?.abort();
      case 'act':
        this.#takenBack = null;
        return this.#alone(() => this.#act(command.step, command.provided));
      case 'read':
        return this.#alone(() => this.#read(command.names));
      case 'wait':
        return this.#wait(command.until);
    }
  }

  /** Starts what takes the place of what is under way. */
  #begin(): number {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
    this.#current += 1;
    return this.#current;
  }

  #alone(work: () => Promise<LadderEvent>): void {
    const mine = this.#begin();
    void work().then((event) => {
      if (mine === this.#current) this.#push(event);
    });
  }

  #wait(until: number): void {
    this.#begin();
    const delay = milliseconds(Math.max(0, until - this.#time.now()));
    this.#timer = this.#clock.after(delay, () => this.#push({ kind: 'tick' }));
  }

  #target(provided: Provided | null): ActTarget {
    const { identity, id } = this.#request.session;
    const last = provided?.lastInputAt ?? null;
    const lastInputAt = last === null ? null : Temporal.Instant.fromEpochMilliseconds(last);
    const reason = provided === null ? null : { state: provided.state, lastInputAt };
    return { identity, id, reason, traces: this.#traces };
  }

  async #act(step: Step, provided: Provided | null): Promise<LadderEvent> {
    try {
      // The host may be busy with others: what was called off meanwhile is not begun.
      const report = await this.#host.use(
        async (connection, signal) =>
          this.#cancel.aborted ? null : connection.act(this.#target(provided), { act: step }, signal),
        never,
      );
      return report === null ? { kind: 'not-begun' } : { kind: 'acted', did: report.did };
    } catch (error) {
      const { code, message, hint } = known(error);
      // What a host has no service for is not done by trying it again.
      const refused = code === 'access_denied' || code === 'not_allowed' || code === 'unsupported';
      return {
        kind: 'act-failed',
        failure: code === 'session_changed' ? 'changed' : refused ? 'refused' : 'no-answer',
        why: message,
        hint,
      };
    }
  }

  async #read(names: boolean): Promise<LadderEvent> {
    try {
      const sight = await this.#host.use(async (connection, signal) => {
        const presence = await connection.presence(this.#target(null), signal);
        if (presence.kind === 'there') this.#traces = presence.traces;
        const running = names && presence.kind === 'there' ? await this.#running(connection, signal) : [];
        return sightOf(presence, running);
      }, never);
      return { kind: 'seen', sight };
    } catch (error) {
      return { kind: 'seen', sight: { kind: 'unknown', why: known(error).message } };
    }
  }

  /** What runs in it, to name what hangs. Where that cannot be read the ladder goes on without names. */
  async #running(connection: HostConnection, signal: AbortSignal): Promise<readonly SessionProcess[]> {
    try {
      const { processes } = await connection.processes(this.#request.session.identity, signal);
      return whatMayHang(processes);
    } catch (error) {
      known(error);
      return [];
    }
  }

  #warn(until: number, more: boolean, { plan }: Ladder): void {
    this.#message?.abort();
    const mine = new AbortController();
    this.#message = mine;
    const by = more ? (plan.extension?.by ?? null) : null;
    this.#warning = this.#show(until, by, plan.steps[0], mine.signal);
    void this.#warning.then((outcome) => this.#heard(outcome, mine));
  }

  /** A host that does not say in time what became of the warning leaves it unknown. */
  async #calledOff({ phase }: Ladder): Promise<CalledOffWarning> {
    const warning = phase.kind === 'over' && phase.outcome.kind === 'cancelled' ? this.#takenBack : null;
    if (warning === null) return null;
    const outcome = await Promise.race([warning, this.#later(takeBackTime)]);
    if (outcome === undefined) return 'unknown';
    return outcome.kind === 'closed' ? 'taken-back' : outcome.kind === 'left' ? 'stays' : null;
  }

  /** Shows the warning, and shows it again where its connection was lost before its time was over. */
  async #show(until: number, more: Seconds | null, first: Step, signal: AbortSignal): Promise<MessageOutcome> {
    while (!signal.aborted) {
      const stays = seconds(Math.max(1, (until - this.#time.now()) / 1000));
      const message = warningMessage(this.#request.warning, first, stays, more);
      const shown = (by: string): void => this.#watcher.shown(by);
      try {
        return await this.#host.hold(
          (connection) => connection.message(this.#target(null), message, { shown }, signal),
          never,
        );
      } catch (error) {
        const { code, message: why } = known(error);
        const passes = code === 'connection_lost' || code === 'timeout' || code === 'unreachable';
        if (!passes || signal.aborted || this.#time.now() + showAgain >= until) return { kind: 'not-shown', why };
        await this.#later(showAgain);
      }
    }
    return { kind: 'closed' };
  }

  #later(delay: Milliseconds): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(delay, resolve);
    });
  }

  #heard(outcome: MessageOutcome, message: AbortController): void {
    if (message !== this.#message || message.signal.aborted) return;
    const answer = outcome.kind === 'answered' ? outcome.answer : null;
    if (answer === 'now' || answer === 'later') return this.#push({ kind: 'answered', answer });
    const why = answer === 'read' ? 'read' : outcome.kind === 'not-shown' ? outcome.why : outcome.kind;
    if (outcome.kind === 'not-shown') this.#watcher.notShown(outcome.why);
    this.#push({ kind: 'message-over', why });
  }
}

/** How long a warning whose connection was lost waits until it is shown again. */
const showAgain = milliseconds(2000);

/** How long is waited for a host to say whether a warning was taken back. */
const takeBackTime = milliseconds(5000);

const never = new AbortController().signal;

/** Anything else that is thrown is a defect: it must not be taken for what the host said. */
function known(error: unknown): UsherError {
  if (error instanceof UsherError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new UsherError({ code: 'bad_answer', message: `a defect of Usher: ${why}`, cause: error });
}
