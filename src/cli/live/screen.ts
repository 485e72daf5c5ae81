import { widthOf } from '../width.ts';
import type { Session } from '../../sessions/session.ts';
import { printable } from '../printable.ts';
import { type Moment, sessionColumns, tableColumns } from '../session-columns.ts';
import { cutPainted, type Paint, renderTable, type TableColumn } from '../table.ts';
import { wrapped } from '../wrap.ts';
import { columnSets } from './columns.ts';
import { actKeys } from './keys.ts';
import { allSessions, type LiveModel, shownSessions } from './model.ts';

/** What a screen shows beside the list itself. */
export interface Around extends Moment {
  readonly width: number;
  readonly height: number;
  readonly paint: Paint;
  /** The line that sums the list up. */
  readonly summary: string;
  /** What is under way, one line for each session: `ts01 #3 alice: 4m 10s left`. */
  readonly waiting: readonly string[];
  /** What stays there to be read, where the screen is high enough. */
  readonly pinned?: readonly string[] | undefined;
}

/** Of what is under way, and of what happened, so many lines are shown. */
const [waitingShown, logShown] = [3, 3];
/** A table of more rows is laid out by those that are on the screen. */
const laidOut = 1000;

/** How many sessions are on the screen at once. */
export const pageOf = ({ height, waiting, pinned }: Pick<Around, 'height' | 'waiting' | 'pinned'>): number =>
  Math.max(1, height - 5 - logShown - Math.min(waitingShown, waiting.length) - pinnedLines({ height, pinned }).length);

/** Lower screens have no room for what is pinned. */
const leastForPinned = 20;

const pinnedLines = ({ height, pinned = [] }: Pick<Around, 'height' | 'pinned'>): readonly string[] =>
  height < leastForPinned ? [] : pinned;

/** The lines of the whole screen, at most as many as it has. */
export function screenOf(model: LiveModel, around: Around): readonly string[] {
  const { width, height, paint } = around;
  const below = happened(model, around);
  const room = Math.max(1, height - 2 - below.length);
  const lines =
    model.mode.kind === 'help'
      ? helpLines(paint)
      : model.mode.kind === 'log'
        ? logLines(model.log, room, width)
        : listLines(model, around);
  const filled = [...lines.slice(0, room), ...Array.from({ length: Math.max(0, room - lines.length) }, () => '')];
  const all = [paint('bold', printable(around.summary)), ...filled, ...below, bottomLine(model, around)];
  return all.slice(-height).map((line) => cutPainted(line, width));
}

function listLines(model: LiveModel, around: Around): readonly string[] {
  if (model.mode.kind === 'preview') return previewLines(model.mode, around);
  const shown = shownSessions(model);
  const page = pageOf(around);
  const first = Math.max(0, Math.min(model.place - Math.floor(page / 2), shown.length - page));
  const rows = shown.length > laidOut ? shown.slice(first, first + page) : shown;
  const [header = '', ...table] = tableLines(model, rows, around);
  const visible = shown.length > laidOut ? table : table.slice(first, first + page);
  const body = visible.map((line, index) =>
    shown[first + index]?.key === model.cursor ? around.paint('inverse', padded(line, around.width)) : line,
  );
  const empty = allSessions(model).length === 0 ? 'no sessions' : 'no session passes: Esc shows all';
  return [statusOf(model, around, shown.length), header, ...(shown.length === 0 ? [empty] : body)];
}

function statusOf(model: LiveModel, { paint }: Around, shown: number): string {
  const { view, filter, sort, columns, chosen, failures } = model;
  const failed = [...failures.keys()];
  const lost = failed.length === 0 ? '' : `lost: ${failed.slice(0, 3).join(', ')}${failed.length > 3 ? '…' : ''} · `;
  const parts = [
    `view ${view}`,
    ...(filter === '' ? [] : [`filter "${filter}"`]),
    `sorted by ${sort.column}${sort.descending ? ', largest first' : ''}`,
    `columns ${columnSets[columns]?.title ?? ''}`,
    `${shown} shown`,
    ...(chosen.size === 0 ? [] : [`${chosen.size} chosen`]),
  ];
  return paint('red', printable(lost)) + paint('dim', printable(parts.join(' · ')));
}

function tableLines(model: LiveModel, rows: readonly Session[], around: Around): readonly string[] {
  const mark: TableColumn<Session> = {
    title: ' ',
    align: 'left',
    priority: 1,
    least: 1,
    text: ({ key }) => (model.chosen.has(key) ? '*' : ' '),
    style: () => 'yellow',
  };
  const sorted = sessionColumns[model.sort.column].title;
  const columns = [mark, ...tableColumns(columnSets[model.columns]?.columns ?? [], rows, around)].map((column) =>
    column.title === sorted ? { ...column, title: `${sorted}${model.sort.descending ? '↓' : '↑'}` } : column,
  );
  return renderTable(columns, rows, { width: around.width, paint: around.paint }).trimEnd().split('\n');
}

function previewLines(
  { title, lines }: { readonly title: string; readonly lines: readonly string[] },
  { width, height, paint }: Around,
): readonly string[] {
  const whole = lines.flatMap((line) => indented(printable(line), width));
  const room = Math.max(1, height - 6);
  const shown =
    whole.length > room ? [...whole.slice(0, room - 1), `and ${whole.length - room + 1} more lines`] : whole;
  return ['', paint('bold', printable(title)), ...shown];
}

/** A text as lines of at most so many cells; what goes on is as far in as its beginning. */
function indented(text: string, width: number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const indent = /^ */.exec(text)?.[0] ?? '';
  return wrapped(text, width - indent.length).map((line) => indent + line);
}

function happened({ log, mode }: LiveModel, around: Around): readonly string[] {
  const { waiting, height, paint } = around;
  if (mode.kind === 'preview' || mode.kind === 'help' || mode.kind === 'log' || height < 12) return [];
  const busy = waiting.slice(0, waitingShown).map((text) => paint('yellow', printable(text)));
  const told = newestLines(log, logShown, around.width).map((text) => paint('dim', text));
  return ['', ...busy, ...told, ...pinnedLines(around).map((text) => paint('bold', printable(text)))];
}

/** What happened last, in at most so many lines: the newest from its beginning, and of what was before it as much as there is room for. */
function newestLines(log: readonly string[], room: number, width: number): readonly string[] {
  const whole = log.slice(-room).map((text) => indented(printable(text), width));
  const newest = (whole.pop() ?? []).slice(0, room);
  const left = room - newest.length;
  return [...(left === 0 ? [] : whole.flat().slice(-left)), ...newest];
}

const logLines = (log: readonly string[], room: number, width: number): readonly string[] =>
  log.length === 0 ? ['nothing has happened yet'] : newestLines(log, room, width);

function bottomLine({ mode }: LiveModel, { paint, width }: Around): string {
  switch (mode.kind) {
    case 'typing': {
      const label = mode.what === 'filter' ? 'filter' : 'message';
      const typed = printable(mode.text);
      const room = Math.max(1, width - label.length - 3);
      const end = widthOf(typed) <= room ? typed : `…${endOf(typed, room - 1)}`;
      return `${paint('bold', `${label}:`)} ${end}▏`;
    }
    case 'looking':
      return paint('bold', `${mode.title}: reading again…`);
    case 'preview':
      return paint('bold', mode.meant === 0 ? 'any key goes back' : 'y does it; any other key does nothing');
    case 'help':
    case 'log':
      return paint('dim', 'any key goes back');
    case 'list':
      return paint('dim', keysLine(width));
  }
}

/** The keys that matter, as far as there is room. */
function keysLine(width: number): string {
  const parts = [
    '? help',
    'q quit',
    'space choose',
    'm message',
    'e end',
    'l log off',
    'd disconnect',
    '/ filter',
    'v view',
    's sort',
    'c columns',
    'x call off',
  ];
  return parts.reduce((line, part) => {
    const longer = line === '' ? part : `${line}  ${part}`;
    return longer.length <= width ? longer : line;
  }, '');
}

function helpLines(paint: Paint): readonly string[] {
  const line = (keys: string, what: string): string => `  ${paint('bold', keys.padEnd(14))} ${what}`;
  return [
    '',
    line('↑ ↓ PgUp PgDn', 'move (j k Home End too)'),
    line('space  a  n', 'choose this one, all that are shown, none'),
    line('/', 'filter by host, user, state, client: all words, * and ? match'),
    line('v', 'view: all, active, disconnected, troubled'),
    line('s  S', 'sort by the next column; the other way round'),
    line('c', 'columns: usual, times, load, clients, troubles'),
    '',
    ...Object.entries(actKeys).map(([key, { title }]) => line(key, title)),
    '',
    line('x', 'call off warnings that are up and what has not been begun'),
    line('h', 'what happened, whole'),
    line('Esc', 'nothing chosen, no filter'),
    line('q', 'quit; what is under way is called off'),
    '',
    '  An act reads its sessions again, shows what they lose, and asks.',
  ];
}

/** A line as wide as the screen, so that the cursor's bar is. */
const padded = (line: string, width: number): string => line + ' '.repeat(Math.max(0, width - widthOf(line)));

/** The end of a text, in at most so many cells. */
function endOf(text: string, width: number): string {
  const characters = [...text];
  while (characters.length > 0 && widthOf(characters.join('')) > width) characters.shift();
  return characters.join('');
}
