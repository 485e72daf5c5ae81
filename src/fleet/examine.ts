import type { HostDriver } from '../hosts/driver.ts';
import { type Finding, finding } from '../hosts/finding.ts';
import { UsherError } from '../sessions/errors.ts';
import { shellWord } from '../sessions/shell-word.ts';
import { type Deadline, startDeadline, untilAborted } from './deadline.ts';
import { type Examination, examinationOf, isLoggedOn, logonCheck } from './examination.ts';
import { type Fleet, logonOutcome, notSpoken } from './fleet.ts';
import type { FleetHost } from './inventory.ts';
import type { LogonAttempt, LogonOutcome } from './logon-gate.ts';
import { merge } from './merge.ts';

/** What is seen while hosts are examined. */
export type ExaminationEvent =
  | { readonly kind: 'finding'; readonly host: FleetHost; readonly finding: Finding }
  | { readonly kind: 'over'; readonly examination: Examination };

/** So many hosts are examined at once: an examination asks much, and is read by people. */
const mostExamined = 32;
/** So many findings are taken of one host. */
const mostFindings = 1000;

/** The check whose finding tells what became of sudo's password. */
const sudoCheck = 'sudo';

/**
 * Examines hosts, some at a time, and yields each finding as it comes and each host's examination when it is over. The
 * time-out of the fleet is what a host may take from one finding to the next: an examination has many, and each may be what
 * somebody waits for. Throws only the signal's reason.
 */
export async function* examineHosts(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  signal: AbortSignal,
): AsyncGenerator<ExaminationEvent, void, undefined> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const waiting = [...hosts];
  const width = Math.min(fleet.parallel, mostExamined, hosts.length);
  const streams = Array.from({ length: width }, () => eachOf(fleet, waiting, ended));
  yield* merge(streams, () => stop.abort());
  signal.throwIfAborted();
}

async function* eachOf(fleet: Fleet, waiting: FleetHost[], signal: AbortSignal): AsyncGenerator<ExaminationEvent> {
  for (let host = waiting.shift(); host !== undefined && !signal.aborted; host = waiting.shift()) {
    const findings: Finding[] = [];
    for await (const one of findingsOf(fleet, host, signal)) {
      findings.push(one);
      yield { kind: 'finding', host, finding: one };
    }
    if (!signal.aborted) yield { kind: 'over', examination: examinationOf(host, findings) };
  }
}

async function* findingsOf(
  fleet: Fleet,
  host: FleetHost,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, undefined> {
  const driver = fleet.drivers.find(({ schemes }) => schemes.includes(host.url.scheme));
  if (driver === undefined) {
    const error = new UsherError({ code: 'unsupported', message: notSpoken(host.url), host: host.name });
    yield finding('kind', 'problem', error.message, { error });
    return;
  }
  using deadline = startDeadline(fleet.timeout, signal, fleet);
  const attempt = fleet.gate.attempt(host, fleet.secretsOf(host), deadline.signal, deadline.aside);
  let outcome: LogonOutcome = 'unjudged';
  try {
    for await (const one of inTime(driver, host, attempt, deadline)) {
      settle(attempt, one);
      yield toldWith(attempt, one);
      deadline.renew();
    }
  } catch (error) {
    outcome = 'unknown';
    if (!signal.aborted) yield endedBy(error, host, deadline, fleet);
  } finally {
    // What was settled by a finding stays so.
    attempt.settle(outcome);
    attempt.settleSudo(outcome);
  }
}

/** The driver's findings, as long as each comes in time. One that does not heed an abort is not waited for. */
async function* inTime(
  driver: HostDriver,
  host: FleetHost,
  attempt: LogonAttempt,
  { signal }: Deadline,
): AsyncGenerator<Finding, void, undefined> {
  const findings = driver.examine(host, attempt.credential, signal)[Symbol.asyncIterator]();
  try {
    for (let count = 0; count < mostFindings; count += 1) {
      const next = await untilAborted(findings.next(), signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    findings.return?.().then(undefined, () => undefined);
  }
}

function settle(attempt: LogonAttempt, one: Finding): void {
  if (one.check === logonCheck) attempt.settle(isLoggedOn(one) ? 'accepted' : logonOutcome(one.error));
  if (one.check === sudoCheck) attempt.settleSudo(one.verdict === 'ok' ? 'accepted' : sudoOutcome(one));
}

const sudoOutcome = ({ error }: Finding): LogonOutcome => (error?.code === 'logon_failed' ? 'rejected' : 'unjudged');

/** The finding, and where the gate held a secret back that is what is told. */
function toldWith(attempt: LogonAttempt, one: Finding): Finding {
  if (one.verdict === 'ok') return one;
  const rested = one.check === logonCheck ? attempt.rested : one.check === sudoCheck ? attempt.restedSudo : null;
  if (rested === null) return one;
  const meaning = rested.hint === null ? null : `It is held back ${rested.hint}.`;
  return { ...one, summary: rested.message, meaning, mends: [], error: rested };
}

function endedBy(error: unknown, host: FleetHost, deadline: Deadline, { timeout }: Fleet): Finding {
  if (deadline.expired) {
    const message = `the host let the examination wait for more than ${timeout / 1000} s`;
    return finding('time', 'problem', message, {
      meaning: 'What would have been looked at next is not known. A slow host may take longer than that.',
      mends: [{ where: 'here', paste: `usher doctor ${shellWord(host.name)} --timeout ${(timeout / 1000) * 4}s` }],
      error: new UsherError({ code: 'timeout', message, host: host.name, cause: asCause(error) }),
    });
  }
  if (error instanceof UsherError)
    return finding('connection', 'problem', error.message, { meaning: error.hint, error });
  const message = 'the examination failed for a reason that Usher does not know';
  return finding('examination', 'problem', message, {
    meaning: 'This is a defect of Usher: please report it.',
    error: new UsherError({ code: 'bad_answer', message, host: host.name, cause: error }),
  });
}

const asCause = (error: unknown): UsherError | undefined => (error instanceof UsherError ? error : undefined);
