import type { FoundSession } from '../../fleet/find-sessions.ts';
import { UsherError } from '../../sessions/errors.ts';
import { documentProgramsAmong } from '../../sessions/document-programs.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { Session } from '../../sessions/session.ts';
import { simulatedAmong } from '../listing-footer.ts';
import { paintOf, remark, type Run } from '../run.ts';
import { tableColumns, usualColumns } from '../session-columns.ts';
import { renderTable, type TableColumn, type TableLook } from '../table.ts';

/** A session and what runs in it that is likely to hold documents; null where that cannot be seen. */
export interface Previewed {
  readonly found: FoundSession;
  readonly documents: readonly string[] | null;
}

/** Asks each host what runs in the sessions. A host that does not tell leaves it unknown. */
export async function preview(run: Run, sessions: readonly FoundSession[]): Promise<readonly Previewed[]> {
  return Promise.all(
    sessions.map(async (found) => {
      try {
        const { processes } = await found.host.use(
          (connection, signal) => connection.processes(found.session.identity, signal),
          run.around.signal,
        );
        return { found, documents: documentsOf(processes) };
      } catch (error) {
        if (!(error instanceof UsherError)) throw error;
        return { found, documents: null };
      }
    }),
  );
}

/** The same without asking: for more sessions than are acted on. */
export const unread = (sessions: readonly FoundSession[]): readonly Previewed[] =>
  sessions.map((found) => ({ found, documents: null }));

const documentsOf = (processes: readonly SessionProcess[]): readonly string[] => documentProgramsAmong(processes);

/** Shows who is meant, active or not, and what may be lost. */
export async function printPreview(run: Run, previewed: readonly Previewed[], to: 'stdout' | 'stderr'): Promise<void> {
  const output = run.around[to];
  const width = output.isTerminal ? (output.columns ?? 80) : null;
  output.write(
    await previewTable(run, previewed, { width, paint: to === 'stdout' ? paintOf(run) : (_, text) => text }),
  );
  const hosts = new Set(previewed.map(({ found }) => found.host.host));
  for (const line of simulatedAmong([...hosts])) remark(run, line);
}

/** The same as lines, each ended by a line feed. */
export async function previewTable(
  run: Run,
  previewed: readonly Previewed[],
  look: TableLook<Session>,
): Promise<string> {
  const sessions = previewed.map(({ found }) => found.session);
  const documents = new Map(previewed.map((one) => [one.found.session, one.documents]));
  const names = usualColumns(2).filter((name) => previewColumns.includes(name));
  const runs: TableColumn<Session> = {
    title: 'LIKELY TO HOLD DOCUMENTS',
    align: 'left',
    priority: 1,
    least: 12,
    text: (session) => {
      const seen = documents.get(session) ?? null;
      return seen === null ? 'unknown' : seen.join(' ');
    },
    style: () => 'yellow',
  };
  const columns = [...tableColumns(names, [], { now: run.around.now(), timeZone: run.around.timeZone }), runs];
  return renderTable(columns, sessions, look);
}

const previewColumns: readonly string[] = ['host', 'id', 'user', 'state', 'idleFor', 'client', 'memoryBytes'];
