import type { Act } from '../../sessions/allowed-actions.ts';
import { matchesPattern } from '../../sessions/filter.ts';
import { accountOf } from '../../sessions/account.ts';
import type { Session } from '../../sessions/session.ts';
import { bySessionColumn, type ColumnName } from '../session-columns.ts';

/** Which sessions a view shows. */
export const views = ['all', 'active', 'disconnected', 'troubled'] as const;
export type View = (typeof views)[number];

/** What is asked of whoever sits in front of the list. */
export type Mode =
  | { readonly kind: 'list' }
  | { readonly kind: 'help' }
  /** What happened, whole. */
  | { readonly kind: 'log' }
  /** Typing a filter, which narrows the list as it is typed, or a message's text. */
  | { readonly kind: 'typing'; readonly what: 'filter' | 'message'; readonly text: string }
  /** The sessions are being read again before they are shown. */
  | { readonly kind: 'looking'; readonly act: Act; readonly title: string }
  /** What would be done to whom: y does it, where it is meant for anybody. */
  | { readonly kind: 'preview'; readonly title: string; readonly lines: readonly string[]; readonly meant: number };

/** A live list: what the hosts told last, and where the user is in it. */
export interface LiveModel {
  /** Host → its latest sessions. */
  readonly readings: ReadonlyMap<string, readonly Session[]>;
  /** Host → why it does not answer. */
  readonly failures: ReadonlyMap<string, string>;
  readonly view: View;
  readonly filter: string;
  readonly sort: { readonly column: ColumnName; readonly descending: boolean };
  /** Which set of columns is shown: an index into the sets. */
  readonly columns: number;
  /** The key of the session under the cursor. */
  readonly cursor: string | null;
  /** Where the cursor stood, for when its session goes. */
  readonly place: number;
  readonly chosen: ReadonlySet<string>;
  readonly mode: Mode;
  /** What happened, the newest last. */
  readonly log: readonly string[];
}

export const emptyModel: LiveModel = {
  readings: new Map(),
  failures: new Map(),
  view: 'all',
  filter: '',
  sort: { column: 'host', descending: false },
  columns: 0,
  cursor: null,
  place: 0,
  chosen: new Set(),
  mode: { kind: 'list' },
  log: [],
};

const longestLog = 200;

export const logged = (model: LiveModel, line: string): LiveModel => ({
  ...model,
  log: [...model.log, line].slice(-longestLog),
});

export const allSessions = ({ readings }: LiveModel): readonly Session[] => [...readings.values()].flat();

/** The sessions that are shown, in their order. */
export function shownSessions(model: LiveModel): readonly Session[] {
  const order = bySessionColumn(model.sort.column, model.sort.descending);
  return allSessions(model)
    .filter((session) => inView(model.view, session) && passesText(model.filter, session))
    .toSorted((one, other) => order(one, other) || byPlace(one, other));
}

const byPlace = (one: Session, other: Session): number => one.host.localeCompare(other.host) || one.id - other.id;

function inView(view: View, { state, troubles }: Session): boolean {
  if (view === 'troubled') return troubles.length > 0;
  return view === 'all' || state === view;
}

/** Every word must be found in something that names the session. */
function passesText(filter: string, session: Session): boolean {
  const { host, id, name, state, client } = session;
  const texts = [host, String(id), name, state, accountOf(session), client.name, client.address];
  return filter
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => texts.some((text) => text !== null && matchesPattern(`*${word}*`, text)));
}

/** The model with its cursor on a session that is shown, and nothing chosen that is gone. */
export function settled(model: LiveModel): LiveModel {
  const shown = shownSessions(model);
  const at = shown.findIndex(({ key }) => key === model.cursor);
  const place = at >= 0 ? at : Math.max(0, Math.min(model.place, shown.length - 1));
  const known = new Set(allSessions(model).map(({ key }) => key));
  const chosen = new Set([...model.chosen].filter((key) => known.has(key)));
  return { ...model, place, cursor: shown[place]?.key ?? null, chosen };
}

/** What an act means: the chosen sessions, else the one under the cursor; never one that is not on the list. */
export function targetsOf(model: LiveModel): readonly Session[] {
  const all = allSessions(model);
  const wanted = model.chosen.size > 0 ? model.chosen : new Set([model.cursor]);
  return all.filter(({ key }) => wanted.has(key));
}

export function moved(model: LiveModel, by: number): LiveModel {
  const shown = shownSessions(model);
  const place = Math.max(0, Math.min(model.place + by, shown.length - 1));
  return { ...model, place, cursor: shown[place]?.key ?? null };
}
