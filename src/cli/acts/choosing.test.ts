import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../../fleet/testing/estate.ts';
import { seconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import { aSession, readAt } from '../../sessions/testing/session.ts';
import { RunningClock } from '../testing/running-clock.ts';
import { usher } from '../testing/usher.ts';
import { act, actsIn, person, sessions, writer } from '../testing/acting.ts';

const dead: HostPlan = { failure: new UsherError({ code: 'unreachable', message: 'nothing listens' }) };
const alive: HostPlan = { readings: [sessions], processes: [writer] };

describe('sessions', () => {
  test('are chosen by several names, each once', async () => {
    const { code, estate } = await act('logoff alice 10 bob --yes');
    expect([code, actsIn(estate)]).toEqual([0, ['logoff alice', 'logoff bob']]);
  });

  test('are chosen by a filter', async () => {
    const [alice, bob] = sessions.map((session, index) => ({
      ...session,
      idleFor: seconds(index * 7200),
      lastInputAt: readAt.subtract({ seconds: index * 7200 }),
    }));
    const readings = [[alice, bob].flatMap((session) => session ?? [])];
    const { code, estate } = await act('disconnect --idle-over 1h --state active --yes', { readings });
    expect([code, actsIn(estate)]).toEqual([0, ['disconnect bob']]);
  });

  test('that a key names are acted on without a question', async () => {
    const anna = person('no');
    const { code, estate } = await act(`logoff ${sessions[1]?.key}`, {}, { terminal: anna });
    expect([code, anna.asked, actsIn(estate)]).toEqual([0, [], ['logoff bob']]);
  });

  test('one of which is not found are all left alone', async () => {
    const { code, estate, err } = await act('logoff alice eve --yes');
    expect([code, actsIn(estate), err]).toEqual([2, [], expect.stringContaining("no session 'eve'") as string]);
  });

  test('in which the act makes no sense are told, and the others acted on', async () => {
    const readings = [sessions.map((one) => (one.user === 'bob' ? { ...one, state: 'disconnected' as const } : one))];
    const { code, out, err, estate } = await act('disconnect alice bob --yes', { readings });
    expect([code, actsIn(estate)]).toEqual([1, ['disconnect alice']]);
    expect(out).toMatch(/^ssh:\/\/a 10 alice {2}disconnected/);
    expect(err).toMatch(/bob {2}not allowed: the session is disconnected: no client is connected/);
    expect(err).toMatch(/2 sessions: 1 done, 1 not\n$/);
  });

  test('of which one alone may be acted on are not counted', async () => {
    const readings = [sessions.map((one) => (one.user === 'bob' ? { ...one, state: 'disconnected' as const } : one))];
    const anna = person('no');
    const { estate } = await act('disconnect alice bob', { readings }, { terminal: anna });
    expect([anna.asked, actsIn(estate)]).toEqual([[], ['disconnect alice']]);
  });
});

describe('a filter', () => {
  test('that passes one session asks for it too, and shows it', async () => {
    const anna = person('1');
    const { code, err, estate } = await act('logoff --user alice', {}, { terminal: anna });
    expect([code, anna.asked, actsIn(estate)]).toEqual([0, ['To log off this session, type 1: '], ['logoff alice']]);
    expect(err).toMatch(/LIKELY TO HOLD DOCUMENTS\n.*alice.*soffice\.bin/);
  });

  test('that passes one session needs --yes in a pipe, as it does for several', async () => {
    const { code, err, estate } = await act('logoff --user alice');
    expect([code, actsIn(estate)]).toEqual([2, []]);
    expect(err).toMatch(/1 session was chosen and nobody can be asked: nothing was done; say --yes/);
  });

  test.each(['--yes', '--dry-run'])('that passes no session says so, with %s', async (option) => {
    expect(await act(`logoff --user eve ${option}`)).toMatchObject({
      code: 0,
      out: '',
      err: 'no session passes the filter: nothing was done\n',
    });
  });

  test('that passes no session is an empty document with --json', async () => {
    expect(await act('logoff --user eve --yes --json')).toMatchObject({
      code: 0,
      out: '{"acts":[],"errors":[],"notes":[]}\n',
      err: '',
    });
  });
});

describe('a host that does not answer', () => {
  const hosts = { 'ssh://a': alive, 'ssh://b': dead };

  test('is told beside what was done on the others, and the exit code is 1', async () => {
    const { code, err, estate } = await act('logoff --user alice --yes -s ssh://b', {}, { hosts });
    expect([code, actsIn(estate)]).toEqual([1, ['logoff alice']]);
    expect(err).toMatch(/^ssh:\/\/b: nothing listens; usher doctor ssh:\/\/b says why\n/);
  });

  test('is a row of the document with --json', async () => {
    const { out } = await act('logoff --user alice --yes --json -s ssh://b', {}, { hosts });
    expect(JSON.parse(out)).toMatchObject({
      acts: [{ user: 'alice', outcome: 'ended' }],
      errors: [{ host: 'ssh://b', code: 'unreachable' }],
    });
  });

  test('where no session of the others passes is told, and the exit code is 1', async () => {
    const { code, err } = await act('logoff --user eve --yes -s ssh://b', {}, { hosts });
    expect([code, err]).toEqual([
      1,
      'ssh://b: nothing listens; usher doctor ssh://b says why\nno session passes the filter: nothing was done\n',
    ]);
  });

  test('is told with every other one where none answered, and the exit code is 3', async () => {
    const none = { 'ssh://a': dead, 'ssh://b': dead };
    const { code, err } = await act('logoff --user alice --yes -s ssh://b', {}, { hosts: none });
    expect([code, err]).toEqual([
      3,
      'ssh://b: nothing listens; usher doctor ssh://b says why\nssh://a: nothing listens; usher doctor ssh://a says why\n',
    ]);
  });
});

/** A command line on so many hosts, each with a session of bob's. */
function onMany(count: number, line: string, isDisconnected: (index: number) => boolean = () => false) {
  const hosts = Array.from({ length: count }, (_, index): [string, HostPlan] => {
    const host = `ssh://h${index}`;
    const state = isDisconnected(index) ? 'disconnected' : 'active';
    return [host, { readings: [[aSession({ host, id: 10, user: 'bob', state })]] }];
  });
  const servers = hosts.flatMap(([host]) => ['-s', host]);
  return usher([...line.split(' '), ...servers], { hosts: Object.fromEntries(hosts), clock: new RunningClock() });
}

describe('the ceiling', () => {
  const many = Array.from({ length: 26 }, (_, index) => aSession({ host: 'ssh://a', id: 10 + index }));

  test('is 25 sessions where nobody says more', async () => {
    const { code, err, estate } = await act('logoff --user * --yes', { readings: [many] });
    expect([code, actsIn(estate)]).toEqual([4, []]);
    expect(err).toMatch(
      /26 sessions were chosen, and at most 25 are acted on at once: nothing was done; .*--at-most 26/,
    );
  });

  test('holds for --dry-run, which then says nothing that it would do', async () => {
    const { code, out, err, estate } = await act('end --user * --dry-run', { readings: [many] });
    expect([code, actsIn(estate), err]).toEqual([4, [], expect.stringMatching(/^usher: 26 sessions were chosen/)]);
    expect(out).toMatch(/user10[^]*user35 /);
    expect(out).not.toContain('It would');
  });

  test('holds no connection to more hosts than that, and tells how many sessions there are', async () => {
    const { code, err, estate } = await onMany(300, 'logoff --user * --yes');
    expect([code, actsIn(estate)]).toEqual([4, []]);
    expect(err).toContain('300 sessions were chosen, and at most 25 are acted on at once: nothing was done');
    const kinds = estate.events.map((event) => event.split(' ')[0]);
    expect(kinds.lastIndexOf('connect')).toBeGreaterThan(kinds.indexOf('close'));
  });

  test('counts only what may be acted on, on however many hosts the others are', async () => {
    const { code, estate } = await onMany(40, 'disconnect --user * --yes', (index) => index > 1);
    expect([code, actsIn(estate)]).toEqual([1, ['disconnect bob', 'disconnect bob']]);
  });

  test('is raised with --at-most', async () => {
    const { code, estate } = await act('logoff --user * --yes --at-most 26', { readings: [many] });
    expect([code, actsIn(estate).length]).toEqual([0, 26]);
  });

  test.each(['0', '10001', '-1', 'x'])('of %s is wrong use before any host is asked', async (number) => {
    const { code, estate } = await act(['logoff', 'alice', `--at-most=${number}`]);
    expect([code, estate.events]).toEqual([2, []]);
  });
});

test('sessions are shown and told by host and id, in whatever order they were named', async () => {
  const { out } = await act('logoff carol bob alice --dry-run');
  expect(out).toMatch(/alice [^]*bob [^]*carol /);
  const { out: document } = await act('logoff carol bob alice --yes --json');
  expect(JSON.parse(document)).toMatchObject({ acts: [{ id: 10 }, { id: 11 }, { id: 12 }] });
});

test('--expect-user holds for every session', async () => {
  const { code, estate } = await act('logoff 10 11 --expect-user alice --yes');
  expect([code, actsIn(estate)]).toEqual([4, []]);
});

test('the preview is shown to whom is asked, also with --quiet', async () => {
  const asked = await act('logoff --user * --quiet', {}, { terminal: person('3') });
  expect(asked.err).toMatch(/^HOST .*LIKELY TO HOLD DOCUMENTS\n/);
  const unasked = await act('logoff --user * --quiet --yes', {}, { terminal: person('3') });
  expect(unasked.err).toBe('');
});

test('a preview of a session whose programs cannot be seen says that they are unknown', async () => {
  const onProcesses = () => new UsherError({ code: 'access_denied', message: 'not root' });
  const { err } = await act('logoff alice bob --yes', { onProcesses });
  expect(err).toMatch(/alice .*unknown\n/);
});

test('Ctrl-C at the question calls it off, whatever is answered', async () => {
  const leaving = new AbortController();
  const anna = person('3');
  const ask = async (question: string): Promise<string | null> => {
    leaving.abort();
    return anna.ask(question);
  };
  const { code, estate, out } = await act(
    'logoff --user *',
    {},
    { terminal: { ...anna, ask }, signal: leaving.signal },
  );
  expect([code, actsIn(estate)]).toEqual([130, []]);
  expect(out.match(/cancelled: nothing was done/g)).toHaveLength(3);
});

test('--dry-run with several sessions sums nothing up as done', async () => {
  const { code, out, err } = await act('logoff --user * --dry-run');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/Nothing was done\. It would: log off, then read again\.\n$/);
});

test('--dry-run with --csv has a line for each that is planned, and for each that is not allowed', async () => {
  const readings = [sessions.map((one) => (one.user === 'bob' ? { ...one, state: 'disconnected' as const } : one))];
  const { code, out } = await act('disconnect alice bob --dry-run --csv', { readings });
  expect(code).toBe(1);
  expect(out.split('\n').map((line) => line.split(',').slice(3, 8).join(' '))).toEqual([
    'user domain act outcome answer',
    'bob  disconnect not_allowed ',
    'alice  disconnect planned ',
    '',
  ]);
});

test('--dry-run with --json has what would be done', async () => {
  const { code, out, estate } = await act('logoff 10 --dry-run --json');
  expect([code, actsIn(estate), JSON.parse(out)]).toMatchObject([
    0,
    [],
    { acts: [{ user: 'alice', namedBy: 'id', outcome: 'planned', why: 'log off, then read again', steps: [] }] },
  ]);
});
