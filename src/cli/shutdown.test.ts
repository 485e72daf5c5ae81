import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { aSession } from '../sessions/testing/session.ts';
import { actsIn, person } from './testing/acting.ts';
import { anAdministered, type Whims } from './testing/administration.ts';
import { RunningClock } from './testing/running-clock.ts';
import { aHome, type Setting, usher } from './testing/usher.ts';

const alice = aSession({ host: 'ssh://a', id: 10, user: 'alice' });
const bob = aSession({ host: 'ssh://a', id: 11, user: 'bob' });
const carol = aSession({ host: 'ssh://a', id: 12, user: 'carol', state: 'disconnected' });

/** A host with three users, which does not answer any more once it was asked to go down. */
function aHost(plan: Partial<HostPlan> = {}, whims: Whims = {}) {
  let isUp = true;
  const administration = anAdministered({ onShutdown: () => void (isUp = false), ...whims });
  const own: HostPlan = {
    readings: [[alice, bob, carol]],
    administration,
    onConnect: () => (isUp ? null : new UsherError({ code: 'unreachable', message: 'nothing listens' })),
    onList: () => (isUp ? null : new UsherError({ code: 'connection_lost', message: 'the host hung up' })),
    ...plan,
  };
  return { own, administration };
}

const run = (line: string, host: HostPlan, more: Partial<Setting> = {}) =>
  usher(line, { hosts: { 'ssh://a': host }, clock: new RunningClock(), ...more });

test('who is connected is warned, the time is waited for, and then the host goes down', async () => {
  const { own, administration } = aHost();
  const { code, out, err, estate } = await run('shutdown ssh://a --yes', own);
  expect(actsIn(estate)).toEqual(['message alice', 'message bob']);
  expect(administration.done).toEqual(['shutdown']);
  expect(err).toContain('ssh://a: 3 users, 1 of them disconnected\n');
  expect(err).toContain('2 of 2 users warned; it happens at 14:05:00\n');
  expect(out).toMatch(/ssh:\/\/a {2}down +it does not answer any more, 14:05:0\d +3 +0\n$/);
  expect(code).toBe(0);
});

test.each([
  ['', 'shutdown', 'shut down'],
  ['--restart', 'restart', 'restart'],
  ['--power-off', 'power-off', 'shut down and power off'],
])('with %j it is a %s, and the users read that', async (option, kind, verb) => {
  const texts: string[] = [];
  const { own, administration } = aHost({
    onMessage: ({ text, countdown, stays }) => {
      texts.push(`${text} ${countdown?.(stays)}`);
      return { kind: 'timed-out' };
    },
  });
  await run(`shutdown ssh://a ${option} --reason updates --warn 2m --yes`, own);
  expect(administration.done).toEqual([kind]);
  expect(texts[0]).toBe(
    `Your administrator is going to ${verb} ssh://a.\n\nupdates\n\nPlease save your work and log off. It happens in 2m 00s.`,
  );
});

describe('who is not warned', () => {
  test('because it could not be shown is told by name before it happens, and counted', async () => {
    const { own, administration } = aHost({
      onMessage: (_, { user }) =>
        user === 'bob' ? { kind: 'not-shown', why: 'his screen is black' } : { kind: 'timed-out' },
    });
    const { code, err, out } = await run('shutdown ssh://a --yes', own);
    expect(err).toContain('ssh://a: bob could not be warned: his screen is black\n1 of 2 users warned');
    expect(out).toMatch(/ 3 +1\n$/);
    expect(administration.done).toEqual(['shutdown']);
    expect(code).toBe(0);
  });

  test('because the host refuses is told as well, in JSON too', async () => {
    const { own } = aHost({ onMessage: () => new UsherError({ code: 'access_denied', message: 'not yours' }) });
    const { out } = await run('shutdown ssh://a --yes --json', own);
    expect(JSON.parse(out)).toMatchObject({
      hosts: [
        {
          host: 'ssh://a',
          act: 'shutdown',
          outcome: 'down',
          users: 3,
          unwarned: ['alice: not yours', 'bob: not yours'],
        },
      ],
      errors: [],
    });
  });

  test('because nobody sat there is known at the end', async () => {
    const { own } = aHost({ onMessage: () => ({ kind: 'unseen' }) });
    const { out } = await run('shutdown ssh://a --yes --json', own);
    expect(JSON.parse(out)).toMatchObject({
      hosts: [{ unwarned: ['alice: no client was connected to see it', 'bob: no client was connected to see it'] }],
    });
  });

  test('because they came meanwhile is told', async () => {
    const { own } = aHost();
    const dora = aSession({ host: 'ssh://a', id: 13, user: 'dora' });
    const clock = new RunningClock();
    const began = clock.now();
    const late = (): readonly Session[] =>
      Temporal.Instant.compare(clock.now(), began.add({ minutes: 4 })) > 0 ? [alice, bob, dora] : [alice, bob];
    const { err } = await run('shutdown ssh://a --yes', { ...own, onList: late }, { clock });
    expect(err).toContain('dora could not be warned: they came while the others were warned\n');
  });
});

test('without anybody connected nothing is waited for', async () => {
  const { own, administration } = aHost({ readings: [[carol]] });
  const { err, estate } = await run('shutdown ssh://a --yes', own);
  expect(actsIn(estate)).toEqual([]);
  expect(err).not.toContain('warned');
  expect(administration.done).toEqual(['shutdown']);
});

test('--warn 0s warns nobody and says so', async () => {
  const { own } = aHost();
  const { out, estate } = await run('shutdown ssh://a --warn 0s --yes --json', own);
  expect(actsIn(estate)).toEqual([]);
  expect(JSON.parse(out)).toMatchObject({
    hosts: [{ unwarned: ['alice: there was no warning', 'bob: there was no warning'] }],
  });
});

describe('nothing is done', () => {
  test('by --dry-run, which shows who is there and what would happen', async () => {
    const { own, administration } = aHost();
    const { code, out, estate } = await run('shutdown ssh://a --restart --dry-run', own);
    expect(out).toMatch(/alice[^]*bob[^]*carol/);
    const plan =
      'Nothing was done. It would warn 2 users for 5m 00s, then restart ssh://a, and look until it is back.\n';
    expect(out.endsWith(plan)).toBe(true);
    expect(out.split('restart ssh://a')).toHaveLength(2);
    expect([administration.done, actsIn(estate)]).toEqual([[], []]);
    expect(code).toBe(0);
  });

  test('without a yes: in a pipe', async () => {
    const { own, administration } = aHost();
    const { code, err, estate } = await run('shutdown ssh://a', own);
    expect(err).toContain('this would shut down ssh://a and nobody can be asked: nothing was done');
    expect([administration.done, actsIn(estate)]).toEqual([[], []]);
    expect(code).toBe(2);
  });

  test('without a yes: on a terminal, where the name of the host is asked for', async () => {
    const { own, administration } = aHost();
    const terminal = person('yes');
    const { code, err, estate } = await run('shutdown ssh://a --restart', own, { terminal });
    expect(terminal.asked).toEqual(['To restart ssh://a, type its name: ']);
    expect(err).toMatch(/alice[^]*carol/);
    expect([administration.done, actsIn(estate)]).toEqual([[], []]);
    expect(code).toBe(4);
  });

  test('where Ctrl-C calls it off during the warning', async () => {
    const leaving = new AbortController();
    const clock = new RunningClock();
    const { own, administration } = aHost({
      onMessage: () => {
        clock.after(60_000, () => leaving.abort());
        return { kind: 'answered', answer: 'ok' };
      },
    });
    const { code, err } = await run('shutdown ssh://a --yes', own, { clock, signal: leaving.signal });
    expect(err).toContain('called off: no host was taken down\n');
    expect(administration.done).toEqual([]);
    expect(code).toBe(130);
  });

  test('to a Linux host, with how it is done there', async () => {
    const { code, err } = await run('shutdown ssh://a --restart --yes', { readings: [[alice]] });
    expect(err).toContain('a Linux host is not restarted by Usher; warn with `usher message`');
    expect(err).toContain('systemctl reboot');
    expect(code).toBe(4);
  });

  test('with --restart and --power-off', async () => {
    const { own, administration } = aHost();
    const { code } = await run('shutdown ssh://a --restart --power-off --yes', own);
    expect(administration.done).toEqual([]);
    expect(code).toBe(2);
  });
});

test('users whose warning stays on the screen are told that it was called off', async () => {
  const leaving = new AbortController();
  const titles: string[] = [];
  const clock = new RunningClock();
  const { own } = aHost({
    onMessage: ({ title }, { user }) => {
      titles.push(`${user} ${title}`);
      clock.after(60_000, () => leaving.abort());
      return { kind: 'left' };
    },
  });
  await run('shutdown ssh://a --yes', own, { clock, signal: leaving.signal });
  expect(titles).toEqual([
    'alice This computer is going down',
    'bob This computer is going down',
    'alice Called off',
    'bob Called off',
  ]);
});

test('a host that says yes and goes on answering is not called down', async () => {
  const { own } = aHost({}, { isDeaf: true });
  const { code, out } = await run('shutdown ssh://a --yes --warn 0s --patience 1m', own);
  expect(out).toContain('unknown  it was asked, and still answers after 1m 00s');
  expect(code).toBe(1);
});

describe('a restart', () => {
  const before = Temporal.Instant.from('2026-03-01T08:00:00Z');
  const after = Temporal.Instant.from('2026-03-02T13:59:58Z');

  /** A host that restarts: it does not answer to so many listings, and then has another boot time. */
  function aRestarting(silences: number) {
    let left: number | null = null;
    const isSilent = (): boolean => left !== null && left > 0 && left-- > 0;
    const failure = new UsherError({ code: 'unreachable', message: 'nothing listens' });
    return aHost(
      {
        onConnect: () => null,
        onList: () => (isSilent() ? failure : null),
        bootedAt: () => (left === null ? before : after),
      },
      { onShutdown: () => void (left = silences) },
    );
  }

  test.each([0, 1, 7])('is proven by another boot time, after %i looks in vain', async (silences) => {
    const { code, out } = await run('shutdown ssh://a --restart --yes --warn 0s --json', aRestarting(silences).own);
    expect(JSON.parse(out)).toMatchObject({
      hosts: [{ outcome: 'restarted', why: 'booted 13:59:58', bootedAt: '2026-03-02T13:59:58Z' }],
    });
    expect(code).toBe(0);
  });

  test('says what it waits for', async () => {
    const { err } = await run('shutdown ssh://a --restart --yes --warn 0s', aRestarting(4).own);
    expect(err).toMatch(/^ssh:\/\/a: waits until it has restarted, at most 5m 00s$/m);
    expect(err).toMatch(/^ssh:\/\/a: it does not answer any more, 14:00:0\d: waits until it is back$/m);
  });

  test('of which the host does not come back is down, and not done', async () => {
    const { code, out } = await run('shutdown ssh://a --restart --yes --warn 0s --patience 1m', aHost().own);
    expect(out).toMatch(/down +it went down at 14:00:\d\d, and is not back after 1m 00s/);
    expect(code).toBe(1);
  });

  test('where a shutdown was asked for is told, and not done', async () => {
    const { code, out } = await run('shutdown ssh://a --yes --warn 0s', aRestarting(0).own);
    expect(out).toMatch(/restarted +booted 13:59:58/);
    expect(code).toBe(1);
  });
});

test('a host that breaks the connection when it is asked is looked at', async () => {
  const failure = new UsherError({ code: 'connection_lost', message: 'the host hung up' });
  const { own } = aHost({}, { failure });
  const { code, out } = await run('shutdown ssh://a --yes --warn 0s --patience 10s --json', own);
  expect(JSON.parse(out)).toMatchObject({
    hosts: [{ outcome: 'unknown', did: ['it was asked for a shutdown and broke the connection'] }],
  });
  expect(code).toBe(1);
});

test('users who were warned of what the host then refuses are told that it does not happen', async () => {
  const titles: string[] = [];
  const failure = new UsherError({ code: 'access_denied', message: 'no such right' });
  const { own } = aHost(
    {
      onMessage: ({ title }, { user }) => {
        titles.push(`${user} ${title}`);
        return user === 'bob' ? { kind: 'not-shown', why: 'his screen is black' } : { kind: 'timed-out' };
      },
    },
    { failure },
  );
  const { code } = await run('shutdown ssh://a --yes', own);
  expect(titles).toEqual(['alice This computer is going down', 'bob This computer is going down', 'alice Called off']);
  expect(code).toBe(4);
});

test('users of a host that does not answer when it is asked are not told that it stays', async () => {
  const titles: string[] = [];
  const failure = new UsherError({ code: 'timeout', message: 'the host did not answer in time' });
  const onMessage: HostPlan['onMessage'] = ({ title }) => {
    titles.push(title);
    return { kind: 'timed-out' };
  };
  const { own } = aHost({ onMessage }, { failure });
  const { code, out } = await run('shutdown ssh://a --yes --patience 10s --json', own);
  expect(titles).not.toContain('Called off');
  expect(JSON.parse(out)).toMatchObject({
    hosts: [{ outcome: 'unknown', did: ['it was asked for a shutdown and did not answer'] }],
    errors: [],
  });
  expect(code).toBe(1);
});

test('Ctrl-C while the host is asked tells what was done', async () => {
  const leaving = new AbortController();
  const { own, administration } = aHost({}, { onShutdown: () => leaving.abort() });
  const { code, out } = await run('shutdown ssh://a --yes --warn 0s', own, { signal: leaving.signal });
  expect(administration.done).toEqual(['shutdown']);
  expect(out).toContain('unknown  it was asked, and whether it went down was not waited for');
  expect(code).toBe(1);
});

test('a host that refuses is an error, and ends with 4', async () => {
  const failure = new UsherError({ code: 'access_denied', message: 'no such right' });
  const { own } = aHost({}, { failure });
  const { code, err } = await run('shutdown ssh://a --yes --warn 0s', own);
  expect(err).toContain('ssh://a: no such right');
  expect(code).toBe(4);
});

describe('of two hosts', () => {
  /** `a`, which goes down, and `b`, which does not answer; each in a group of its own. */
  async function withInventory(words: readonly string[]) {
    await using home = await aHome();
    const inventory = `${home.path}/inventory.yaml`;
    const text = 'version: 1\nhosts:\n  a: { url: ssh://a, groups: [one] }\n  b: { url: ssh://b, groups: [two] }\n';
    await writeFile(inventory, text);
    const { own, administration } = aHost();
    const hosts = { a: own, b: { failure: new UsherError({ code: 'unreachable', message: 'nothing listens' }) } };
    const line = ['shutdown', ...words, '--yes', '--warn', '0s', '--inventory', inventory];
    return { ...(await usher(line, { hosts, clock: new RunningClock() })), administration };
  }

  test.each([['--all'], ['--all-hosts'], ['*']])(
    'with %s the one that does not answer is told, and the other goes down',
    async (word) => {
      const { administration, code, err, out } = await withInventory([word]);
      expect(administration.done).toEqual(['shutdown']);
      expect(err).toContain('b: nothing listens');
      expect(out).toMatch(/^a +down/m);
      expect(code).toBe(1);
    },
  );

  test('both may be named', async () => {
    const { administration, code, err } = await withInventory(['a', 'b']);
    expect([code, administration.done]).toEqual([1, ['shutdown']]);
    expect(err).toContain('b: nothing listens');
  });

  test('a group leaves the other alone', async () => {
    const { administration, code, err } = await withInventory(['@one']);
    expect([code, administration.done]).toEqual([0, ['shutdown']]);
    expect(err).not.toContain('b:');
  });

  test.each([
    [[], 'no host is named; name one: usher shutdown HOST, or --all'],
    [['@one', '--all'], 'some hosts are named and --all-hosts means every one: say one of them'],
    [['/r', String.raw`/m`, 'a', '--all'], 'in Usher’s words or in Microsoft’s, not in both'],
  ])('%j takes none of them down', async (words, why) => {
    const { administration, code, err, estate } = await withInventory(words);
    expect([code, administration.done, estate.events]).toEqual([2, [], []]);
    expect(err).toContain(why);
  });
});
