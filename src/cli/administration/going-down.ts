import type { KeptHost } from '../../fleet/kept-host.ts';
import type { ShutdownKind } from '../../hosts/administration.ts';
import { formatDuration, type Seconds } from '../../sessions/duration.ts';
import { type ErrorCode, UsherError } from '../../sessions/errors.ts';
import { pause } from '../acts/act.ts';
import { formatTime } from '../measures.ts';
import type { Run } from '../run.ts';
import { administered } from './administered.ts';

/** What came of asking a host to go down. */
export interface WentDown {
  /** `down`: it does not answer any more. `unknown`: it said yes, and still answers. */
  readonly outcome: 'down' | 'unknown';
  readonly why: string;
  readonly did: readonly string[];
}

const between = 2000;
/** What a host says, or no longer says, that is going down. */
const silent: readonly ErrorCode[] = ['unreachable', 'timeout', 'connection_lost'];
/** A connection that breaks proves nothing; that no other one can be made does. */
const enough = 2;

/** Asks a host to go down, and looks until it is. Throws `UsherError` where it refuses. */
export async function goDown(run: Run, host: KeptHost, kind: ShutdownKind, patience: Seconds): Promise<WentDown> {
  const { around } = run;
  const did = await ask(run, host, kind);
  const until = around.now().add({ milliseconds: patience * 1000 });
  for (let failures = 0; !around.signal.aborted; ) {
    failures = (await answers(run, host)) ? 0 : failures + 1;
    if (failures >= enough) {
      return { outcome: 'down', why: `it does not answer any more, ${formatTime(around.now(), around.timeZone)}`, did };
    }
    if (failures === 0 && Temporal.Instant.compare(around.now(), until) >= 0) break;
    await pause(run, between);
  }
  const why = around.signal.aborted
    ? 'it was asked, and whether it went down was not waited for'
    : `it was asked, and still answers after ${formatDuration(patience)}`;
  return { outcome: 'unknown', why, did };
}

const never = new AbortController().signal;

/**
 * What was asked. A host that breaks the connection instead of answering, or is silent, may be on its way; and what was begun is not left
 * in the middle. Throws `UsherError` where it was not asked, or refused.
 */
async function ask({ around }: Run, host: KeptHost, kind: ShutdownKind): Promise<readonly string[]> {
  const wanted = kind === 'restart' ? 'restart' : 'shutdown';
  let asked = false;
  try {
    const report = await host.use((connection, signal) => {
      const administration = administered(connection, wanted);
      if (around.signal.aborted) throw calledOff(host);
      asked = true;
      return administration.shutdown(kind, signal);
    }, never);
    return report.did;
  } catch (error) {
    if (!asked || !(error instanceof UsherError) || !silent.includes(error.code)) throw error;
    const how = error.code === 'connection_lost' ? 'broke the connection' : 'did not answer';
    return [`it was asked for a ${kind} and ${how}`];
  }
}

const calledOff = ({ host: { name } }: KeptHost): UsherError =>
  new UsherError({ code: 'not_allowed', host: name, message: 'it was called off: the host was not asked' });

async function answers({ around }: Run, host: KeptHost): Promise<boolean> {
  try {
    await host.use((connection, signal) => connection.list(signal), around.signal);
    return true;
  } catch (error) {
    if (error instanceof UsherError) return !silent.includes(error.code);
    if (around.signal.aborted) return true;
    throw error;
  }
}
