import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyOf, type SessionIdentity } from '../sessions/identity.ts';
import type { Session } from '../sessions/session.ts';
import { aSession, readAt } from '../sessions/testing/session.ts';
import { actsIn, person } from './testing/acting.ts';
import { RunningClock } from './testing/running-clock.ts';
import { aHome, type Setting, usher } from './testing/usher.ts';

let home: Awaited<ReturnType<typeof aHome>>;
beforeEach(async () => {
  home = await aHome();
});
afterEach(() => home[Symbol.asyncDispose]());

const host = 'ssh://a';
const alice = aSession({ host, id: 3, user: 'alice' });
const atWindows: SessionIdentity = {
  kind: 'windows-logon',
  host,
  boot: '134000000000000000',
  sessionId: 3,
  logonTime: '134000000600000000',
  account: 'alice',
};
const bob = { ...identified({ pid: 2000 }), user: 'bob' };

function identified(other: object, session: Session = alice): Session {
  const identity = { ...session.identity, ...other } as SessionIdentity;
  return { ...session, identity, key: keyOf(identity) };
}

/** A command line on a host with these sessions, some minutes after the first one. */
function run(line: string, sessions: readonly Session[], minutes = 0, more: Partial<Setting> = {}) {
  return usher(`${line} -s ${host}`, {
    hosts: { [host]: { readings: [sessions] } },
    env: { USHER_MEMORY: 'on' },
    home: home.path,
    clock: new RunningClock(readAt.add({ minutes })),
    ...more,
  });
}

const guards = (out: string): unknown =>
  (JSON.parse(out) as { readonly acts: readonly { readonly guardedBy: unknown }[] }).acts.map(
    ({ guardedBy }) => guardedBy,
  );

describe('an id that was listed', () => {
  test.each([
    ['another user', 'logoff 3', bob, 'id 3 was alice at 14:00, now bob: nothing was done'],
    ['nobody', 'reset 3', { ...bob, user: null }, 'id 3 was alice at 14:00, now nobody: nothing was done'],
    [
      'another session of its user',
      'reset 3',
      { ...bob, user: 'alice' },
      'now alice in another session: nothing was done',
    ],
    [
      'its user’s after a restart of the host',
      'kill 3 --all',
      identified({ bootId: 'b0075eed-0000-4000-8000-000000000001' }),
      'now alice in another session, after a restart of the host: nothing was done',
    ],
    ['another user, by its name,', 'logoff :3', bob, ':3 was alice at 14:00, now bob: nothing was done'],
    ['another user, with --yes,', 'logoff 3 --yes', bob, 'now bob: nothing was done'],
    ['another user, with --dry-run,', 'logoff 3 --dry-run', bob, 'now bob: nothing was done'],
  ])('and is %s now is left alone', async (_who, line, now, why) => {
    await run('sessions', [alice]);
    const { code, err, estate } = await run(line, [now], 2);
    expect([code, actsIn(estate), err]).toEqual([4, [], expect.stringContaining(why)]);
    expect(err).toContain('session changed: ');
  });

  test('and is the same session still is acted on, without a question and without a remark', async () => {
    await run('sessions', [alice]);
    const anna = person('no');
    const { code, err, estate } = await run('logoff 3', [alice], 14, { terminal: anna });
    expect([code, actsIn(estate), anna.asked, err.includes('guards nothing')]).toEqual([
      0,
      ['logoff alice'],
      [],
      false,
    ]);
  });

  test('and means someone else is taken once it was listed again', async () => {
    await run('sessions', [alice]);
    await run('sessions', [bob], 1);
    const { code, estate } = await run('logoff 3', [bob], 2);
    expect([code, actsIn(estate)]).toEqual([0, ['logoff bob']]);
  });

  test('is forgotten after 15 minutes', async () => {
    await run('sessions', [alice]);
    const { code, err } = await run('logoff 3', [bob], 16);
    expect([code, err]).toEqual([0, expect.stringContaining("session 3 is bob's; an id or name alone guards nothing")]);
  });

  test('as part of several stops its own session alone', async () => {
    const carol = aSession({ host, id: 4, user: 'carol' });
    await run('sessions', [alice, carol]);
    const { code, estate } = await run('logoff 3 4 --yes', [bob, carol], 1);
    expect([code, actsIn(estate)]).toEqual([1, ['logoff carol']]);
  });

  test('is a row of the document, with what guarded it', async () => {
    await run('sessions', [alice]);
    const { out } = await run('logoff 3 --json', [bob], 2);
    expect(JSON.parse(out)).toMatchObject({
      acts: [{ id: 3, user: 'bob', namedBy: 'id', guardedBy: 'memory', outcome: 'session_changed' }],
    });
  });
});

test('a session of a Windows host whose boot was not seen this time is the same one', async () => {
  const dora = { ...alice, identity: atWindows, key: keyOf(atWindows) };
  const unseen = identified({ boot: '0' }, dora);
  await run('sessions', [dora]);
  const { out } = await run('logoff 3 --json', [unseen], 1);
  expect(guards(out)).toEqual(['memory']);
  const { estate } = await run(`logoff ${dora.key} --yes`, [unseen], 1);
  expect(actsIn(estate)).toEqual(['logoff alice']);
});

describe('what was not listed is not remembered:', () => {
  test('what a filter left out', async () => {
    await run('sessions --user nobody', [alice]);
    expect(guards((await run('logoff 3 --json', [bob], 1)).out)).toEqual([null]);
  });

  test('the same name at another address', async () => {
    const inventory = async (url: string): Promise<string> => {
      const file = path.join(home.path, 'inventory.yaml');
      await writeFile(file, `version: 1\nhosts:\n  ts01: { url: '${url}' }\n`, { mode: 0o600 });
      return file;
    };
    const at = (session: Session) => ({ ts01: { readings: [[{ ...session, host: 'ts01' }]] } });
    const setting = { env: { USHER_MEMORY: 'on' }, home: home.path, clock: new RunningClock() };
    await usher(['sessions', '--inventory', await inventory('ssh://one')], { ...setting, hosts: at(alice) });
    const moved = ['logoff', 'ts01:3', '--json', '--inventory', await inventory('ssh://two')];
    expect(guards((await usher(moved, { ...setting, hosts: at(bob) })).out)).toEqual([null]);
  });

  test('anything with USHER_MEMORY=off', async () => {
    const off = { env: { USHER_MEMORY: 'off' } };
    await run('sessions', [alice], 0, off);
    expect((await run('logoff 3', [bob], 1, off)).code).toBe(0);
  });
});

describe('an act says what guarded it:', () => {
  test.each([
    ['an id that was listed', 'logoff 3 --json', 'memory'],
    ['a display’s name that was listed', 'logoff :3 --json', 'memory'],
    ['a user', 'logoff alice --json', 'user'],
    ['a filter', 'logoff --user alice --yes --json', 'filter'],
    ['--expect-user', 'logoff 3 --expect-user alice --json', 'expect-user'],
    ['a key', `logoff ${alice.key} --json`, 'key'],
  ])('%s', async (_what, line, guard) => {
    await run('sessions', [alice]);
    expect(guards((await run(line, [alice], 1)).out)).toEqual([guard]);
  });

  test('a person', async () => {
    const { out } = await run('logoff 3 --json', [alice], 0, { terminal: person('alice') });
    expect(guards(out)).toEqual(['confirmed']);
  });

  test('nothing', async () => {
    expect(guards((await run('logoff 3 --yes --json', [alice])).out)).toEqual([null]);
  });

  test('in CSV too', async () => {
    const { out } = await run('logoff alice --csv', [alice]);
    expect(out.split('\n').map((line) => line.split(',').at(-2))).toEqual(['guardedBy', 'user', undefined]);
  });
});

test('--expect-user is believed before the memory', async () => {
  await run('sessions', [alice]);
  const { code, estate } = await run('logoff 3 --expect-user bob', [bob], 1);
  expect([code, actsIn(estate)]).toEqual([0, ['logoff bob']]);
});

test("a session's processes are a listing too", async () => {
  await run('processes 3', [alice]);
  expect((await run('logoff 3', [bob], 1)).code).toBe(4);
});

test('what --dry-run showed is remembered', async () => {
  await run('logoff 3 --dry-run', [alice]);
  expect((await run('logoff 3', [bob], 1)).code).toBe(4);
});

describe('a memory that cannot be used', () => {
  const file = () => path.join(home.path, '.local', 'state', 'usher', 'listed.json');

  test('is told beside a listing, which is whole', async () => {
    await writeFile(path.join(home.path, '.local'), '');
    const { code, out, err } = await run('sessions', [alice]);
    expect([code, out.includes('alice'), err]).toEqual([
      0,
      true,
      expect.stringMatching(/listed\.json cannot be written: .*USHER_MEMORY=off/),
    ]);
  });

  test('is told beside an act, which it does not keep from being done', async () => {
    await run('sessions', [alice]);
    await writeFile(file(), (await readFile(file(), 'utf8')).slice(0, 40));
    const { code, err } = await run('logoff 3', [alice], 1);
    expect([code, err]).toEqual([0, expect.stringMatching(/listed\.json is not used: it is damaged/)]);
  });

  test('is not told in a document', async () => {
    await run('sessions', [alice]);
    await chmod(file(), 0o644);
    expect((await run('sessions --json', [alice])).err).toBe('');
  });
});
