import type { Fleet } from '../../fleet/fleet.ts';
import type { FleetHost, Inventory } from '../../fleet/inventory.ts';
import { whereabouts } from '../../fleet/office.ts';
import { watchHosts, type WatchEvent } from '../../fleet/watch.ts';
import { milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Session } from '../../sessions/session.ts';
import { footer } from '../listing-footer.ts';
import { formatTime } from '../measures.ts';
import type { ActOutcome } from '../acts/outcomes.ts';
import { lineOf } from '../acts/progress.ts';
import { paintOf, remark, type Run } from '../run.ts';
import type { Screen } from '../surroundings.ts';
import { changeLine } from '../watch-lines.ts';
import { prepare, type Prepared, progressInto, troubleLines } from './acting.ts';
import { type LiveCommand, press } from './keys.ts';
import { allSessions, emptyModel, type LiveModel, logged, settled } from './model.ts';
import { pageOf, screenOf } from './screen.ts';

/** Idle times and countdowns go on where nothing else happens. */
const drawEvery = milliseconds(1000);

/** Shows the hosts' sessions until the user leaves, and lines that stay where there is room. Answers with the exit code. */
export async function runLive(
  run: Run,
  fleet: Fleet,
  inventory: Inventory,
  hosts: readonly FleetHost[],
  open: () => Screen,
  pinned: readonly string[] = [],
): Promise<number> {
  const calledOff = await onScreen(open, (screen) => new Live(run, fleet, inventory, hosts, screen, pinned).run());
  for (const outcome of calledOff) remark(run, lineOf(outcome));
  return 0;
}

/** What is told after it is read by whoever sits there, since the screen is given back before. */
async function onScreen<T>(open: () => Screen, work: (screen: Screen) => Promise<T>): Promise<T> {
  using screen = open();
  return await work(screen);
}

class Live {
  readonly #run: Run;
  readonly #fleet: Fleet;
  readonly #inventory: Inventory;
  readonly #hosts: readonly FleetHost[];
  readonly #screen: Screen;
  readonly #pinned: readonly string[];
  readonly #leaving = new AbortController();
  readonly #waiting = new Map<Session, () => string>();
  readonly #acting = new Set<Promise<void>>();
  /** What was called off because the user left. */
  readonly #calledOff: ActOutcome[] = [];
  #isTouched = false;
  #callOff = new AbortController();
  #model: LiveModel = emptyModel;
  /** What is shown and waits for a yes. */
  #prepared: Prepared | null = null;
  #looking: AbortController | null = null;

  constructor(
    run: Run,
    fleet: Fleet,
    inventory: Inventory,
    hosts: readonly FleetHost[],
    screen: Screen,
    pinned: readonly string[],
  ) {
    this.#run = run;
    this.#fleet = fleet;
    this.#inventory = inventory;
    this.#hosts = hosts;
    this.#screen = screen;
    this.#pinned = pinned;
  }

  /** Shows the list until the user leaves. Answers with what his leaving called off. */
  async run(): Promise<readonly ActOutcome[]> {
    const outer = this.#run.around.signal;
    const leave = (): void => this.#leaving.abort();
    if (outer.aborted) leave();
    outer.addEventListener('abort', leave, { once: true });
    this.#screen.onResize(() => this.#draw());
    this.#screen.onKey((key) => {
      this.#isTouched = true;
      const { model, command } = press(this.#model, key, this.#page());
      this.#model = model;
      if (command !== null) this.#do(command);
      this.#draw();
    });
    using _ticking = this.#tick();
    for await (const event of watchHosts(this.#fleet, this.#hosts, this.#leaving.signal)) this.#hear(event);
    if (!this.#leaving.signal.aborted) await this.#left();
    this.#callOff.abort();
    await Promise.all(this.#acting);
    await this.#forget();
    outer.removeEventListener('abort', leave);
    return this.#calledOff;
  }

  /** No host is left that could answer: why stays on the screen until the user leaves. */
  async #left(): Promise<void> {
    this.#say('no host answers: nothing is watched any more');
    await new Promise<void>((resolve) => {
      this.#leaving.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #hear(event: WatchEvent): void {
    const { name } = event.host;
    switch (event.kind) {
      case 'known': {
        const readings = new Map(this.#model.readings).set(name, event.sessions);
        const failures = new Map(this.#model.failures);
        failures.delete(name);
        // Until somebody moves, the first line is what he looks at, whichever host answered first.
        const cursor = this.#isTouched ? this.#model.cursor : null;
        this.#model = settled({ ...this.#model, readings, failures, cursor });
        break;
      }
      case 'changes':
        for (const change of event.changes) this.#say(changeLine(change));
        break;
      case 'lost':
        // A host that is tried again and again is told of once.
        if (!this.#model.failures.has(name)) for (const line of troubleLines(event.error)) this.#say(line);
        this.#model = { ...this.#model, failures: new Map(this.#model.failures).set(name, event.error.message) };
        break;
      case 'back':
        this.#say(`${name}: watching again`);
        break;
      case 'notes':
        for (const { message } of event.notes) this.#say(`${name}: ${message}`);
        break;
      case 'first':
        break;
    }
    this.#draw();
  }

  #do(command: LiveCommand): void {
    switch (command.kind) {
      case 'quit':
        return this.#leaving.abort();
      case 'call-off':
        if (this.#acting.size === 0) return this.#say('there is nothing to call off');
        this.#callOff.abort();
        this.#callOff = new AbortController();
        return this.#say('called off: warnings that were up, and what was not begun');
      case 'forget':
        this.#looking?.abort();
        this.#say('nothing was done');
        return void this.#forget();
      case 'look':
        return void this.#look(command);
      case 'do':
        return this.#perform();
    }
  }

  async #forget(): Promise<void> {
    const prepared = this.#prepared;
    this.#prepared = null;
    await prepared?.[Symbol.asyncDispose]();
  }

  async #look(asked: Extract<LiveCommand, { kind: 'look' }>): Promise<void> {
    const looking = new AbortController();
    this.#looking = looking;
    const signal = AbortSignal.any([this.#leaving.signal, looking.signal]);
    const search = { inventory: this.#inventory, hosts: this.#hosts };
    try {
      const prepared = await prepare(this.#within(signal), this.#fleet, search, asked, this.#screen.width);
      if (signal.aborted) return await prepared[Symbol.asyncDispose]();
      this.#prepared = prepared;
      const { title, lines, meant } = prepared;
      this.#model = { ...this.#model, mode: { kind: 'preview', title, lines, meant } };
    } catch (error) {
      if (signal.aborted) return;
      this.#model = { ...this.#model, mode: { kind: 'list' } };
      for (const line of troubleLines(error)) this.#say(`nothing was done: ${line}`);
    } finally {
      if (this.#looking === looking) this.#looking = null;
      this.#draw();
    }
  }

  #perform(): void {
    const prepared = this.#prepared;
    this.#prepared = null;
    if (prepared === null) return;
    const { around } = this.#run;
    const signal = AbortSignal.any([this.#leaving.signal, this.#callOff.signal]);
    const progress = progressInto(
      (line) => this.#say(line),
      this.#waiting,
      () => around.now(),
    );
    const acting = (async () => {
      try {
        const outcomes = await prepared.perform(this.#within(signal), progress);
        if (this.#leaving.signal.aborted) {
          this.#calledOff.push(...outcomes.filter(({ outcome }) => outcome === 'cancelled'));
        }
      } finally {
        await prepared[Symbol.asyncDispose]();
      }
    })();
    const settledActing: Promise<void> = acting
      .catch((error: unknown) => {
        if (!(error instanceof UsherError)) throw error;
        this.#say(error.message);
      })
      .finally(() => this.#acting.delete(settledActing));
    this.#acting.add(settledActing);
  }

  /** The same run, called off by another signal. */
  #within(signal: AbortSignal): Run {
    return { ...this.#run, around: { ...this.#run.around, signal } };
  }

  #say(line: string): void {
    const { around } = this.#run;
    this.#model = logged(this.#model, `${formatTime(around.now(), around.timeZone)}  ${line}`);
    this.#draw();
  }

  #tick(): Disposable {
    const { timers } = this.#run.around;
    let timer: Disposable;
    const next = (): void => {
      this.#draw();
      timer = timers.after(drawEvery, next);
    };
    next();
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }

  #page(): number {
    return pageOf({ height: this.#screen.height, waiting: this.#texts(), pinned: this.#pinned });
  }

  #texts(): readonly string[] {
    return [...this.#waiting.values()].map((text) => text());
  }

  #draw(): void {
    const { around } = this.#run;
    const { width, height } = this.#screen;
    const all = allSessions(this.#model);
    const listing = { sessions: all, all, hosts: this.#hosts, office: whereabouts(this.#inventory.office) };
    const summary = footer({ ...listing, answered: this.#model.readings.size, errors: [], notes: [] });
    const moment = { now: around.now(), timeZone: around.timeZone };
    const frame = {
      ...moment,
      width,
      height,
      paint: paintOf(this.#run),
      summary,
      waiting: this.#texts(),
      pinned: this.#pinned,
    };
    this.#screen.draw(screenOf(this.#model, frame));
  }
}
