import type { FoundSession } from '../../fleet/find-sessions.ts';
import type { FleetHost } from '../../fleet/inventory.ts';
import type { Message } from '../../hosts/message.ts';
import { accountOf } from '../../sessions/account.ts';
import { formatDuration, milliseconds, type Seconds, seconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import { formatTime, count } from '../measures.ts';
import { printable } from '../printable.ts';
import { complain, remark, type Run } from '../run.ts';
import { isConnected, type PeopledHost } from './people.ts';
import { type Warned, warnUsers, whyUnseen } from './warn-users.ts';

/** What is told, and for how long. */
export interface CountDown {
  readonly warn: Seconds;
  readonly title: string;
  readonly text: (host: FleetHost) => string;
}

/** What came of it. */
export interface CountedDown {
  /** Who was connected and has not been warned, by host: `CORP\bob: why`. */
  readonly unwarned: ReadonlyMap<string, readonly string[]>;
  /** Who has been warned. */
  readonly warned: readonly FoundSession[];
}

/** Warns everybody who is connected, and waits. Null where it was called off, which the users are told too. */
export async function countDown(
  run: Run,
  peopled: readonly PeopledHost[],
  job: CountDown,
): Promise<CountedDown | null> {
  const { around } = run;
  const connected = peopled.flatMap(({ people }) => people).filter(({ session }) => isConnected(session));
  if (around.signal.aborted) return callOff(run, []);
  if (connected.length === 0 || job.warn <= 0) {
    return { unwarned: byHost(connected.map((found) => [found, 'there was no warning'] as const)), warned: [] };
  }
  const stop = new AbortController();
  const leave = (): void => stop.abort();
  around.signal.addEventListener('abort', leave, { once: true });
  try {
    const warned = await warnUsers(run, connected, ({ host }) => boxOf(job, host.host), stop.signal);
    tellUnwarned(run, warned);
    if (around.signal.aborted || !(await waitFor(run, job.warn, warned))) return await callOff(run, warned);
    stop.abort();
    const missed = [...(await unseen(warned)), ...(await newcomers(run, peopled, connected))];
    if (around.signal.aborted) return await callOff(run, warned);
    return { unwarned: byHost(missed), warned: warned.flatMap((one) => (one.unseen === null ? [one.found] : [])) };
  } finally {
    around.signal.removeEventListener('abort', leave);
    stop.abort();
  }
}

const boxOf = ({ title, text, warn }: CountDown, host: FleetHost): Message => ({
  title,
  text: text(host),
  buttons: [{ answer: 'ok', label: 'OK' }],
  stays: warn,
  countdown: (left) => `It happens in ${formatDuration(left)}.`,
});

const nameOf = ({ session }: FoundSession): string => accountOf(session) ?? 'nobody';

function tellUnwarned(run: Run, warned: readonly Warned[]): void {
  for (const { found, unseen: why } of warned) if (why !== null) tellOne(run, found, why);
}

function tellOne(run: Run, found: FoundSession, why: string): void {
  if (run.globals.format === 'json') return;
  const message = `${nameOf(found)} could not be warned: ${why}`;
  complain(run, new UsherError({ code: 'not_allowed', host: found.session.host, message }));
}

/** Waits, with what is left on a terminal. False where the user calls it off. */
async function waitFor({ around, globals }: Run, warn: Seconds, warned: readonly Warned[]): Promise<boolean> {
  const until = around.now().add({ milliseconds: warn * 1000 });
  const seen = warned.filter(({ unseen: why }) => why === null).length;
  if (globals.format === 'text' && !globals.quiet) {
    const when = formatTime(until, around.timeZone);
    around.stderr.write(printable(`${seen} of ${count(warned.length, 'user')} warned; it happens at ${when}`) + '\n');
  }
  const live = around.stderr.isTerminal && globals.format === 'text' && !globals.quiet;
  const over = Promise.withResolvers<void>();
  const leave = (): void => over.resolve();
  around.signal.addEventListener('abort', leave, { once: true });
  let timer: Disposable | null = null;
  const tick = (): void => {
    const left = until.epochMilliseconds - around.now().epochMilliseconds;
    if (left <= 0) return over.resolve();
    const text = `${formatDuration(seconds(Math.ceil(left / 1000)))} left, Ctrl-C calls it off`;
    if (live) around.stderr.draw(text);
    timer = around.timers.after(milliseconds(Math.min(left, 1000)), tick);
  };
  const stopTicking = (): void => timer?.[Symbol.dispose]();
  tick();
  if (!around.signal.aborted) await over.promise;
  stopTicking();
  around.signal.removeEventListener('abort', leave);
  if (live) around.stderr.draw('');
  return !around.signal.aborted;
}

/** Those who, as it turned out, had nobody in front of their screen, or were lost. */
async function unseen(warned: readonly Warned[]): Promise<readonly (readonly [FoundSession, string])[]> {
  const all = await Promise.all(
    warned.map(async ({ found, unseen: why, over }) => {
      const outcome = why === null ? await over : null;
      return [found, why ?? (outcome === null ? null : whyUnseen(outcome))] as const;
    }),
  );
  return all.flatMap(([found, why]) => (why === null ? [] : [[found, why] as const]));
}

/** Who came while the others were warned. Where this cannot be read, nobody did as far as is known. */
async function newcomers(
  run: Run,
  peopled: readonly PeopledHost[],
  warned: readonly FoundSession[],
): Promise<readonly (readonly [FoundSession, string])[]> {
  const known = new Set(warned.map(({ session }) => session.key));
  const why = 'they came while the others were warned';
  const all = await Promise.all(
    peopled.map(async ({ host }) => {
      const reading = await host
        .use((connection, signal) => connection.list(signal), run.around.signal)
        .catch((error: unknown) => {
          if (error instanceof UsherError || run.around.signal.aborted) return null;
          throw error;
        });
      const sessions = reading?.sessions.filter(
        (session) =>
          session.kind === 'user' && session.user !== null && isConnected(session) && !known.has(session.key),
      );
      return (sessions ?? []).map((session) => ({ host, session, reading, namedBy: 'filter' }) as FoundSession);
    }),
  );
  const found = all.flat();
  for (const one of found) tellOne(run, one, why);
  return found.map((one) => [one, why] as const);
}

function byHost(people: readonly (readonly [FoundSession, string])[]): CountedDown['unwarned'] {
  const hosts = Map.groupBy(people, ([{ session }]) => session.host);
  return new Map([...hosts].map(([host, own]) => [host, own.map(([found, why]) => `${nameOf(found)}: ${why}`)]));
}

const calledOffStays = seconds(60);

/** Says that nothing was done, and tells the users whose warning cannot be taken back. */
async function callOff(run: Run, warned: readonly Warned[]): Promise<null> {
  remark(run, 'called off: no host was taken down');
  const left = await Promise.all(
    warned.map(async ({ found, unseen: why, over }) => (why === null && (await over)?.kind === 'left' ? [found] : [])),
  );
  await tellNot(run, left.flat());
  return null;
}

/** Tells users who have been warned that it does not happen. */
export async function tellNot(run: Run, warned: readonly FoundSession[]): Promise<void> {
  const box: Message = {
    title: 'Called off',
    text: 'This computer is not going down.',
    buttons: [{ answer: 'ok', label: 'OK' }],
    stays: calledOffStays,
    countdown: null,
  };
  tellUnwarned(run, await warnUsers(run, warned, () => box, new AbortController().signal));
}
