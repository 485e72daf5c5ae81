import type { KeptHost } from '../../fleet/kept-host.ts';
import type { ShutdownKind } from '../../hosts/administration.ts';
import { formatDuration, type Seconds } from '../../sessions/duration.ts';
import { type ErrorCode, labelled, UsherError } from '../../sessions/errors.ts';
import { pause } from '../acts/act.ts';
import { formatTime } from '../measures.ts';
import { remark, type Run } from '../run.ts';
import { administered } from './administered.ts';

/** What came of asking a host to go down. */
export interface WentDown {
  /** `down`: it does not answer any more. `restarted`: it answers, and started since. `unknown`: it said yes, and still answers. */
  readonly outcome: 'down' | 'restarted' | 'unknown';
  readonly why: string;
  /** When the host started, by its own clock; null unless it restarted. */
  readonly bootedAt: Temporal.Instant | null;
  readonly did: readonly string[];
}

/** Whether it came to what was wanted: a host that shall restart is to be back. */
export const isDone = (kind: ShutdownKind, outcome: WentDown['outcome'] | 'planned'): boolean =>
  outcome === (kind === 'restart' ? 'restarted' : 'down');

const between = 2000;
/** What a host says, or no longer says, that is going down. */
const silent: readonly ErrorCode[] = ['unreachable', 'timeout', 'connection_lost'];
/** A connection that breaks proves nothing; that no other one can be made does. */
const enough = 2;

/**
 * Asks a host to go down, and looks until it is; one that shall restart is looked at for as long again until it is back. Another
 * boot time proves a restart, however short it was. Throws `UsherError` where it refuses.
 */
export async function goDown(run: Run, host: KeptHost, kind: ShutdownKind, patience: Seconds): Promise<WentDown> {
  const { around } = run;
  const { did, bootedBefore } = await ask(run, host, kind);
  const over = (outcome: WentDown['outcome'], why: string, bootedAt: Temporal.Instant | null = null): WentDown => ({
    outcome,
    why,
    bootedAt,
    did,
  });
  const clock = (at: Temporal.Instant): string => formatTime(at, around.timeZone);
  const goal = kind === 'restart' ? 'it has restarted' : 'it does not answer any more';
  tell(run, host, `waits until ${goal}, at most ${formatDuration(patience)}`);
  let until = around.now().add({ milliseconds: patience * 1000 });
  let downSince: Temporal.Instant | null = null;
  for (let failures = 0; !around.signal.aborted; ) {
    const seen = await look(run, host);
    failures = seen.answers ? 0 : failures + 1;
    if (seen.bootedAt !== null && bootedBefore !== null && Temporal.Instant.compare(seen.bootedAt, bootedBefore) > 0) {
      return over('restarted', `booted ${clock(seen.bootedAt)}`, seen.bootedAt);
    }
    if (failures >= enough && downSince === null) {
      downSince = around.now();
      const why = `it does not answer any more, ${clock(downSince)}`;
      if (kind !== 'restart') return over('down', why);
      tell(run, host, `${why}: waits until it is back`);
      until = downSince.add({ milliseconds: patience * 1000 });
    }
    if (failures !== 1 && Temporal.Instant.compare(around.now(), until) >= 0) {
      const since = downSince === null ? '' : `, after it did not at ${clock(downSince)}`;
      if (failures === 0)
        return over('unknown', `it was asked, and still answers after ${formatDuration(patience)}${since}`);
      return over(
        'down',
        `it went down at ${clock(downSince ?? until)}, and is not back after ${formatDuration(patience)}`,
      );
    }
    await pause(run, between);
  }
  return over('unknown', 'it was asked, and whether it went down was not waited for');
}

function tell(run: Run, { host: { name } }: KeptHost, text: string): void {
  if (run.globals.format === 'text') remark(run, labelled(name, text));
}

const never = new AbortController().signal;

interface Asked {
  readonly did: readonly string[];
  /** When the host started that was asked; null where it does not tell. */
  readonly bootedBefore: Temporal.Instant | null;
}

/**
 * What was asked. A host that breaks the connection instead of answering, or is silent, may be on its way; and what was begun is not left
 * in the middle. Throws `UsherError` where it was not asked, or refused.
 */
async function ask({ around }: Run, host: KeptHost, kind: ShutdownKind): Promise<Asked> {
  const wanted = kind === 'restart' ? 'restart' : 'shutdown';
  let asked = false;
  let bootedBefore: Temporal.Instant | null = null;
  try {
    const report = await host.use(async (connection, signal) => {
      const administration = administered(connection, wanted);
      ({ bootedAt: bootedBefore } = await connection.list(signal));
      if (around.signal.aborted) throw calledOff(host);
      asked = true;
      return await administration.shutdown(kind, signal);
    }, never);
    return { did: report.did, bootedBefore };
  } catch (error) {
    if (!asked || !(error instanceof UsherError) || !silent.includes(error.code)) throw error;
    const how = error.code === 'connection_lost' ? 'broke the connection' : 'did not answer';
    return { did: [`it was asked for a ${kind} and ${how}`], bootedBefore };
  }
}

const calledOff = ({ host: { name } }: KeptHost): UsherError =>
  new UsherError({ code: 'not_allowed', host: name, message: 'it was called off: the host was not asked' });

interface Look {
  readonly answers: boolean;
  readonly bootedAt: Temporal.Instant | null;
}

async function look({ around }: Run, host: KeptHost): Promise<Look> {
  try {
    const { bootedAt } = await host.use((connection, signal) => connection.list(signal), around.signal);
    return { answers: true, bootedAt };
  } catch (error) {
    if (error instanceof UsherError) return { answers: !silent.includes(error.code), bootedAt: null };
    if (around.signal.aborted) return { answers: true, bootedAt: null };
    throw error;
  }
}
