import { describe, expect, test } from 'vitest';
import { seconds } from '../../sessions/duration.ts';
import { aSession } from '../../sessions/testing/session.ts';
import { type Key, press, type Pressed } from './keys.ts';
import { emptyModel, type LiveModel, settled, shownSessions } from './model.ts';

const alice = aSession({ host: 'ts01', id: 3, user: 'alice', idleFor: seconds(5), memoryBytes: 5e6 });
const bob = aSession({ host: 'ts01', id: 4, user: 'bob', state: 'disconnected', memoryBytes: 9e6 });
const carol = aSession({
  host: 'ts02',
  id: 3,
  user: 'carol',
  troubles: [{ code: 'down', reason: 'down' }],
  client: { name: 'PC-7', address: '10.0.0.7', display: null },
});
const list = settled({
  ...emptyModel,
  readings: new Map([
    ['ts02', [carol]],
    ['ts01', [alice, bob]],
  ]),
});
const page = 10;

const named = (name: string): Key => ({ name });
const typed = (text: string): Key => ({ name: text === ' ' ? 'space' : text.toLowerCase(), text });

/** Presses one key after the other; the last one's outcome. */
function after(model: LiveModel, ...keys: readonly Key[]): Pressed {
  return keys.reduce<Pressed>((pressed, key) => press(pressed.model, key, page), { model, command: null });
}

const users = ({ model }: Pressed): readonly (string | null)[] => shownSessions(model).map(({ user }) => user);
const under = ({ model }: Pressed): string | null =>
  shownSessions(model).find(({ key }) => key === model.cursor)?.user ?? null;

describe('the cursor', () => {
  test('is on the first session, hosts in their order', () => {
    expect([users(after(list)), under(after(list))]).toEqual([['alice', 'bob', 'carol'], 'alice']);
  });

  test.each([
    ['down', 'bob'],
    ['end', 'carol'],
    ['pagedown', 'carol'],
    ['up', 'alice'],
  ])('moves %s to %s and not beyond the list', (name, expected) => {
    expect(under(after(list, named(name)))).toBe(expected);
  });

  test('stays on its session when others come and go', () => {
    const on = after(list, named('end')).model;
    const later = settled({ ...on, readings: new Map([['ts02', [carol]]]) });
    expect(later.cursor).toBe(carol.key);
  });

  test('stands where its session was when that is gone', () => {
    const on = after(list, named('down')).model;
    expect(
      settled({
        ...on,
        readings: new Map([
          ['ts01', [alice]],
          ['ts02', [carol]],
        ]),
      }).cursor,
    ).toBe(carol.key);
  });
});

describe('the list is narrowed', () => {
  test('by words that are typed, each found in something that names the session', () => {
    expect(users(after(list, typed('/'), ...[...'ts02 pc-'].map(typed)))).toEqual(['carol']);
  });

  test('until Escape', () => {
    expect(users(after(list, typed('/'), typed('z'), named('escape')))).toHaveLength(3);
  });

  test('by its view, in turn', () => {
    const views = [1, 2, 3].map((times) => users(after(list, ...Array.from({ length: times }, () => typed('v')))));
    expect(views).toEqual([['alice', 'carol'], ['bob'], ['carol']]);
  });
});

test('sorting goes through the columns; numbers begin with the largest', () => {
  const byMemory = { ...list, sort: { column: 'client', descending: false } } as const;
  expect(users(after(byMemory, typed('s')))).toEqual(['bob', 'alice', 'carol']);
  expect(users(after(byMemory, typed('s'), typed('S')))).toEqual(['alice', 'bob', 'carol']);
});

describe('an act', () => {
  test('means the session under the cursor', () => {
    expect(after(list, named('down'), typed('l')).command).toEqual({
      kind: 'look',
      act: { act: 'logoff', force: false, title: 'log off' },
      keys: [bob.key],
      text: '',
    });
  });

  test('means all that are chosen', () => {
    const { command } = after(list, typed(' '), named('down'), typed(' '), typed('d'));
    expect(command).toMatchObject({ keys: expect.arrayContaining([alice.key, bob.key]) as unknown });
    expect(command).toHaveProperty('keys.length', 2);
  });

  test('means what was chosen and is still there, also after another act', () => {
    const shown: LiveModel = {
      ...after(list, typed(' ')).model,
      mode: { kind: 'preview', title: 'message', lines: [], meant: 1 },
    };
    const { command } = after(press(shown, typed('y'), page).model, named('end'), typed('l'));
    expect(command).toMatchObject({ keys: [alice.key] });
  });

  test('after one was chosen means nobody else: the cursor stays', () => {
    expect(under(after(list, typed(' ')))).toBe('alice');
  });

  test('never means a session that is gone', () => {
    const { model } = after(list, typed('a'));
    const later = settled({ ...model, readings: new Map([['ts01', [alice]]]) });
    expect(press(later, typed('d'), page).command).toMatchObject({ keys: [alice.key] });
  });

  test('on an empty list is none', () => {
    expect(after(emptyModel, typed('l')).command).toBeNull();
  });

  test('with force is a capital', () => {
    expect(after(list, { name: 'e', text: 'E' }).command).toMatchObject({ act: { act: 'end', force: true } });
  });

  test('that sends a message asks for its text first', () => {
    const asked = after(list, typed('m'), ...[...'Tea'].map(typed));
    expect(asked.command).toBeNull();
    expect(press(asked.model, named('return'), page).command).toMatchObject({
      kind: 'look',
      act: { act: 'message' },
      text: 'Tea',
    });
  });

  test('is done by y and by nothing else', () => {
    const shown: LiveModel = { ...list, mode: { kind: 'preview', title: 'log off', lines: [], meant: 1 } };
    const commands = [typed('y'), typed('Y'), named('return'), typed(' '), named('escape')].map(
      (key) => press(shown, key, page).command?.kind,
    );
    expect(commands).toEqual(['do', 'forget', 'forget', 'forget', 'forget']);
  });

  test('that is still looked up is forgotten by any key', () => {
    const looking = after(list, typed('l')).model;
    expect(press(looking, typed('y'), page).command).toEqual({ kind: 'forget' });
  });
});

test('letters that act are text while something is typed', () => {
  expect(after(list, typed('/'), typed('q')).model.mode).toMatchObject({ kind: 'typing', text: 'q' });
});

test.each([typed('q'), { name: 'c', ctrl: true, text: '\u0003' }])('%j leaves', (key) => {
  expect(after(list, key).command).toEqual({ kind: 'quit' });
});
