import type { ActTarget } from '../hosts/act.ts';
import type { HostConnection } from '../hosts/driver.ts';
import type { MessageOutcome } from '../hosts/message.ts';
import { milliseconds, seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import type { Clock } from './clock.ts';
import { type HostTime, hostTime } from './host-time.ts';
import { advance, begin, resume } from './ladder/advance.ts';
import type { Ladder, LadderCommand, LadderEvent, Provided, Turn } from './ladder/ladder.ts';
import type { EndingPlan, Step } from './ladder/plan.ts';
import { isProgram, lastSeenOf, sightOf } from './sight.ts';
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

/** An ending that is over, or was left where it stood. */
export interface EndingRun {
  readonly ladder: Ladder;
  readonly time: HostTime;
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
  const time = hostTime(clock, request.readAt);
  const runner = new Runner(request, host, clock, time, watcher);
  await runner.learnTraces();
  return runner.run(begin(request.plan, lastSeenOf(request.session), time.now()), cancel);
}

class Runner {
  readonly #request: EndingRequest;
  readonly #host: EndingHost;
  readonly #clock: Clock;
  readonly #time: HostTime;
  readonly #watcher: EndingWatcher;
  #traces: readonly string[] = [];
  #events: LadderEvent[] = [];
  #wake: () => void = () => {};
  /** The one `wait`, `read` or `act` that is under way; what an earlier one says is not heard. */
  #current = 0;
  #timer: Disposable | null = null;
  #message: AbortController | null = null;

  constructor(request: EndingRequest, host: EndingHost, clock: Clock, time: HostTime, watcher: EndingWatcher) {
    this.#request = request;
    this.#host = host;
    this.#clock = clock;
    this.#time = time;
    this.#watcher = watcher;
  }

  /** What the session is known by, should the connection be lost before the first reading. */
  async learnTraces(): Promise<void> {
    await this.#read(false);
  }

  async run(first: Turn, cancel: AbortSignal): Promise<EndingRun> {
    const wake = (): void => this.#wake();
    cancel.addEventListener('abort', wake);
    try {
      let { ladder } = this.#take(first);
      while (ladder.phase.kind !== 'over') {
        const event = await this.#next(ladder, cancel);
        ({ ladder } = this.#take(advance(ladder, event, this.#time.now())));
      }
      return { ladder, time: this.#time, settle: (again) => this.run(resume(ladder, this.#time.now()), again) };
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
        return this.#message?.abort();
      case 'act':
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
      const { did } = await this.#host.use(
        (connection, signal) => connection.act(this.#target(provided), { act: step }, signal),
        never,
      );
      return { kind: 'acted', did };
    } catch (error) {
      const { code, message } = known(error);
      const refused = code === 'access_denied' || code === 'not_allowed';
      return {
        kind: 'act-failed',
        failure: code === 'session_changed' ? 'changed' : refused ? 'refused' : 'no-answer',
        why: message,
      };
    }
  }

  async #read(names: boolean): Promise<LadderEvent> {
    try {
      const sight = await this.#host.use(async (connection, signal) => {
        const presence = await connection.presence(this.#target(null), signal);
        if (presence.kind === 'there') this.#traces = presence.traces;
        const asks = names && presence.kind === 'there';
        const { processes } = asks
          ? await connection.processes(this.#request.session.identity, signal)
          : { processes: [] };
        return sightOf(presence, processes.filter(isProgram));
      }, never);
      return { kind: 'seen', sight };
    } catch (error) {
      return { kind: 'seen', sight: { kind: 'unknown', why: known(error).message } };
    }
  }

  #warn(until: number, more: boolean, { plan }: Ladder): void {
    this.#message?.abort();
    const mine = new AbortController();
    this.#message = mine;
    const stays = seconds(Math.max(1, (until - this.#time.now()) / 1000));
    const by = more ? (plan.extension?.by ?? null) : null;
    const message = warningMessage(this.#request.warning, plan.steps[0], stays, by);
    const show = this.#host.hold(
      (connection) =>
        connection.message(this.#target(null), message, { shown: (how) => this.#watcher.shown(how) }, mine.signal),
      never,
    );
    show.then(
      (outcome) => this.#heard(outcome, mine),
      (error: unknown) => this.#heard({ kind: 'not-shown', why: known(error).message }, mine),
    );
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

const never = new AbortController().signal;

/** Anything else that is thrown is a defect: it must not be taken for what the host said. */
function known(error: unknown): UsherError {
  if (error instanceof UsherError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new UsherError({ code: 'bad_answer', message: `a defect of Usher: ${why}`, cause: error });
}
