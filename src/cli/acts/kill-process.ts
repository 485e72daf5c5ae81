import type { FoundSession } from '../../fleet/find-sessions.ts';
import type { Seconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import { formatTime } from '../measures.ts';
import type { Run } from '../run.ts';
import { blank, pause } from './act.ts';
import { type ActOutcome, failureOf } from './outcomes.ts';
import type { Progress } from './progress.ts';

export interface ProcessKill {
  readonly pid: number;
  /** {@link SessionProcess.start} of the process that was meant; null: whichever has the pid now. */
  readonly start: string | null;
  /** How long it may take until the process is seen gone. */
  readonly patience: Seconds;
  /** How long a host that was lost meanwhile is looked for. */
  readonly settle: Seconds;
}

/** Kills one process of a session, and reads again until it is gone or time is over. */
export async function killProcess(
  run: Run,
  found: FoundSession,
  progress: Progress,
  { pid, start, patience, settle }: ProcessKill,
): Promise<ActOutcome> {
  const base = blank(found, 'kill-process');
  const began = run.around.now();
  try {
    const process = await processOf(found, pid, run.around.signal);
    if (process === null) return { ...base, outcome: 'not_allowed', why: `process ${pid} is not of this session` };
    if (start !== null && process.start !== start) {
      return { ...base, outcome: 'session_changed', why: `process ${pid} is another one by now: nothing was done` };
    }
    const result = await send(found, process);
    progress.say(found.session, `kill: ${result}`);
    const steps = [{ step: 'kill-process', began, ended: run.around.now(), result }];
    return { ...base, steps, ...(await verify(run, found, progress, { process, patience, settle })) };
  } catch (error) {
    if (run.around.signal.aborted) return { ...base, outcome: 'cancelled', why: 'nothing was done' };
    return { ...base, ...failureOf(error) };
  }
}

const never = new AbortController().signal;

/** What was sent. A host that did not answer may have done it: the readings tell. Throws `UsherError` where nothing was done. */
async function send({ host, session }: FoundSession, { pid, start }: SessionProcess): Promise<string> {
  const target = { identity: session.identity, id: session.id, reason: null, traces: [] };
  try {
    const { did } = await host.use(
      (connection, signal) => connection.act(target, { act: 'kill-process', pid, start }, signal),
      never,
    );
    return did.length === 0 ? 'nothing was left to do it to' : did.join(', ');
  } catch (error) {
    if (failureOf(error).outcome !== 'unknown') throw error;
    return failureOf(error).why;
  }
}

async function verify(
  run: Run,
  found: FoundSession,
  progress: Progress,
  { process, patience, settle }: Pick<ProcessKill, 'patience' | 'settle'> & { readonly process: SessionProcess },
): Promise<Pick<ActOutcome, 'outcome' | 'why' | 'provedAt'>> {
  const { around } = run;
  const name = `${process.name} ${process.pid}`;
  const began = around.now();
  for (;;) {
    const sight = await lookFor(found, process);
    const now = around.now();
    if (sight.kind === 'gone') {
      const why = `${name} is gone${sight.with}, re-read ${formatTime(now, around.timeZone)}`;
      return { outcome: 'killed', why, provedAt: now };
    }
    if (around.signal.aborted) {
      return { outcome: 'cancelled', why: `${name} was tried: its end was not seen`, provedAt: null };
    }
    const waited = now.since(began).total('seconds');
    if (sight.kind === 'there') {
      if (waited >= patience) return { outcome: 'failed', why: `${name} is still there`, provedAt: null };
      await pause(run, 300);
    } else {
      if (waited >= settle) return { outcome: 'unknown', why: sight.why, provedAt: null };
      progress.say(found.session, `unknown: ${sight.why}; looking again`);
      await pause(run, 2000);
    }
  }
}

type ProcessSight =
  | { readonly kind: 'there' }
  /** `with`: what went with it. */
  | { readonly kind: 'gone'; readonly with: string }
  | { readonly kind: 'unknown'; readonly why: string };

async function lookFor(found: FoundSession, process: SessionProcess): Promise<ProcessSight> {
  const isIt = (one: SessionProcess): boolean => one.pid === process.pid && one.start === process.start;
  try {
    const left = await processOf(found, process.pid, never);
    return left !== null && isIt(left) ? { kind: 'there' } : { kind: 'gone', with: '' };
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    return error.code === 'session_changed' ? sessionGone(found, isIt) : { kind: 'unknown', why: error.message };
  }
}

/** The session may end with its process: then the reading of what is left of it tells. */
async function sessionGone(
  { host, session }: FoundSession,
  isIt: (process: SessionProcess) => boolean,
): Promise<ProcessSight> {
  const target = { identity: session.identity, id: session.id, reason: null, traces: [] };
  try {
    const presence = await host.use((connection, signal) => connection.presence(target, signal), never);
    switch (presence.kind) {
      case 'gone':
        return { kind: 'gone', with: ', and its session with it' };
      case 'remains':
        return presence.processes.some(isIt) ? { kind: 'there' } : { kind: 'gone', with: ', and its session with it' };
      case 'there':
        return { kind: 'there' };
      case 'unknown':
        return { kind: 'unknown', why: presence.why };
    }
  } catch (error) {
    return { kind: 'unknown', why: failureOf(error).why };
  }
}

/** The process of the session with this pid, as read now; null where it has none. */
async function processOf(
  { host, session }: FoundSession,
  pid: number,
  leaving: AbortSignal,
): Promise<SessionProcess | null> {
  const { processes, complete } = await host.use(
    (connection, signal) => connection.processes(session.identity, signal),
    leaving,
  );
  const found = processes.find((process) => process.pid === pid) ?? null;
  if (found !== null || complete) return found;
  throw new UsherError({ code: 'access_denied', message: 'the host does not show every process' });
}
