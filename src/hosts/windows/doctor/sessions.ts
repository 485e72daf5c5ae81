import { milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import type { HostReading } from '../../driver.ts';
import type { Finding } from '../../finding.ts';
import { fileTimeOf } from '../filetime.ts';
import { HostReader } from '../reader.ts';
import { readingOf } from '../sessions.ts';
import { failureAt, finding } from './finding.ts';
import { failureOf, type Patient, within } from './patient.ts';
import type { Opened } from './pipes.ts';

const patience = milliseconds(12_000);
/** How long a call about one session may take. */
const patienceForOne = milliseconds(3000);

/** Whether a list works, how many sessions it has, and what it lacks. Left out where the pipe for it is. */
export async function* examineSessions(patient: Patient, pipes: Opened, systemTime: bigint): AsyncGenerator<Finding> {
  const lsm = pipes.LSM_API_service;
  if (lsm instanceof UsherError) return;
  const { host, surroundings } = patient;
  const began = fileTimeOf(surroundings.now());
  const reader = new HostReader(
    { lsm, rcm: pipes.TermSrv_API_service, ica: pipes.Ctx_WinStation_API_service },
    { hostNow: () => systemTime + (fileTimeOf(surroundings.now()) - began), after: surroundings.after },
    patienceForOne,
  );
  try {
    const facts = await within(patient, patience, () => reader.read());
    yield sessionsFinding(readingOf(host.name, facts, null));
  } catch (error) {
    const failure = failureOf(patient, error);
    yield finding({
      check: 'sessions',
      verdict: 'problem',
      summary: 'sessions cannot be listed',
      meaning: 'Without a list there is nothing to act on.',
      details: [failure.message],
      error: failureAt(host.name, failure),
    });
  }
}

export function sessionsFinding({ sessions, notes, complete }: HostReading): Finding {
  const users = sessions.filter(({ user }) => user !== null).length;
  const listed = sessions.filter(({ kind }) => kind !== 'listener').length;
  const told = {
    check: 'sessions',
    details: notes.map(({ message, columns }) =>
      columns.length === 0 ? message : `${message} (missing: ${columns.join(', ')})`,
    ),
  } as const;
  const summary = `${listed} session${listed === 1 ? '' : 's'} listed, ${users} of ${users === 1 ? 'a user' : 'users'}`;
  if (notes.length === 0 && complete) return finding({ ...told, verdict: 'ok', summary });
  return finding({
    ...told,
    verdict: 'warning',
    summary: `${summary}; the list lacks something`,
    meaning: complete
      ? 'Columns are missing, as the details say.'
      : 'A session may be missing, so that no end of a session is proven by such a list.',
  });
}
