import { hintOfNear } from '../fleet/near-names.ts';
import { accountOf } from '../sessions/account.ts';
import { formatDuration } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { formatBytes, formatInstant } from './measures.ts';
import type { Style, TableColumn } from './table.ts';

/** What a column needs to know to show times. */
export interface Moment {
  readonly now: Temporal.Instant;
  readonly timeZone: string;
}

/** A column's value, to be sorted by and for CSV. Unknown is null. */
export type Value = string | number | boolean | null;

export interface SessionColumn {
  readonly title: string;
  readonly value: (session: Session) => Value;
  /** How people read it; by default as CSV does. */
  readonly shown?: (session: Session, moment: Moment) => string;
  readonly align?: 'right';
  readonly priority: number;
  readonly least?: number;
  readonly cut?: 'middle';
  readonly style?: (session: Session) => Style | null;
}

type InstantField = 'loggedOnAt' | 'connectedAt' | 'disconnectedAt' | 'lastInputAt';
type RateField = 'bytesInPerSecond' | 'bytesOutPerSecond';

const instant = (title: string, field: InstantField, priority: number): SessionColumn => ({
  title,
  priority,
  value: (session) => session[field]?.toString() ?? null,
  shown: (session, { now, timeZone }) => {
    const at = session[field];
    return at === null ? '' : formatInstant(at, now, timeZone);
  },
});

const rate = (title: string, field: RateField): SessionColumn => ({
  title,
  priority: 7,
  align: 'right',
  value: (session) => session[field],
  shown: (session) => measure(session[field], (bytes) => `${formatBytes(bytes)}/s`),
});

const measure = (value: number | null, format: (value: number) => string): string =>
  value === null ? '' : format(value);

function stateStyle({ state }: Session): Style | null {
  if (state === 'active') return 'green';
  if (state === 'disconnected') return 'yellow';
  return state === 'down' || state === 'reset' ? 'red' : null;
}

/** Every column that can be asked for, by its name in JSON (`client` being the client's name or else its address). */
export const sessionColumns = {
  host: { title: 'HOST', priority: 1, least: 8, cut: 'middle', value: ({ host }) => host },
  id: { title: 'ID', priority: 1, align: 'right', value: ({ id }) => id },
  name: { title: 'NAME', priority: 4, least: 6, value: ({ name }) => name },
  kind: { title: 'KIND', priority: 4, value: ({ kind }) => kind },
  user: { title: 'USER', priority: 1, least: 10, value: ({ user }) => user, shown: (one) => accountOf(one) ?? '' },
  domain: { title: 'DOMAIN', priority: 6, least: 6, value: ({ domain }) => domain },
  state: { title: 'STATE', priority: 1, value: ({ state }) => state, style: stateStyle },
  idleFor: {
    title: 'IDLE',
    priority: 2,
    align: 'right',
    value: ({ idleFor }) => idleFor,
    shown: ({ idleFor }) => (idleFor === null ? '' : formatDuration(idleFor)),
  },
  loggedOnAt: instant('LOGON', 'loggedOnAt', 4),
  connectedAt: instant('CONNECTED', 'connectedAt', 6),
  disconnectedAt: instant('DISCONNECTED', 'disconnectedAt', 6),
  lastInputAt: instant('LAST INPUT', 'lastInputAt', 6),
  client: { title: 'CLIENT', priority: 3, least: 9, value: ({ client }) => client.name ?? client.address },
  clientName: { title: 'CLIENT NAME', priority: 5, least: 9, value: ({ client }) => client.name },
  clientAddress: { title: 'ADDRESS', priority: 5, least: 9, value: ({ client }) => client.address },
  clientDisplay: { title: 'DISPLAY', priority: 7, value: ({ client }) => client.display },
  protocol: { title: 'PROTOCOL', priority: 7, value: ({ protocol }) => protocol },
  locked: { title: 'LOCKED', priority: 7, value: ({ locked }) => locked },
  memoryBytes: {
    title: 'MEMORY',
    priority: 3,
    align: 'right',
    value: ({ memoryBytes }) => memoryBytes,
    shown: ({ memoryBytes }) => measure(memoryBytes, formatBytes),
  },
  cpuPercent: {
    title: 'CPU',
    priority: 5,
    align: 'right',
    value: ({ cpuPercent }) => cpuPercent,
    shown: ({ cpuPercent }) =>
      measure(cpuPercent, (percent) => `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)}%`),
  },
  bytesInPerSecond: rate('IN', 'bytesInPerSecond'),
  bytesOutPerSecond: rate('OUT', 'bytesOutPerSecond'),
  roundTripMs: {
    title: 'RTT',
    priority: 6,
    align: 'right',
    value: ({ roundTripMs }) => roundTripMs,
    shown: ({ roundTripMs }) =>
      measure(roundTripMs, (time) => `${time < 9.95 ? time.toFixed(1) : Math.round(time)} ms`),
  },
  processCount: { title: 'PROCESSES', priority: 7, align: 'right', value: ({ processCount }) => processCount },
  troubles: {
    title: 'TROUBLES',
    priority: 3,
    least: 12,
    value: ({ troubles }) => troubles.map(({ code }) => code).join(' '),
    style: () => 'red',
  },
  key: { title: 'KEY', priority: 8, value: ({ key }) => key },
} as const satisfies Readonly<Record<string, SessionColumn>>;

export type ColumnName = keyof typeof sessionColumns;

export const columnNames = Object.keys(sessionColumns) as readonly ColumnName[];

const usual: readonly ColumnName[] = [
  'id',
  'user',
  'state',
  'idleFor',
  'loggedOnAt',
  'client',
  'clientAddress',
  'memoryBytes',
  'cpuPercent',
  'roundTripMs',
];

/** The columns of a listing that names none: the host only where there are several, names and kinds where all kinds are shown. */
export const usualColumns = (hostCount: number, kinds = false): readonly ColumnName[] => [
  ...(hostCount > 1 ? (['host'] as const) : []),
  ...usual.flatMap((name) => (kinds && name === 'user' ? (['name', 'kind', name] as const) : [name])),
];

const csvLeftOut: readonly ColumnName[] = ['client'];

export const csvColumns: readonly ColumnName[] = columnNames.filter((name) => !csvLeftOut.includes(name));

/** Reads `user,state,idleFor`. Throws {@link UsherError} `usage`. */
export function parseColumns(text: string): readonly ColumnName[] {
  return text.split(',').map((part) => columnNamed(part.trim()));
}

/** The column of this name or heading, in any case, with or without what separates words. Throws {@link UsherError} `usage`. */
export function columnNamed(text: string): ColumnName {
  const wanted = plainName(text);
  const found =
    columnNames.find((name) => plainName(name) === wanted) ??
    columnNames.find((name) => plainName(sessionColumns[name].title) === wanted);
  if (found !== undefined) return found;
  const near = hintOfNear(text, [...columnNames, ...columnNames.map((name) => sessionColumns[name].title)]);
  throw new UsherError({
    code: 'usage',
    message: `there is no column '${text.slice(0, 40)}'`,
    hint: near ?? `columns: ${columnNames.join(', ')}`,
  });
}

const plainName = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, '');

const mark: TableColumn<Session> = {
  title: ' ',
  align: 'left',
  priority: 1,
  least: Number.POSITIVE_INFINITY,
  text: ({ troubles }) => (troubles.length > 0 ? '!' : ' '),
  style: () => 'red',
};

/** Whether troubled sessions are marked in a column of their own: where there is one and its troubles are not told. */
export const isMarked = (names: readonly ColumnName[], sessions: readonly Session[]): boolean =>
  !names.includes('troubles') && sessions.some(({ troubles }) => troubles.length > 0);

export function tableColumns(
  names: readonly ColumnName[],
  sessions: readonly Session[],
  moment: Moment,
): readonly TableColumn<Session>[] {
  const columns = names.map((name): TableColumn<Session> => {
    const column: SessionColumn = sessionColumns[name];
    const text = (session: Session): string => column.shown?.(session, moment) ?? String(column.value(session) ?? '');
    const { title, align = 'left', priority, least = Number.POSITIVE_INFINITY, cut, style } = column;
    return { title, align, priority, least, cut, text, style };
  });
  return isMarked(names, sessions) ? [mark, ...columns] : columns;
}

/** Orders by a column's value; unknown last, whichever the direction. */
export function bySessionColumn(name: ColumnName, descending: boolean): (one: Session, other: Session) => number {
  const { value }: SessionColumn = sessionColumns[name];
  return (one, other) => {
    const [first, second] = [value(one), value(other)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    const order = typeof first === 'string' ? first.localeCompare(String(second)) : Number(first) - Number(second);
    return descending ? -order : order;
  };
}
