import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { UsherError } from '../sessions/errors.ts';
import { person } from './testing/acting.ts';
import { anAdministered } from './testing/administration.ts';
import { RunningClock } from './testing/running-clock.ts';
import { aHome, type Setting, usher } from './testing/usher.ts';

const on = (administration = anAdministered()): Setting => ({ hosts: { 'ssh://a': { administration } } });

describe('telling the mode', () => {
  test.each([
    ['on', 'off', 'everybody may log on'],
    ['drain', 'on', 'nobody new; who has a session may reconnect'],
    ['drain-until-restart', 'until-restart', 'nobody new until the host restarts; who has a session may reconnect'],
    ['off', 'no-logons', 'nobody may log on, nor reconnect'],
  ] as const)('%s is told by the word that sets it: %s, %s', async (logons, word, means) => {
    const administration = anAdministered({ logons });
    const { code, out } = await usher('drain ssh://a', on(administration));
    expect(out.endsWith(`${means}\n`)).toBe(true);
    expect(out).toMatch(new RegExp(`^HOST +DRAIN +MEANS\nssh://a +${word} `));
    expect(administration.done).toEqual([]);
    expect(code).toBe(0);
  });

  test('--json has the mode of each host', async () => {
    const { out } = await usher('drain ssh://a --json', on(anAdministered({ logons: 'drain' })));
    expect(JSON.parse(out)).toMatchObject({ hosts: [{ host: 'ssh://a', drain: 'on' }], errors: [] });
  });

  test('--csv has it too', async () => {
    const { out } = await usher('drain ssh://a --csv', on(anAdministered({ logons: 'off' })));
    expect(out).toBe('host,drain,means\nssh://a,no-logons,"nobody may log on, nor reconnect"\n');
  });

  test('of a Linux host says that it has none', async () => {
    const { code, err } = await usher('drain ssh://a', { hosts: { 'ssh://a': {} } });
    expect(err).toContain('a Linux host has no drain mode');
    expect(code).toBe(4);
  });
});

describe('hosts of the inventory', () => {
  const inventory = new URL('./testing/one-simulated.yaml', import.meta.url).pathname;
  const drained = async (line: string) => {
    const [first, second] = [anAdministered(), anAdministered()];
    const hosts = { 'sim-a': { administration: first }, b: { administration: second } };
    const outcome = await usher(`drain ${line} --inventory ${inventory}`, { hosts });
    return { ...outcome, done: [...first.done, ...second.done] };
  };

  test('with --all tells the mode of every host', async () => {
    const { out } = await drained('--all --json');
    expect(JSON.parse(out)).toMatchObject({ hosts: [{ host: 'sim-a' }, { host: 'b' }] });
  });

  test('with --all sets it on every host', async () => {
    expect((await drained('--all on --yes')).done).toEqual(['logons drain', 'logons drain']);
  });

  test('several hosts are named before the mode', async () => {
    expect((await drained('sim-a b on --yes')).done).toEqual(['logons drain', 'logons drain']);
    const { out, done } = await drained('sim-a b --json');
    expect(JSON.parse(out)).toMatchObject({ hosts: [{ host: 'sim-a' }, { host: 'b' }] });
    expect(done).toEqual([]);
  });

  test('a word alone is a host', async () => {
    const { err, done } = await drained('on');
    expect([err, done]).toEqual([expect.stringContaining("there is no host 'on'") as unknown, []]);
  });

  test.each([
    ['--all sideways', "'sideways' is no host, and none of on, until-restart, off, no-logons"],
    ['sim-a b sideways', "'sideways' is no host, and none of on, until-restart, off, no-logons"],
    ['sim-a on b', "there is no host 'on'"],
    ['--all b on', 'some hosts are named and --all-hosts means every one'],
    ['', 'no host is named'],
  ])('%j is wrong use, and nothing is done', async (line, message) => {
    const { code, err, done } = await drained(line);
    expect([code, err, done]).toEqual([2, expect.stringContaining(message) as unknown, []]);
  });
});

describe('setting it', () => {
  test.each([
    ['on', 'drain'],
    ['until-restart', 'drain-until-restart'],
    ['off', 'on'],
  ])('%s of one host sets %s, and asks nothing', async (word, mode) => {
    const administration = anAdministered({ logons: 'off' });
    const { code, out } = await usher(`drain ssh://a ${word}`, on(administration));
    expect(administration.done).toEqual([`logons ${mode}`]);
    expect(out).toMatch(new RegExp(`ssh://a +no-logons +${word} `));
    expect(code).toBe(0);
  });

  /** Drains the hosts of a group; Ctrl-C is pressed while the first of them, `a`, is changed. */
  async function drainInterrupted(plansOf: (left: Promise<void>) => Readonly<Record<string, HostPlan>>) {
    const leaving = new AbortController();
    const left = Promise.withResolvers<void>();
    leaving.signal.addEventListener('abort', () => left.resolve());
    const first = anAdministered({ onChange: () => leaving.abort() });
    const hosts = { a: { administration: first }, ...plansOf(left.promise) };
    await using home = await aHome();
    const inventory = `${home.path}/inventory.yaml`;
    const lines = Object.keys(hosts).map((name) => `  ${name}: { url: ssh://${name}, groups: [rds] }\n`);
    await writeFile(inventory, `version: 1\nhosts:\n${lines.join('')}`);
    const line = `drain @rds on --yes --json --inventory ${inventory}`;
    const { code, out, estate } = await usher(line, { hosts, signal: leaving.signal, clock: new RunningClock() });
    return { code, told: JSON.parse(out) as unknown, estate, first: first.done };
  }

  const calledOff = { code: 'not_allowed', message: 'it was called off: nothing was done' };

  test('of several hosts tells after Ctrl-C what was set, and leaves alone what was not begun', async () => {
    const second = anAdministered();
    const { code, told, first } = await drainInterrupted((left) => ({ b: { administration: second, after: left } }));
    expect([first, second.done]).toEqual([['logons drain'], []]);
    expect(told).toMatchObject({
      hosts: [{ host: 'a', outcome: 'set' }],
      errors: [{ host: 'b', ...calledOff }],
    });
    expect(code).toBe(1);
  });

  test('connects to no other host after Ctrl-C', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `h${index}`);
    const { told, estate } = await drainInterrupted((after) =>
      Object.fromEntries(names.map((name) => [name, { administration: anAdministered(), after }])),
    );
    expect(told).toMatchObject({ errors: names.map((host) => ({ host, ...calledOff })) });
    // As many as a sweep begins with.
    expect(estate.events.filter((event) => event.startsWith('connect '))).toHaveLength(16);
  });

  test('waits after Ctrl-C for no host that is silent before it is changed', async () => {
    const never = new Promise<never>(() => undefined);
    const { told } = await drainInterrupted(() => ({
      silent: { after: never },
      dumb: { administration: { ...anAdministered(), logonMode: () => never } },
    }));
    expect(told).toMatchObject({
      errors: [
        { host: 'silent', ...calledOff },
        { host: 'dumb', ...calledOff },
      ],
    });
  });

  test('no-logons asks for the name of the host', async () => {
    const administration = anAdministered();
    const terminal = person('ssh://a');
    const { code } = await usher('drain ssh://a no-logons', { ...on(administration), terminal });
    expect(terminal.asked).toEqual(['To let nobody log on or reconnect to ssh://a, type its name: ']);
    expect(administration.done).toEqual(['logons off']);
    expect(code).toBe(0);
  });

  test('no-logons in a pipe needs --yes', async () => {
    const administration = anAdministered();
    const { code } = await usher('drain ssh://a no-logons', on(administration));
    expect(administration.done).toEqual([]);
    expect(code).toBe(2);
  });

  test('--dry-run tells what is and what would be', async () => {
    const administration = anAdministered({ logons: 'drain' });
    const { code, out } = await usher('drain ssh://a off --dry-run --json', on(administration));
    expect(JSON.parse(out)).toMatchObject({ hosts: [{ before: 'on', drain: 'off', outcome: 'planned' }] });
    expect(administration.done).toEqual([]);
    expect(code).toBe(0);
  });

  test('a host that refuses is an error with its remedy, and ends with 4', async () => {
    const failure = new UsherError({ code: 'access_denied', message: 'the account may not', hint: 'use another' });
    const { code, out, err } = await usher('drain ssh://a on', on(anAdministered({ failure })));
    expect(err).toBe('ssh://a: the account may not; use another\n');
    expect(out).toBe('');
    expect(code).toBe(4);
  });

  test('to a word that is no mode is wrong use', async () => {
    const administration = anAdministered();
    const { code, err } = await usher('drain ssh://a maybe', on(administration));
    expect(err).toContain('on, until-restart, off, no-logons');
    expect(administration.done).toEqual([]);
    expect(code).toBe(2);
  });
});
