import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mustRun, runCommand } from './harness/command.ts';
import { until } from './harness/until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let home: string;
let terminal: Terminal;

/** A terminal of 80 columns and 24 lines, which tmux is. */
class Terminal {
  readonly #socket = `usher-${process.pid}`;

  private async tmux(...words: readonly string[]): Promise<string> {
    return mustRun('tmux', ['-L', this.#socket, ...words]);
  }

  async open(command: string): Promise<void> {
    const env = `HOME='${home}' USHER_MEMORY=off PS1='prompt ' PATH='${process.env['PATH'] ?? ''}'`;
    const shell = `env -i TERM=xterm-256color ${env} sh -c 'cd ${root} && ${command}; echo "left with $?"; exec sh'`;
    await this.tmux('-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '24', shell);
  }

  async close(): Promise<void> {
    await runCommand('tmux', ['-L', this.#socket, 'kill-server']);
  }

  /** Keys by their names, or text as it is typed. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.tmux('send-keys', key);
  }

  lines = async (): Promise<readonly string[]> => (await this.tmux('capture-pane', '-p')).trimEnd().split('\n');

  async shows(what: string | RegExp, timeoutMs = 30_000): Promise<readonly string[]> {
    const seen = async () => {
      const lines = await this.lines();
      const text = lines.join('\n');
      return (typeof what === 'string' ? text.includes(what) : what.test(text)) ? lines : null;
    };
    return until(seen, { what: String(what), timeoutMs }).catch(async (error: unknown) => {
      throw new Error(`${String(what)} is not on the screen:\n${(await this.lines()).join('\n')}`, { cause: error });
    });
  }
}

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/usher-terminal-`);
  terminal = new Terminal();
});

afterEach(async () => {
  await terminal.close();
  rmSync(home, { recursive: true });
});

test('npm start is a live list that is driven by keys, and leaves the terminal as it was', async () => {
  await terminal.open('npm start');
  const first = await terminal.shows('simulated estate · 90 sessions on 6 hosts');
  expect(first.length).toBe(24);
  await terminal.shows(
    /2nd terminal: bin\/usher sessions --troubled\n.*bin\/usher waste\n.*bin\/usher end .*--force\n/,
  );
  await terminal.shows('? help  q quit  space choose');

  await terminal.press('/', 'hangs-on-logoff', 'Enter');
  await terminal.shows('filter "hangs-on-logoff" · sorted by host · columns usual · 12 shown');
  await terminal.press('s');
  await terminal.shows(/sorted by (?!host)/);
  await terminal.press('v', 'v', 'v');
  const troubled = await terminal.shows(/view troubled .*\n.*HOST.*\n.*sim-hangs-on-logoff +13 +- /);
  expect(troubled.filter((line) => / ! +sim-/.test(line))).toHaveLength(1);
  await terminal.press('c');
  await terminal.shows('columns times');

  await terminal.press('l');
  const preview = await terminal.shows('log off: 1 session');
  expect([preview[0], preview.at(-1)]).toEqual([
    expect.stringMatching(/^simulated estate/),
    'y does it; any other key does nothing',
  ]);
  await terminal.press('n');
  await terminal.shows('view troubled');
  // Another key right behind it would be taken for the rest of a sequence.
  await terminal.press('Escape');
  await terminal.shows('view all · sorted');
  await terminal.press('/', 'hangs-on-reset', 'Enter');
  await terminal.shows('view all · filter "hangs-on-reset"');
  await terminal.press('Home', 'Space');
  await terminal.shows(/^\* +sim-han…-reset +2 .* active/m);
  await terminal.press('d');
  await terminal.shows(/disconnect: 1 session/);
  await terminal.press('y');
  await terminal.shows(/sim-hangs-on-reset +2 .* active → disconnected/);

  await terminal.press('q');
  const after = await terminal.shows('left with 0');
  expect(after.join('\n')).toContain('The estate is gone, and nothing of it is left.');
  expect(after.join('\n')).not.toContain('? help');
  expect(readdirSync(`${home}/.local/state`)).toEqual([]);
});

test('Ctrl-C leaves nothing behind, nor does a terminal that is closed', async () => {
  await terminal.open('npm start');
  await terminal.shows('90 sessions on 6 hosts');
  expect(readdirSync(`${home}/.local/state/usher`)).toContain('demo.json');
  await terminal.press('C-c');
  await terminal.shows('left with');
  expect(readdirSync(`${home}/.local/state`)).toEqual([]);
  await terminal.press('npm start', 'Enter');
  await terminal.shows('90 sessions on 6 hosts');
  await terminal.close();
  await until(() => readdirSync(`${home}/.local/state`).length === 0, { what: 'an empty folder' });
});
