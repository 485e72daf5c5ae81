import { describe, expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { keyOf, type WindowsLogonIdentity } from '../../sessions/identity.ts';
import type { Session } from '../../sessions/session.ts';
import { aSession } from '../../sessions/testing/session.ts';
import { actsIn, person } from '../testing/acting.ts';
import { anAdministered, type Whims } from '../testing/administration.ts';
import { RunningClock } from '../testing/running-clock.ts';
import { aHome, type Setting, usher } from '../testing/usher.ts';

/** A session of a Windows host. */
function windowsSession(id: number, user: string): Session {
  const account = `CORP\\${user}`;
  const identity: WindowsLogonIdentity = {
    kind: 'windows-logon',
    host: 'ssh://a',
    boot: '1',
    sessionId: id,
    logonTime: String(id),
    account,
  };
  return {
    ...aSession({ host: 'ssh://a', id, name: `RDP-Tcp#${id}`, user, domain: 'CORP' }),
    identity,
    key: keyOf(identity),
  };
}

describe('change logon', () => {
  const change = async (line: string, whims: Whims = {}, more: Partial<Setting> = {}) => {
    const administration = anAdministered(whims);
    const outcome = await usher(line, { hosts: { 'ssh://a': { administration } }, ...more });
    return { ...outcome, done: administration.done };
  };

  test.each([
    ['on', 'Session logins are currently ENABLED\n'],
    ['off', 'Session logins are currently DISABLED\n'],
    ['drain', 'New session logins are currently DISABLED, reconnections are ENABLED\n'],
    [
      'drain-until-restart',
      'New session logins are currently DISABLED until the host restarts, reconnections are ENABLED\n',
    ],
  ] as const)('/query says of %s: %s', async (logons, out) => {
    for (const name of ['change logon', 'chglogon']) {
      expect(await change(`${name} /QUERY /server:ssh://a`, { logons })).toMatchObject({
        code: 0,
        out,
        err: '',
        done: [],
      });
    }
  });

  test('/query of several hosts says whose it is', async () => {
    const hosts = { 'ssh://a': { administration: anAdministered() }, 'ssh://b': {} };
    const { code, out, err } = await usher('chglogon /query -s ssh://a -s ssh://b', { hosts });
    expect([code, out, err]).toEqual([
      1,
      'ssh://a: Session logins are currently ENABLED\n',
      expect.stringContaining('a Linux host has no drain mode'),
    ]);
  });

  test('/query --json is the document of usher drain', async () => {
    const own = await change('drain ssh://a --json');
    expect((await change('chglogon /query -s ssh://a --json')).out).toBe(own.out);
  });

  test.each([
    ['/drain', 'logons drain'],
    ['/DrainUntilRestart', 'logons drain-until-restart'],
    ['/enable', 'logons on'],
    ['/disable --yes', 'logons off'],
  ])('%s sets it', async (what, done) => {
    expect(await change(`change logon ${what} -s ssh://a`)).toMatchObject({ code: 0, done: [done] });
  });

  test('/disable asks first', async () => {
    const terminal = person('no');
    expect(await change('change logon /disable -s ssh://a', {}, { terminal })).toMatchObject({ code: 4, done: [] });
    expect(terminal.asked.length).toBe(1);
  });

  test.each([
    ['chglogon -s ssh://a', 'it takes one of the switches'],
    ['chglogon /enable /drain -s ssh://a', 'it takes one of the switches'],
    ['chglogon /enable', 'no host is named, and none is the current one'],
    ['change logon ssh://a /query', "'ssh://a' is one argument too many"],
    ['change logon /off', 'change logon has no switch /off; usage: usher change logon {/query'],
  ])('%s is wrong use, and nothing is done', async (line, why) => {
    expect(await change(line)).toMatchObject({ code: 2, done: [], err: expect.stringContaining(why) as string });
  });
});

describe('shutdown', () => {
  const alice = aSession({ host: 'ssh://a', id: 10, user: 'alice' });

  const boots = ['2026-03-01T08:00:00Z', '2026-03-02T13:59:58Z'].map((text) => Temporal.Instant.from(text));

  /** A host that goes down when it is asked to, or restarts at once, and what its user read. */
  async function down(words: readonly string[], more: Partial<Setting> = {}) {
    let isUp = true;
    let boot = 0;
    const texts: string[] = [];
    const administration = anAdministered({
      onShutdown: (kind) => {
        if (kind === 'restart') boot = 1;
        else isUp = false;
      },
    });
    const gone = () => (isUp ? null : new UsherError({ code: 'unreachable', message: 'nothing listens' }));
    const outcome = await usher(['shutdown', ...words], {
      hosts: {
        'ssh://a': {
          readings: [[alice]],
          administration,
          bootedAt: () => boots[boot] ?? null,
          onConnect: gone,
          onList: gone,
          onMessage: ({ text, countdown, stays }) => {
            texts.push(`${text} ${countdown?.(stays)}`);
            return { kind: 'timed-out' };
          },
        },
      },
      clock: new RunningClock(),
      ...more,
    });
    return { ...outcome, texts, done: administration.done };
  }

  test.each([
    [['/s', '/m', String.raw`\\ssh://a`], 'shutdown'],
    [['/R', '/M', 'ssh://a', '/F', '/d', 'p:4:1'], 'restart'],
    [['-r', '-m', 'ssh://a'], 'restart'],
    [['-s', '-f', 'ssh://a'], 'shutdown'],
    [['/p', '/m:ssh://a'], 'power-off'],
  ])('%j goes down', async (words, kind) => {
    expect(await down([...words, '--yes'])).toMatchObject({ code: 0, done: [kind] });
  });

  test('warns for as long as /t says, with the words of /c', async () => {
    const { texts } = await down(['/r', '/t', '90', '/c', 'new disks', '/m', 'ssh://a', '--yes']);
    expect(texts).toEqual([expect.stringMatching(/restart ssh:\/\/a\.\n\nnew disks\n\n.* It happens in 1m 30s\.$/)]);
  });

  test('warns nobody with /t 0', async () => {
    expect(await down(['-r', '-t', '0', '-m', 'ssh://a', '--yes'])).toMatchObject({
      code: 0,
      texts: [],
      done: ['restart'],
    });
  });

  test('warns for five minutes without /t', async () => {
    expect((await down(['/s', '/m', 'ssh://a', '--yes'])).texts).toEqual([
      expect.stringContaining('It happens in 5m 00s.'),
    ]);
  });

  test('says that a reason of /d is not passed on', async () => {
    const { err } = await down(['/s', '/d', 'p:4:1', '/m', 'ssh://a', '--yes']);
    expect(err).toContain('/d: the reason is not passed on to the host\n');
  });

  test('is confirmed as usher shutdown is', async () => {
    expect(await down(['/s', '/m', 'ssh://a'], { terminal: person('no') })).toMatchObject({ code: 4, done: [] });
    expect(await down(['/s', '/m', 'ssh://a'])).toMatchObject({ code: 2, done: [] });
  });

  test('in Usher’s own words is still there', async () => {
    expect(await down(['ssh://a', '--restart', '--warn', '0s', '--yes'])).toMatchObject({ code: 0, done: ['restart'] });
  });

  test.each([
    [['/r'], 'no host is named, and none is the current one'],
    [['/m', 'ssh://a'], 'it takes one of /s, /r and /p'],
    [['/s', '/r', '/m', 'ssh://a'], 'it takes one of /s, /r and /p'],
    [['/s', '/m', 'ssh://a', 'ssh://b'], 'the host is named twice'],
    [['/s', '/m'], '/m needs a value after it'],
    [['/s', '/t', 'soon', '/m', 'ssh://a'], '/t takes a number from 0 to 315360000'],
    [['/s', '/c', 'x'.repeat(501), '/m', 'ssh://a'], '/c takes at most 500 characters'],
    [['/r', '--reason', 'x', '/m', 'ssh://a'], 'not in both'],
    [['ssh://a', '--restrat'], 'there is no option --restrat'],
    [['/a', '/m', 'ssh://a'], '/a is not done: a shutdown that Usher began is called off by Ctrl-C'],
    [['/l'], '/l is not done: sessions are logged off by usher logoff'],
    [['/hybrid', '/s', '/m', 'ssh://a'], '/hybrid is not done'],
    [['/x', '/m', 'ssh://a'], 'shutdown has no switch /x; usage: usher shutdown {/s'],
  ])('%j is wrong use, and nothing is done', async (words, why) => {
    expect(await down([...words, '--yes'])).toMatchObject({
      code: 2,
      done: [],
      err: expect.stringContaining(why) as string,
    });
  });
});

describe('tscon', () => {
  const anna = windowsSession(2, 'anna');
  const bob = { ...windowsSession(5, 'bob'), state: 'disconnected' as const };
  const tscon = (line: string) =>
    usher(`tscon ${line} --dry-run`, { hosts: { 'ssh://a': { readings: [[anna, bob]] } }, clock: new RunningClock() });

  test.each(['5 /dest:RDP-Tcp#2 /server:ssh://a', '/DEST:2 /v 5 -s ssh://a'])(
    '%s gives the one to the client of the other',
    async (line) => {
      const { err, out, code } = await tscon(line);
      // Whether this version acts on Windows hosts is said by usher connect, in its own words.
      const own = await usher('connect 5 2 -s ssh://a --dry-run', {
        hosts: { 'ssh://a': { readings: [[anna, bob]] } },
      });
      expect({ err, out, code }).toEqual({ err: own.err, out: own.out, code: own.code });
    },
  );

  test.each([
    ['5 -s ssh://a', 'there is no current session: /dest:SESSIONNAME'],
    ['/dest:2 -s ssh://a', 'no session is named, and there is no current one'],
    ['5 /dest:2 /password:hunter2 -s ssh://a', 'a password is never taken as an argument'],
    ['5 /dest:2 /PASSWORD:* -s ssh://a', 'a password is never taken as an argument'],
  ])('%s is wrong use', async (line, why) => {
    const { code, err } = await tscon(line);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
    expect(err).not.toContain('hunter2');
  });
});

describe('shadow', () => {
  const shadow = async (line: string) => {
    const administration = anAdministered({ invitation: '<E>x</E>' });
    const hosts = { 'ssh://a': { readings: [[windowsSession(2, 'alice')]], administration } };
    return { ...(await usher(line, { hosts })), done: administration.done };
  };

  test.each(['shadow 2 /server:ssh://a /v', 'shadow /V RDP-Tcp#2 /server:ssh://a', 'shadow alice -s ssh://a'])(
    '%s prints an invitation',
    async (line) => {
      expect(await shadow(line)).toMatchObject({ code: 0, out: '<E>x</E>\n', done: ['invitation to 2 control ask'] });
    },
  );

  test('of several sessions is wrong use', async () => {
    expect(await shadow('shadow alice bob')).toMatchObject({ code: 2, done: [] });
  });

  test('without a session is wrong use', async () => {
    expect(await shadow('shadow /v')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no session is named, and there is no current one') as string,
      done: [],
    });
  });
});

describe('what a listing showed guards', () => {
  test('tscon and shadow too', async () => {
    await using home = await aHome();
    const setting = { env: { USHER_MEMORY: 'on' }, home: home.path, clock: new RunningClock() };
    const on = (...sessions: readonly Session[]) => ({
      ...setting,
      hosts: { 'ssh://a': { readings: [sessions], administration: anAdministered() } },
    });
    const bob = { ...windowsSession(5, 'bob'), state: 'disconnected' as const };
    await usher('qwinsta -s ssh://a', on(windowsSession(2, 'alice'), bob));
    const carol = windowsSession(2, 'carol');
    for (const line of ['tscon 5 /dest:2 --yes', 'shadow 2']) {
      const { code, err, estate } = await usher(`${line} -s ssh://a`, on(carol, bob));
      expect([code, actsIn(estate), err]).toEqual([
        4,
        [],
        expect.stringContaining('was CORP\\alice at 14:00, now CORP\\carol: nothing was done'),
      ]);
    }
  });
});
