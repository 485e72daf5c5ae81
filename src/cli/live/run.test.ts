import { stripVTControlCharacters } from 'node:util';
import { expect, test, vi } from 'vitest';
import type { HostPlan } from '../../fleet/testing/estate.ts';
import type { Session } from '../../sessions/session.ts';
import { aSession } from '../../sessions/testing/session.ts';
import type { KeyPress, Screen } from '../surroundings.ts';
import { RunningClock } from '../testing/running-clock.ts';
import { usher } from '../testing/usher.ts';

const alice = aSession({ host: 'ssh://a', id: 10, user: 'alice' });
const bob = aSession({ host: 'ssh://a', id: 11, user: 'bob', state: 'disconnected' });

/** A terminal that remembers what it shows. */
class FakeScreen implements Screen {
  readonly width = 80;
  readonly height = 24;
  text = '';
  closed = false;
  press: (key: KeyPress) => void = () => undefined;
  #awaited: { readonly text: string; readonly react: () => void } | null = null;

  draw(lines: readonly string[]): void {
    this.text = stripVTControlCharacters(lines.join('\n'));
    if (this.#awaited === null || !this.text.includes(this.#awaited.text)) return;
    queueMicrotask(this.#awaited.react);
    this.#awaited = null;
  }

  /** Does it at once when the text is shown, before time passes that it is shown for. */
  when(text: string, react: () => void): void {
    this.#awaited = { text, react };
  }

  onKey(hear: (key: KeyPress) => void): void {
    this.press = hear;
  }

  onResize(): void {}

  type(text: string): void {
    for (const character of text) this.press({ name: character.toLowerCase(), text: character });
  }

  [Symbol.dispose](): void {
    this.closed = true;
  }
}

function start(plan: Partial<HostPlan> = {}) {
  const screen = new FakeScreen();
  const hosts = { 'ssh://a': { readings: [[alice, bob]], ...plan } };
  const ended = usher('watch -s ssh://a', { hosts, columns: 80, openScreen: () => screen, clock: new RunningClock() });
  return { screen, ended, shows: (text: string | RegExp) => vi.waitFor(() => expect(screen.text).toMatch(text)) };
}

test('the sessions are on the screen until q, and the terminal is given back', async () => {
  const { screen, ended, shows } = start();
  await shows(/alice.*\n.*bob/);
  screen.type('q');
  const { code, out } = await ended;
  expect([code, out, screen.closed]).toEqual([0, '', true]);
});

test('an act shows whom it means and what they lose, and is done after y', async () => {
  const { screen, ended, shows } = start();
  await shows('alice');
  screen.type('l');
  await shows('log off: 1 session');
  expect(screen.text).toMatch(/HOST +ID +USER +STATE +IDLE .*LIKELY TO HOLD DOCUMENTS\nssh:\/\/a +10 +alice +active /);
  screen.type('y');
  await shows(/alice {2}ended: gone/);
  screen.type('q');
  const { estate } = await ended;
  expect(estate.events.filter((event) => event.startsWith('logoff'))).toHaveLength(1);
});

test('e says how long it warns and what its user may ask for, and E that it goes on', async () => {
  const { screen, ended, shows } = start();
  await shows('alice');
  screen.type('e');
  await shows(/It would warn its user for 5m 00s, who may ask for 5m 00s more, then\s+log-off;/);
  expect(screen.text).not.toContain('--force');
  screen.type('nE');
  await shows(/while it is still there: reset, then kill/);
  screen.type('nq');
  await ended;
});

test('a warning names x as what calls it off, and leaving tells what it called off', async () => {
  const { screen, ended, shows } = start({ onMessage: () => ({ kind: 'closed' }) });
  await shows('alice');
  screen.type('e');
  await shows('It would warn');
  screen.when('left, x calls it off', () => screen.press({ name: 'c', ctrl: true, text: '\u0003' }));
  screen.type('y');
  const { err } = await ended;
  expect([screen.closed, err]).toEqual([
    true,
    expect.stringMatching(/^ssh:\/\/a 10 alice {2}cancelled: during the warning: nothing was done.*\n$/) as string,
  ]);
});

test('anything but y does nothing', async () => {
  const { screen, ended, shows } = start();
  await shows('alice');
  screen.type('l');
  await shows('log off: 1 session');
  screen.type('n');
  await shows(/view all[^]*nothing was done/);
  screen.type('q');
  const { estate } = await ended;
  expect(estate.events.some((event) => event.startsWith('logoff'))).toBe(false);
});

test('what makes no sense for a session is told, and it is left alone', async () => {
  const { screen, ended, shows } = start();
  await shows('bob');
  screen.press({ name: 'down' });
  screen.type('d');
  await shows('nobody to do it to');
  expect(screen.text.replace(/\s+/g, ' ')).toContain(
    'bob: left alone, the session is disconnected: no client is connected',
  );
  screen.type('nq');
  await ended;
});

test('more sessions than a command acts on by itself are left alone', async () => {
  const many = Array.from({ length: 26 }, (_, at) => aSession({ host: 'ssh://a', id: 10 + at }));
  const { screen, ended, shows } = start({ readings: [many] });
  await shows('user10');
  screen.type('aR');
  await shows('nothing was done: 26 sessions are too many at once');
  screen.type('yq');
  const { estate } = await ended;
  expect(estate.events.some((event) => event.startsWith('reset'))).toBe(false);
});

test('what was opened to look is closed where it is called off meanwhile', async () => {
  const screen = new FakeScreen();
  let looks = 0;
  const onProcesses = (): null => {
    looks += 1;
    if (looks === 2) screen.type('n');
    return null;
  };
  const [carol, dora] = ['carol', 'dora'].map((user, at) => aSession({ host: 'ssh://b', id: 20 + at, user }));
  const hosts = {
    'ssh://a': { readings: [[alice]] },
    'ssh://b': { readings: [[carol, dora] as Session[]], onProcesses },
  };
  const ended = usher('watch -s ssh://a -s ssh://b', {
    hosts,
    columns: 80,
    openScreen: () => screen,
    clock: new RunningClock(),
  });
  await vi.waitFor(() => expect(screen.text).toMatch(/alice[^]*carol[^]*dora/));
  screen.type('al');
  await vi.waitFor(() => expect(looks).toBe(2));
  await new Promise((resolve) => setImmediate(resolve));
  screen.type('q');
  const { estate } = await ended;
  const count = (what: string): number => estate.events.filter((event) => event.startsWith(what)).length;
  expect([count('connect'), count('close')]).toEqual([4, 4]);
});
