import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UsherError } from '../sessions/errors.ts';
import { milliseconds } from '../sessions/duration.ts';
import { aSession } from '../sessions/testing/session.ts';
import type { RunningEstate, Simulator, WantedEstate } from './simulated/port.ts';
import { aHome, type Outcome, ownPid, type Setting, usher } from './testing/usher.ts';

let home: Awaited<ReturnType<typeof aHome>>;

beforeEach(async () => {
  home = await aHome();
});

afterEach(() => home[Symbol.asyncDispose]());

/** A simulator that says what was wanted of it, and whether its estate is down again. */
function aSimulator() {
  const wanted: WantedEstate[] = [];
  const running = { now: 0 };
  const simulator: Simulator = {
    behaviours: [{ name: 'slow', summary: 'answers come late' }],
    async start(want): Promise<RunningEstate> {
      if (want.listen === '10.0.0.1:1') throw new UsherError({ code: 'usage', message: 'not within 127.0.0.0/8' });
      wanted.push(want);
      running.now++;
      return {
        hosts: ['sim-ts01', 'sim-hangs-on-logoff'].map((name, at) => ({
          name,
          kind: 'rds',
          address: `127.64.0.${at + 1}`,
          port: 4450,
          sessions: 10,
          users: ['蒼.佐藤', 'wojciech.nowak', 'eva.koch'],
        })),
        user: String.raw`SIM\usher`,
        password: 'made up',
        startedIn: milliseconds(1234),
        memoryBytes: 200e6,
        [Symbol.asyncDispose]: async () => void running.now--,
      };
    },
  };
  return { simulator, wanted, running };
}

/** Runs a command until the files that it writes are there, then something else, and leaves it by Ctrl-C. */
async function during(
  line: string,
  setting: Setting,
  there: string,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<Outcome> {
  const leaving = new AbortController();
  const ended = usher(line, { home: home.path, signal: leaving.signal, ...setting });
  await vi.waitFor(() => readFile(there), { timeout: 5000 });
  await meanwhile();
  leaving.abort();
  return ended;
}

const state = (...names: readonly string[]): string => path.join(home.path, '.local', 'state', 'usher', ...names);
const inventoryIn = (): string => path.join(home.path, 'sim.yaml');

describe('usher simulate', () => {
  test('asks for the estate that is wanted', async () => {
    const { simulator, wanted } = aSimulator();
    const faults = path.join(home.path, 'faults.yaml');
    await writeFile(faults, 'version: 1');
    const options = `--hosts 4 --sessions 5 --seed 7 --speed 60 --listen 127.70.0.0/16:4000 --sentinels --faults ${faults}`;
    await during(`simulate ${options} --inventory ${inventoryIn()}`, { simulator }, `${inventoryIn()}.password`);
    expect(wanted).toEqual([
      {
        size: { hosts: 4, sessions: 5, sentinels: true },
        seed: 7,
        speed: 60,
        listen: '127.70.0.0/16:4000',
        faults: { file: faults, text: 'version: 1' },
      },
    ]);
  });

  test('says what it is, how long it took, what it holds and how to get at it', async () => {
    const { out, code } = await during(
      `simulate --inventory ${inventoryIn()}`,
      aSimulator(),
      `${inventoryIn()}.password`,
    );
    expect([code, out.split('\n')]).toEqual([
      0,
      [
        'simulated estate: 2 hosts, 20 sessions, seed 1, real time',
        'sim-ts01 127.64.0.1:4450 to sim-hangs-on-logoff 127.64.0.2:4450',
        'up within 1.2 s, 200 MB of memory',
        `usher --inventory ${inventoryIn()} sessions`,
        `Ctrl-C ends it and removes ${inventoryIn()}`,
        '',
      ],
    ]);
  });

  test('says that time stands still at speed 0', async () => {
    const inventory = inventoryIn();
    const { out } = await during(`simulate --speed 0 --inventory ${inventory}`, aSimulator(), `${inventory}.password`);
    expect(out).toContain('seed 1, time stands still\n');
  });

  test('leaves nothing behind', async () => {
    const { simulator, running } = aSimulator();
    await during(`simulate --inventory ${inventoryIn()}`, { simulator }, `${inventoryIn()}.password`, async () => {
      expect(running.now).toBe(1);
    });
    expect([running.now, await readdir(home.path)]).toEqual([0, []]);
  });

  test('leaves an inventory of real hosts as it is, and no estate behind', async () => {
    const { simulator, running } = aSimulator();
    await writeFile(inventoryIn(), 'version: 1\nhosts: { a: { url: ssh://a } }\n', { mode: 0o600 });
    const { code, err } = await usher(`simulate --inventory ${inventoryIn()}`, { simulator, home: home.path });
    expect([code, err, running.now]).toEqual([
      2,
      `usher: ${inventoryIn()} is there already, and is left as it is; name another file with --inventory\n`,
      0,
    ]);
    expect(await readdir(home.path)).toEqual(['sim.yaml']);
  });

  test('is one document in JSON', async () => {
    const { out } = await during(
      `simulate --json --inventory ${inventoryIn()}`,
      aSimulator(),
      `${inventoryIn()}.password`,
    );
    expect(JSON.parse(out)).toMatchObject({
      simulated: true,
      sessions: 20,
      inventory: inventoryIn(),
      startedInSeconds: 1.234,
      memoryBytes: 200e6,
      hosts: [{ name: 'sim-ts01', address: '127.64.0.1', port: 4450 }, { name: 'sim-hangs-on-logoff' }],
    });
  });

  test.each([
    ['--hosts 0', '--hosts takes a whole number from 1 to 20000'],
    ['--sessions many', '--sessions takes a whole number from 0 to 5000'],
    ['--speed -1', '--speed takes a whole number from 0 to 100000'],
    ['--faults /nowhere/f.yaml', '/nowhere/f.yaml is not there'],
    ['--listen 10.0.0.1:1', 'not within 127.0.0.0/8'],
  ])('%s is wrong use', async (options, message) => {
    const { code, err } = await usher(`simulate ${options}`, { ...aSimulator(), home: home.path });
    expect([code, err]).toEqual([2, expect.stringContaining(message) as unknown]);
    expect(await readdir(home.path)).toEqual([]);
  });

  test('its help lists the behaviours', async () => {
    const { out } = await usher('simulate --help', aSimulator());
    expect(out).toMatch(/^ {2}slow {2}answers come late$/m);
  });
});

describe('a running estate', () => {
  const listing = (more: Partial<Setting> = {}) =>
    usher('hosts list', { home: home.path, processes: [ownPid], ...more });

  test('is found by who has no inventory, and told of', async () => {
    let found: Outcome | null = null;
    await during('simulate', aSimulator(), state('demo.json'), async () => {
      found = await listing();
    });
    expect(found).toMatchObject({
      out: expect.stringContaining('sim-hangs-on-logoff') as unknown,
      err: `the hosts of the simulated estate (process ${ownPid}), because ${home.path}/.config/usher/inventory.yaml holds none\n`,
    });
    expect((await listing()).out).not.toContain('sim-');
    expect(await readdir(path.join(home.path, '.local', 'state'))).toEqual([]);
  });

  test('is marked as such in the JSON of hosts', async () => {
    let found: unknown = null;
    await during('simulate', aSimulator(), state('demo.json'), async () => {
      found = JSON.parse((await usher('hosts list --json', { home: home.path })).out);
    });
    expect(found).toMatchObject({ hosts: [{ name: 'sim-ts01', simulated: true }, { simulated: true }] });
  });

  test('stays aside where somebody has hosts of his own, and says how to name it', async () => {
    const own = path.join(home.path, '.config', 'usher', 'inventory.yaml');
    await mkdir(path.dirname(own), { recursive: true });
    await writeFile(own, 'version: 1\nhosts: { real: { url: ssh://real } }\n', { mode: 0o600 });
    const inventory = state(`simulated-${ownPid}.yaml`);
    const { out } = await during('simulate', aSimulator(), `${inventory}.password`, async () => {
      expect((await listing()).out).toContain('real');
      expect((await listing()).out).not.toContain('sim-');
    });
    expect(out).toContain(`usher --inventory ${inventory} sessions\n`);
  });
});

describe('usher demo', () => {
  const demo = () => {
    const { simulator, wanted, running } = aSimulator();
    const eva = aSession({ host: 'sim-ts01', id: 3, user: 'eva.koch' });
    const hosts = {
      'windows://': {},
      'sim-ts01': { readings: [[eva], []], password: 'made up' },
      'sim-hangs-on-logoff': { readings: [[]] },
    };
    // These hosts have no more to tell after that, and so it ends by itself.
    const ended = usher('demo', { simulator, hosts, home: home.path });
    return { ended, wanted, running };
  };

  test('brings up the small estate, and leaves nothing behind', async () => {
    const { ended, wanted, running } = demo();
    await ended;
    expect([wanted.map(({ size }) => size), running.now]).toEqual([['demo'], 0]);
    expect(await readdir(path.join(home.path, '.local', 'state'))).toEqual([]);
  });

  test('is on a pipe a list, and then what changes', async () => {
    const { out } = await demo().ended;
    expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))).toMatchObject([
      ['HOST', 'ID', 'USER'],
      ['sim-ts01', '3', 'eva.koch'],
      [expect.stringMatching(/^\d\d:\d\d:\d\d$/), 'sim-ts01', '3'],
      [''],
    ]);
  });

  test('says three commands before and after', async () => {
    const { err } = await demo().ended;
    const commands = [
      '  usher sessions --troubled',
      '  usher waste',
      '  usher end eva.koch@sim-hangs-on-logoff --warn 10s --force',
    ];
    expect(err.split('\n').filter((line) => line.startsWith('  usher'))).toEqual([...commands, ...commands]);
  });
});
