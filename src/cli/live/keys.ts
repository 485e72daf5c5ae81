import type { Act } from '../../sessions/allowed-actions.ts';
import { type SessionColumn, sessionColumns } from '../session-columns.ts';
import { columnSets } from './columns.ts';
import { type LiveModel, moved, settled, shownSessions, targetsOf, views } from './model.ts';

/** A key as `readline.emitKeypressEvents` of Node tells it. */
export interface Key {
  /** `up`, `pagedown`, `return`, `escape`, `space`, a letter; undefined for what has no name. */
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  /** What it types; undefined for what types nothing. */
  readonly text?: string | undefined;
}

/** What the list asks of whoever runs it. */
export type LiveCommand =
  | { readonly kind: 'quit' }
  /** Reads the sessions again and shows what would be done. */
  | { readonly kind: 'look'; readonly act: LiveAct; readonly keys: readonly string[]; readonly text: string }
  /** Does what was shown. */
  | { readonly kind: 'do' }
  /** Forgets what was shown. */
  | { readonly kind: 'forget' }
  /** Calls off what has not been begun, and warnings that are up. */
  | { readonly kind: 'call-off' };

export interface LiveAct {
  readonly act: Act;
  readonly force: boolean;
}

export interface Pressed {
  readonly model: LiveModel;
  readonly command: LiveCommand | null;
}

/** Keys that act, with what they are called on the screen. */
export const actKeys: Readonly<Record<string, LiveAct & { readonly title: string }>> = {
  m: { act: 'message', force: false, title: 'message' },
  d: { act: 'disconnect', force: false, title: 'disconnect' },
  u: { act: 'unfreeze', force: false, title: 'unfreeze' },
  l: { act: 'logoff', force: false, title: 'log off' },
  e: { act: 'end', force: false, title: 'warn and log off' },
  E: { act: 'end', force: true, title: 'end with force' },
  R: { act: 'reset', force: false, title: 'reset' },
};

const none = (model: LiveModel): Pressed => ({ model, command: null });

/** What a key does. `page` is how many rows the list shows. */
export function press(model: LiveModel, key: Key, page: number): Pressed {
  if (key.ctrl === true && key.name === 'c') return { model, command: { kind: 'quit' } };
  switch (model.mode.kind) {
    case 'typing':
      return type(model, model.mode, key);
    case 'preview':
    case 'looking':
      return decide(model, key);
    case 'help':
    case 'log':
      return none({ ...model, mode: { kind: 'list' } });
    case 'list':
      return inList(model, key, page);
  }
}

function decide(model: LiveModel, { text }: Key): Pressed {
  const list: LiveModel = { ...model, mode: { kind: 'list' } };
  if (model.mode.kind === 'preview' && model.mode.meant > 0 && text === 'y') {
    return { model: list, command: { kind: 'do' } };
  }
  return { model: list, command: { kind: 'forget' } };
}

const longestText = 500;

function type(model: LiveModel, mode: Extract<LiveModel['mode'], { kind: 'typing' }>, key: Key): Pressed {
  const { what, text } = mode;
  const typed = (next: string): Pressed => {
    const typing: LiveModel = { ...model, mode: { ...mode, text: next } };
    return none(what === 'filter' ? settled({ ...typing, filter: next }) : typing);
  };
  switch (key.name) {
    case 'escape': {
      const list: LiveModel = { ...model, mode: { kind: 'list' } };
      return none(what === 'filter' ? settled({ ...list, filter: '' }) : list);
    }
    case 'return':
    case 'enter':
      if (what === 'message' && text.trim() !== '') return look(model, { act: 'message', force: false }, text);
      return none({ ...model, mode: { kind: 'list' } });
    case 'backspace':
      return typed([...text].slice(0, -1).join(''));
    default:
      if (key.text === undefined || key.ctrl === true || key.text < ' ' || text.length >= longestText)
        return none(model);
      return typed(text + key.text);
  }
}

function look(model: LiveModel, act: LiveAct, text: string): Pressed {
  const keys = targetsOf(model).map(({ key }) => key);
  if (keys.length === 0) return none(model);
  const title = Object.values(actKeys).find((one) => one.act === act.act && one.force === act.force)?.title ?? act.act;
  return {
    model: { ...model, mode: { kind: 'looking', act: act.act, title } },
    command: { kind: 'look', act, keys, text },
  };
}

function inList(model: LiveModel, { name, text }: Key, page: number): Pressed {
  const move = { up: -1, k: -1, down: 1, j: 1, pageup: -page, pagedown: page, home: -1e6, end: 1e6 }[name ?? ''];
  // A capital has a meaning of its own, and the name of a key is always small.
  if (move !== undefined && (text === undefined || text === name || (text ?? '').length !== 1 || text < ' ')) {
    return none(moved(model, move));
  }
  const act = Object.hasOwn(actKeys, text ?? '') ? actKeys[text ?? ''] : undefined;
  if (act !== undefined) {
    if (act.act === 'message' && targetsOf(model).length > 0) {
      return none({ ...model, mode: { kind: 'typing', what: 'message', text: '' } });
    }
    return look(model, act, '');
  }
  if (name === 'escape') return none(settled({ ...model, chosen: new Set(), filter: '', view: 'all' }));
  switch (text) {
    case 'q':
      return { model, command: { kind: 'quit' } };
    case ' ':
      return none(toggled(model));
    case 'a':
      return none({ ...model, chosen: new Set(shownSessions(model).map(({ key }) => key)) });
    case 'n':
      return none({ ...model, chosen: new Set() });
    case '/':
      return none({ ...model, mode: { kind: 'typing', what: 'filter', text: model.filter } });
    case 'v':
      return none(settled({ ...model, view: after(views, model.view) }));
    case 'c':
      return none({ ...model, columns: (model.columns + 1) % columnSets.length });
    case 's':
      return none(settled({ ...model, sort: nextSort(model) }));
    case 'S':
      return none(settled({ ...model, sort: { ...model.sort, descending: !model.sort.descending } }));
    case 'x':
      return { model, command: { kind: 'call-off' } };
    case 'h':
      return none({ ...model, mode: { kind: 'log' } });
    case '?':
      return none({ ...model, mode: { kind: 'help' } });
    default:
      return none(model);
  }
}

function toggled(model: LiveModel): LiveModel {
  if (model.cursor === null) return model;
  const chosen = new Set(model.chosen);
  if (!chosen.delete(model.cursor)) chosen.add(model.cursor);
  return { ...model, chosen };
}

const after = <T>(all: readonly [T, ...T[]], one: T): T => all[(all.indexOf(one) + 1) % all.length] ?? all[0];

/** Orders by the next of the columns that are shown; numbers from the largest. */
function nextSort({ sort, columns }: LiveModel): LiveModel['sort'] {
  const shown = columnSets[columns]?.columns ?? [];
  const column = shown[(shown.indexOf(sort.column) + 1) % shown.length] ?? sort.column;
  const { align }: SessionColumn = sessionColumns[column];
  return { column, descending: align === 'right' && column !== 'id' };
}
