import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { aSession, readAt } from '../sessions/testing/session.ts';
import { aHome, usher } from './testing/usher.ts';

const on = (...sessions: readonly Session[]): HostPlan => ({ readings: [sessions] });
const dead: HostPlan = {
  failure: new UsherError({
    code: 'unreachable',
    message: 'nothing listens',
    hint: 'check the port',
    cause: new Error('ECONNREFUSED'),
  }),
};
const alice = aSession({
  host: 'ssh://a',
  id: 10,
  user: 'alice',
  idleFor: seconds(12),
  loggedOnAt: readAt.subtract({ hours: 3 }),
  client: { name: 'laptop-7', address: '10.0.0.5', display: '1280x1024x24' },
  memoryBytes: 312e6,
});
const bob = aSession({ host: 'ssh://a', id: 9, user: 'bob', domain: 'CORP', state: 'disconnected', memoryBytes: 22e9 });
const hung = aSession({
  host: 'ssh://b',
  id: 10,
  troubles: [{ code: 'x-server-silent', reason: 'X server 812 is silent' }],
});
const hosts = { 'ssh://a': on(alice, bob), 'ssh://b': on(hung), 'ssh://dead': dead };
const legend = '! troubled: looks hung or lagging, or cannot be reconnected to (--troubled: why)';
const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

describe('--json', () => {
  test('is one document with the promised fields in their order, unknown being null', async () => {
    const { out, err, code } = await usher('sessions -s ssh://a --json', { hosts });
    const document = JSON.parse(out) as { sessions: readonly Record<string, unknown>[] };
    expect(Object.keys(document)).toEqual(['sessions', 'errors', 'notes']);
    expect(Object.keys(document.sessions[0] ?? {}).join(' ')).toBe(
      'host id name kind user domain state idleFor loggedOnAt connectedAt disconnectedAt lastInputAt client protocol locked ' +
        'memoryBytes cpuPercent bytesInPerSecond bytesOutPerSecond roundTripMs processCount troubles key',
    );
    expect(document.sessions[1]).toMatchObject({
      host: 'ssh://a',
      id: 10,
      idleFor: 12,
      loggedOnAt: '2026-03-02T11:00:00Z',
      connectedAt: null,
      client: { name: 'laptop-7', address: '10.0.0.5', display: '1280x1024x24' },
      key: alice.key,
    });
    expect([err, code]).toEqual(['', 0]);
  });

  test('says of which hosts nobody works there', async () => {
    const inventory = new URL('./testing/one-simulated.yaml', import.meta.url).pathname;
    const { out } = await usher(`sessions --json --inventory ${inventory}`, { hosts: { 'sim-a': on(), b: on() } });
    expect(JSON.parse(out)).toMatchObject({ notes: [{ host: 'sim-a', code: 'simulated' }] });
  });

  test('holds the errors with their causes', async () => {
    const { out } = await usher('sessions -s ssh://dead --json', { hosts });
    expect(JSON.parse(out)).toEqual({
      sessions: [],
      errors: [
        {
          host: 'ssh://dead',
          code: 'unreachable',
          message: 'nothing listens',
          cause: 'ECONNREFUSED',
          hint: 'check the port',
        },
      ],
      notes: [],
    });
  });

  test('holds the notes of hosts, and one where a list is not whole', async () => {
    const note = { code: 'not-root', message: 'ops is not root', columns: ['idleFor'], hint: null };
    const { out } = await usher('sessions -s ssh://a --json', {
      hosts: { 'ssh://a': { notes: [note], complete: false } },
    });
    expect((JSON.parse(out) as { notes: readonly object[] }).notes).toMatchObject([
      { host: 'ssh://a', ...note },
      { host: 'ssh://a', code: 'incomplete' },
    ]);
  });
});

describe('the exit code', () => {
  test.each([
    ['all listed', 'sessions -s ssh://a', 0],
    ['some failed', 'sessions -s ssh://a -s ssh://dead', 1],
    ['nothing could be reached', 'sessions -s ssh://dead', 3],
    ['an unknown option', 'sessions --bad', 2],
    ['an unknown command', 'seshuns', 2],
    ['a state that there is not', 'sessions --state asleep', 2],
    ['a duration that is none', 'sessions --idle-over 5', 2],
    ['a column that there is not', 'sessions --columns nope', 2],
    ['both formats', 'sessions --json --csv', 2],
    ['no time at all', 'sessions --timeout 0s', 2],
  ])('%s', async (_what, line, expected) => {
    expect((await usher(line, { hosts })).code).toBe(expected);
  });

  test('everything refused is 4', async () => {
    const failure = new UsherError({ code: 'access_denied', message: 'no' });
    expect((await usher('sessions -s ssh://a', { hosts: { 'ssh://a': { failure } } })).code).toBe(4);
  });
});

describe('on a pipe', () => {
  test('it is a plain table of everything, sorted by id, with failures on standard error', async () => {
    const { out, err } = await usher('sessions -s ssh://a -s ssh://dead', { hosts });
    expect(lines(out)).toEqual([
      'HOST     ID  USER      STATE         IDLE  LOGON  CLIENT    ADDRESS   MEMORY  CPU  RTT',
      String.raw`ssh://a   9  CORP\bob  disconnected     -  -      -         -          22 GB    -    -`,
      'ssh://a  10  alice     active         12s  11:00  laptop-7  10.0.0.5  312 MB    -    -',
    ]);
    expect(err).toBe('ssh://dead: nothing listens (ECONNREFUSED); check the port\n');
  });

  test('the mark of a troubled session is explained on standard error, unless it shall be quiet', async () => {
    const { out, err } = await usher('sessions -s ssh://b --columns id', { hosts });
    expect([lines(out), err]).toEqual([['   ID', '!  10'], `${legend}\n`]);
    expect((await usher('sessions -s ssh://b --columns id --quiet', { hosts })).err).toBe('');
  });

  test('a filter that nobody matches says so on standard error', async () => {
    const { out, err } = await usher('sessions -s ssh://a --user nobody --columns id', { hosts });
    expect([out, err]).toEqual(['ID\n', 'none of 2 sessions matches\n']);
  });

  test('no host column where there is one host', async () => {
    expect((await usher('sessions -s ssh://a', { hosts })).out).toMatch(/^ID {2}USER/);
  });
});

describe('on a terminal', () => {
  test('it ends with what matters', async () => {
    const { out } = await usher('sessions -s ssh://a -s ssh://b -s ssh://dead', {
      hosts,
      columns: 200,
      env: { NO_COLOR: '1' },
    });
    expect(lines(out).slice(-2)).toEqual([
      '3 sessions on 2 hosts · 1 disconnected holds 22 GB · 1 troubled · 1 host failed',
      legend,
    ]);
  });

  test.each([
    ['the reasons are told', '--troubled'],
    ['the troubles are a column', '--columns id,troubles'],
    ['nothing is marked', '--user bob'],
  ])('the mark is not explained where %s', async (_what, options) => {
    const { out, err } = await usher(`sessions -s ssh://a -s ssh://b ${options}`, { hosts, columns: 200 });
    expect(out + err).not.toContain('! troubled:');
  });

  test('memory that is not known for all is told as a part', async () => {
    const { out } = await usher('sessions -s ssh://a', {
      hosts: { 'ssh://a': on(bob, aSession({ id: 11, state: 'disconnected' })) },
      columns: 80,
      env: { NO_COLOR: '1' },
    });
    expect(lines(out).at(-1)).toBe('2 sessions · 2 disconnected hold at least 22 GB');
  });

  test.each([
    ['colour', {}, true],
    ['none with NO_COLOR', { NO_COLOR: '1' }, false],
    ['none on a dumb terminal', { TERM: 'dumb' }, false],
  ])('%s', async (_what, env, expected) => {
    expect((await usher('sessions -s ssh://a', { hosts, columns: 80, env })).out.includes('\u001b[')).toBe(expected);
  });

  test('no sessions are said to be none', async () => {
    const { out } = await usher('sessions -s ssh://empty', { columns: 80, env: { NO_COLOR: '1' } });
    expect(out).toBe('no sessions\n');
  });

  test('nothing is claimed where no host answered', async () => {
    expect((await usher('sessions -s ssh://dead', { hosts, columns: 80 })).out).toBe('');
  });

  test('--quiet leaves the summary and the notes out, not the failures', async () => {
    const setting = { hosts, columns: 80, env: { NO_COLOR: '1' } };
    const { out, err } = await usher('sessions -s ssh://b -s ssh://dead --quiet', setting);
    expect([lines(out).length, err]).toEqual([2, 'ssh://dead: nothing listens (ECONNREFUSED); check the port\n']);
  });
});

describe('narrowing and ordering', () => {
  test.each([
    ['--user corp\\*', ['9']],
    ['--state disconnected,down', ['9']],
    ['--idle-over 10s', ['10']],
    ['--client 10.0.*', ['10']],
    ['--sort -memoryBytes', ['9', '10']],
    ['--sort memoryBytes', ['10', '9']],
    ['--sort -idleFor', ['10', '9']],
    ['--sort -IDLE', ['10', '9']],
    ['--sort Memory', ['10', '9']],
  ])('%s', async (options, expected) => {
    const { out } = await usher(`sessions -s ssh://a --columns id ${options}`, { hosts });
    expect(
      lines(out)
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual(expected);
  });

  test.each([
    ['IDLE,memory,RTT', ['IDLE', 'MEMORY', 'RTT']],
    ['LAST INPUT,client-name,lastInputAt', ['LAST INPUT', 'CLIENT NAME', 'LAST INPUT']],
    ['name,CLIENT,clientAddress', ['NAME', 'CLIENT', 'ADDRESS']],
  ])('--columns %s takes headings beside names', async (columns, expected) => {
    const { out } = await usher(['sessions', '-s', 'ssh://a', '--columns', columns], { hosts });
    expect(lines(out)[0]?.trim().split(/ {2,}/)).toEqual(expected);
  });

  test.each([
    ['memroy', 'did you mean MEMORY?'],
    ['loggedOn', 'did you mean loggedOnAt?'],
    ['nothing-like-it', 'columns: host, id, name,'],
  ])('a column %s that there is not is wrong use', async (column, hint) => {
    const { code, err } = await usher(`sessions -s ssh://a --columns id,${column}`, { hosts });
    expect([code, err.includes(`there is no column '${column}'; ${hint}`)]).toEqual([2, true]);
  });

  test('--troubled tells each reason', async () => {
    const { out } = await usher('sessions -s ssh://a -s ssh://b --troubled --columns host,id', { hosts });
    expect(lines(out)).toEqual(['   HOST     ID', '!  ssh://b  10', '    ! X server 812 is silent']);
  });

  test('sessions left out because their idle time is unknown are counted', async () => {
    const { err } = await usher('sessions -s ssh://a --idle-over 1s', { hosts });
    expect(err).toBe('1 session left out: the idle time is unknown\n');
  });
});

describe('--csv', () => {
  test('has the fields of JSON, instants whole', async () => {
    const { out } = await usher('sessions -s ssh://a --csv', { hosts });
    expect(lines(out)[0]).toMatch(/^host,id,name,kind,user,domain,state,idleFor,loggedOnAt,.*,troubles,key$/);
    expect(lines(out)[2]).toMatch(/^ssh:\/\/a,10,:10,user,alice,,active,12,2026-03-02T11:00:00Z,/);
  });

  test('has the columns that were asked for, and no formulas', async () => {
    const evil = aSession({ id: 10, user: '=cmd()' });
    const { out } = await usher('sessions -s ssh://a --csv --columns user,id', { hosts: { 'ssh://a': on(evil) } });
    expect(out).toBe("user,id\n'=cmd(),10\n");
  });
});

test('with an empty inventory a Linux machine lists its own and says how to name hosts', async () => {
  const { out, err } = await usher('sessions --columns id', { hosts: { 'local:': on(aSession({ id: 10 })) } });
  expect(out).toBe('ID\n10\n');
  expect(err).toContain(String.raw`-s 'windows://DOMAIN\USER@HOST' or -s ssh://USER@HOST`);
});

test('an inventory that was named and holds no host is no list of this machine', async () => {
  await using home = await aHome();
  const inventory = path.join(home.path, 'inventory.yaml');
  await writeFile(inventory, '');
  const { code, out, err } = await usher(`--inventory ${inventory} sessions`, {
    hosts: { 'local:': on(aSession({ id: 10 })) },
  });
  expect([code, out, err]).toEqual([2, '', expect.stringContaining(`${inventory} holds no host`)]);
});

test('with an empty inventory a machine without xrdp says one thing: how to name hosts', async () => {
  const note = (code: string) => ({ code, message: code, columns: [], hint: null });
  const notes = [note('processes-hidden'), note('sesman-not-running')];
  const { err } = await usher('sessions', { hosts: { 'local:': { notes } } });
  expect(err).toMatch(/^this machine's own sessions; name hosts .*\n$/);
  expect((await usher('sessions -s local:', { hosts: { 'local:': { notes } } })).err).toContain('sesman-not-running');
});

test('--state takes the states as quser abbreviates them', async () => {
  const gone = on(aSession({ id: 11, state: 'disconnected' }), aSession({ id: 10 }));
  const { out } = await usher('sessions -s ssh://a --state Disc --columns id', { hosts: { 'ssh://a': gone } });
  expect(out).toBe('ID\n11\n');
});

test('with an empty inventory another machine is wrong use', async () => {
  const { code, err } = await usher('sessions', { platform: 'darwin' });
  expect([code, err.includes('-s ssh://USER@HOST')]).toEqual([2, true]);
});

test('an unknown host key is told with the command that accepts it, once', async () => {
  const hint = "accept it with 'usher hosts add', after comparing it";
  const failure = new UsherError({ code: 'host_key_unknown', message: 'its key is not in known_hosts', hint });
  expect((await usher('sessions -s ssh://a', { hosts: { 'ssh://a': { failure } } })).err).toBe(
    "ssh://a: its key is not in known_hosts; accept it with 'usher hosts add NAME ssh://a', after comparing it\n",
  );
});

test('what is told of local: has one colon', async () => {
  const failure = new UsherError({ code: 'unsupported', message: 'no perl', operation: 'connecting to local:' });
  expect((await usher('sessions -s local:', { hosts: { 'local:': { failure } } })).err).toBe(
    'local: connecting to local: no perl; usher doctor local: says why\n',
  );
  const note = { code: 'not-root', message: 'ops is not root', columns: [], hint: null };
  expect((await usher('sessions -s local:', { hosts: { 'local:': { notes: [note] } } })).err).toBe(
    'local: ops is not root\n',
  );
  expect((await usher('watch -s local:')).err).toBe('local: watching, 0 sessions there now\n');
});

test('somebody who leaves is not told of failures', async () => {
  const controller = new AbortController();
  controller.abort();
  const { code, out, err } = await usher('sessions -s ssh://a', { hosts, signal: controller.signal });
  expect([code, out, err]).toEqual([130, '', '']);
});

test('columns that a narrow terminal has no room for are named', async () => {
  const hosts = { xh1: { readings: [[aSession({ id: 10, user: 'alice' })]] } };
  const { out } = await usher('sessions -s ssh://xh1', { hosts: { 'ssh://xh1': hosts.xh1 }, columns: 40 });
  expect(out).toMatch(/no room for .*RTT.*--columns/);
});

test('where no host answered there is no empty table', async () => {
  const failure = new UsherError({ code: 'unreachable', message: 'nothing listens' });
  const { out, code } = await usher('sessions -s ssh://xh1', { hosts: { 'ssh://xh1': { failure } } });
  expect([code, out]).toEqual([3, '']);
});

describe('what is nobody’s session', () => {
  const kinds = ['user', 'services', 'console', 'listener'] as const;
  const sessions = kinds.map((kind, index) =>
    aSession({ host: 'ssh://a', id: 10 + index, kind, user: kind === 'user' ? 'alice' : null }),
  );
  const hosts = { 'ssh://a': { readings: [sessions] } };

  test('is left out of a listing, and not counted', async () => {
    const { out } = await usher('sessions -s ssh://a --columns id', { hosts });
    expect(out).toBe('ID\n10\n');
  });

  test('is shown with its name and kind by --all-kinds', async () => {
    const { out } = await usher('sessions -s ssh://a --all-kinds', { hosts });
    expect(out.split('\n').map((line) => line.trim().split(/ +/).slice(0, 3).join(' '))).toEqual([
      'ID NAME KIND',
      '10 :10 user',
      '11 :11 services',
      '12 :12 console',
      '13 :13 listener',
      '',
    ]);
  });

  test('is not chosen by a filter of an act', async () => {
    const { out } = await usher('logoff --user * --state active --dry-run --json -s ssh://a', { hosts });
    expect(JSON.parse(out)).toMatchObject({ acts: [{ id: 10 }] });
  });

  test.each(['reset', 'kill --all'])('services are never touched by %s', async (act) => {
    const { code, err } = await usher(`${act} 11 --yes -s ssh://a`, { hosts });
    expect([code, err]).toEqual([4, expect.stringMatching(/not allowed: these are the services of the host/)]);
  });

  test('is not counted by hosts test', async () => {
    const { out } = await usher('hosts test ssh://a --json', { hosts });
    expect(JSON.parse(out)).toMatchObject({ hosts: [{ sessions: 1 }] });
  });
});
