import { describe, expect, test, vi } from 'vitest';
import type { HostPlan } from '../../fleet/testing/estate.ts';
import { UsherError } from '../../sessions/errors.ts';
import { aSession } from '../../sessions/testing/session.ts';
import { seconds } from '../../sessions/duration.ts';
import { act, actsIn, person } from '../testing/acting.ts';
import { RunningClock } from '../testing/running-clock.ts';
import { usher } from '../testing/usher.ts';

const lost = new UsherError({ code: 'connection_lost', message: 'it ended' });

describe('an act', () => {
  test.each([
    ['logoff alice', 'logoff alice', 'ended'],
    ['reset alice', 'reset alice', 'ended'],
    ['kill alice --logon-process', 'kill-logon alice', 'ended'],
    ['kill alice --all', 'kill-all alice', 'ended'],
    ['disconnect alice', 'disconnect alice', 'disconnected'],
    ['end alice --warn 0s', 'logoff alice', 'ended'],
  ])('%s does it, reads again and says what proves it', async (line, done, outcome) => {
    const { out, code, estate } = await act(line);
    expect([code, actsIn(estate)]).toEqual([0, [done]]);
    expect(out).toMatch(new RegExp(`^ssh://a 10 alice {2}${outcome}: .*re-read 14:00:0`));
  });

  test('that disconnects never says that the session ended', async () => {
    const text = await act('disconnect alice');
    const json = await act('disconnect alice --json');
    expect(text.out + text.err + json.out).not.toContain('ended:');
    expect(JSON.parse(json.out)).toMatchObject({
      acts: [{ outcome: 'disconnected', steps: [{}, { step: 'disconnect', result: 'disconnected' }] }],
    });
    expect(text.err).not.toMatch(/ended\n/);
  });

  test('that does not end the session fails, says what is still there, and exits with 1', async () => {
    const { err, code } = await act('logoff alice', { onAct: () => 'hangs' });
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/alice {2}failed: log-off: it is still there, with soffice.bin 900/) as string,
    ]);
  });

  test.each([
    ['session_changed', 4, /session changed: /],
    ['access_denied', 4, /refused: log-off: no/],
  ] as const)('that the host answers with %s exits with %i', async (code, status, said) => {
    const outcome = await act('logoff alice', { onAct: () => new UsherError({ code, message: 'no' }) });
    expect([outcome.code, outcome.err]).toEqual([status, expect.stringMatching(said) as string]);
  });

  test('that the host refuses is refused in its steps too', async () => {
    const onAct = () => new UsherError({ code: 'access_denied', message: 'not root', hint: 'log on as root' });
    const { out } = await act('logoff alice --json', { onAct });
    expect(JSON.parse(out)).toMatchObject({
      acts: [
        {
          outcome: 'refused',
          hint: 'log on as root; usher doctor ssh://a says why',
          steps: [{ step: 'logoff', result: 'refused: not root' }],
        },
      ],
    });
  });

  test('whose host is lost is unknown, is looked at again for as long as --settle says, and exits with 3', async () => {
    const { err, code } = await act('logoff alice --settle 20s', { onAct: () => lost, onLook: () => lost });
    expect(code).toBe(3);
    expect(err.match(/looking again/g)?.length).toBeGreaterThan(1);
    expect(err).toMatch(/alice {2}unknown: log-off: it ended/);
  });

  test('that makes no sense in this state is not done, and exits with 4', async () => {
    const gone = [aSession({ host: 'ssh://a', id: 10, user: 'alice', state: 'disconnected' })];
    const { err, code, estate } = await act('disconnect alice', { readings: [gone] });
    expect([code, actsIn(estate), err]).toEqual([
      4,
      [],
      expect.stringMatching(/not allowed: .*no client is connected/) as string,
    ]);
  });

  test('with --dry-run shows whom it means and what they may lose, and does nothing', async () => {
    const { out, code, estate } = await act('end alice --force --dry-run');
    expect([code, actsIn(estate)]).toEqual([0, []]);
    expect(out).toMatch(
      /alice .*soffice\.bin\nNothing was done\. It would: warn .* 5m 00s more, then log-off; while it is still there: reset, then /,
    );
  });

  test('is one document with --json', async () => {
    const { out } = await act('logoff alice --json');
    expect(JSON.parse(out)).toMatchObject({
      acts: [
        {
          host: 'ssh://a',
          id: 10,
          user: 'alice',
          act: 'logoff',
          outcome: 'ended',
          namedBy: 'user',
          steps: [{ step: 'logoff' }, {}],
        },
      ],
      errors: [],
    });
  });
});

test('--csv has a line for each outcome', async () => {
  const { out } = await act('logoff alice bob --yes --csv');
  expect(out.split('\n').map((line) => line.split(',').slice(0, 7).join(' '))).toEqual([
    'host id name user domain act outcome',
    'ssh://a 10 :10 alice  logoff ended',
    'ssh://a 11 :11 bob  logoff ended',
    '',
  ]);
});

describe('a session', () => {
  test('that was named by its id is confirmed by its user’s name', async () => {
    const anna = person('alice');
    const { code, estate } = await act('logoff 10', {}, { terminal: anna });
    expect([code, actsIn(estate), anna.asked[0]]).toEqual([
      0,
      ['logoff alice'],
      expect.stringMatching(/10 of ssh:\/\/a is alice's/) as string,
    ]);
  });

  test.each(['yes', '', null])('that was named by its id is left alone when the answer is %s', async (answer) => {
    const { code, estate } = await act('logoff 10', {}, { terminal: person(answer) });
    expect([code, actsIn(estate)]).toEqual([4, []]);
  });

  test.each(['logoff alice', 'logoff 10 --yes', 'logoff 10 --expect-user alice'])(
    'is not asked about with %s',
    async (line) => {
      const anna = person('no');
      const { code } = await act(line, {}, { terminal: anna });
      expect([code, anna.asked]).toEqual([0, []]);
    },
  );

  test('that was named by its id in a pipe is acted on, and said to be unguarded', async () => {
    const { code, err } = await act('logoff 10');
    expect([code, err]).toEqual([0, expect.stringMatching(/an id or name alone guards nothing/) as string]);
  });

  test('of another user than --expect-user is left alone', async () => {
    const { code, err, estate } = await act('logoff 11 --expect-user alice');
    expect([code, actsIn(estate), err]).toEqual([4, [], expect.stringMatching(/is bob's and not alice's/) as string]);
  });

  test('of another user than --expect-user is a row of the document, and so are those left alone with it', async () => {
    const { code, out, estate } = await act('logoff 10 11 --expect-user alice --yes --json');
    expect([code, actsIn(estate), JSON.parse(out)]).toMatchObject([
      4,
      [],
      {
        acts: [
          { id: 10, outcome: 'not_allowed' },
          { id: 11, outcome: 'session_changed' },
        ],
        errors: [],
      },
    ]);
  });
});

describe('several sessions', () => {
  test('are shown, asked about once by their number, and summed up', async () => {
    const anna = person('3');
    const { code, err, estate } = await act('logoff --user *', {}, { terminal: anna });
    expect([code, anna.asked, actsIn(estate).length]).toEqual([0, ['To log off these 3 sessions, type 3: '], 3]);
    expect(err).toMatch(/LIKELY TO HOLD DOCUMENTS\n.*alice.*soffice\.bin/);
    expect(err).toMatch(/3 sessions: 3 done\n$/);
  });

  test('are left alone when the number is wrong', async () => {
    const { code, estate } = await act('logoff --user *', {}, { terminal: person('y') });
    expect([code, actsIn(estate)]).toEqual([4, []]);
  });

  test('need --yes in a pipe', async () => {
    const { code, estate, err } = await act('logoff alice bob');
    expect([code, actsIn(estate), err]).toEqual([2, [], expect.stringMatching(/say --yes/) as string]);
  });

  test('of which some fail exit with 1', async () => {
    const onAct: HostPlan['onAct'] = (_, { user }) => (user === 'bob' ? 'hangs' : 'ends');
    const { code, out, err } = await act('logoff alice bob --yes', { onAct });
    expect([code, err]).toEqual([1, expect.stringMatching(/2 sessions: 1 done, 1 not/) as string]);
    expect(out).toMatch(/bob {2}failed/);
  });

  test('more than the ceiling are shown and refused', async () => {
    const { code, err, estate } = await act('logoff --user * --at-most 2 --yes');
    expect([code, actsIn(estate)]).toEqual([4, []]);
    expect(err).toMatch(/ssh:\/\/a +12 +carol [^]*3 sessions were chosen, and at most 2 are acted on at once/);
  });

  test('more than the ceiling can be looked at with --dry-run, which says what they need', async () => {
    const { code, out, err } = await act('logoff --user * --at-most 2 --dry-run');
    expect([code, out.match(/^ssh:\/\/a /gm)?.length, err]).toEqual([
      4,
      3,
      expect.stringMatching(/say --at-most 3\n$/),
    ]);
  });

  test.each(['--yes', '--dry-run'])(
    'more than the ceiling are rows of the document with %s, beside the reason',
    async (option) => {
      const { code, out, estate } = await act(`logoff --user * --at-most 2 ${option} --json`);
      expect([code, actsIn(estate)]).toEqual([4, []]);
      expect(JSON.parse(out)).toMatchObject({ acts: [{}, {}, {}], errors: [{ code: 'not_allowed' }] });
    },
  );

  test('more than the ceiling are shown without asking the hosts what runs in each', async () => {
    const onProcesses = vi.fn<() => null>(() => null);
    await act('logoff --user * --at-most 2 --yes', { onProcesses });
    expect(onProcesses).not.toHaveBeenCalled();
  });

  test.each([
    ['logoff', 'no session is named'],
    ['logoff alice --user bob', 'not by both'],
    ['logoff alice --at-most none', '--at-most takes a number'],
    ['kill alice', 'one of --pid'],
    ['kill alice --all --logon-process', 'one of --pid'],
    ['kill alice --pid x', '--pid takes a process id'],
    ['end alice --times often', '--times takes a number'],
    ['message alice hi --ask nothing', '--ask takes one of'],
    ['message alice hi --wait 0s', '--wait must be longer'],
  ])('%s is wrong use, and nothing is done', async (line, why) => {
    const { code, err, estate } = await act(line);
    expect([code, actsIn(estate), err]).toEqual([2, [], expect.stringContaining(why) as string]);
  });
});

describe('a session that a filter chose', () => {
  const away = [aSession({ host: 'ssh://a', id: 10, user: 'alice', state: 'disconnected', idleFor: seconds(9000) })];
  const back: HostPlan['onLook'] = (session) => ({ ...session, state: 'active' });

  test.each(['logoff', 'reset', 'kill --all', 'end --warn 0s'])(
    'for being away is left alone by %s when its user has come back meanwhile',
    async (line) => {
      const words = `${line} --state disconnected --idle-over 2h --yes`;
      const { code, err, estate } = await act(words, { readings: [away], onLook: back });
      expect([code, actsIn(estate), err]).toEqual([4, [], expect.stringMatching(/it is active now/) as string]);
    },
  );

  test('by its user alone is acted on whatever its state', async () => {
    const { code, estate } = await act('logoff --user alice --yes', { readings: [away], onLook: back });
    expect([code, actsIn(estate)]).toEqual([0, ['logoff alice']]);
  });
});

describe('a user’s name, where a host could not be searched,', () => {
  const failure = new UsherError({ code: 'unreachable', message: 'nothing listens' });
  const hosts = {
    'ssh://a': { readings: [[aSession({ host: 'ssh://a', id: 10, user: 'alice' })]] },
    'ssh://b': { failure },
  };
  const words = ['reset', 'alice', '-s', 'ssh://a', '-s', 'ssh://b'];

  test('is not enough in a pipe', async () => {
    const { code, estate } = await usher(words, { hosts, clock: new RunningClock() });
    expect([code, actsIn(estate)]).toEqual([2, []]);
  });

  test('is confirmed on a terminal', async () => {
    const anna = person('no');
    const { code, estate } = await usher(words, { hosts, clock: new RunningClock(), terminal: anna });
    expect([code, actsIn(estate), anna.asked.length]).toEqual([4, [], 1]);
  });
});

test('a pid is of one session', async () => {
  const { code, estate } = await act('kill alice bob --pid 900 --yes');
  expect([code, actsIn(estate)]).toEqual([2, []]);
});

test('the document of an act says of each simulated host that was acted on that nobody works there', async () => {
  const inventory = new URL('../testing/simulated.yaml', import.meta.url).pathname;
  const alice = aSession({ host: 'full', id: 10, user: 'alice' });
  const bob = aSession({ host: 'full', id: 11, user: 'bob' });
  const { out } = await usher(`disconnect full:10 full:11 --yes --json --inventory ${inventory}`, {
    hosts: { full: { readings: [[alice, bob]] } },
    clock: new RunningClock(),
  });
  expect(JSON.parse(out)).toMatchObject({
    acts: [{ outcome: 'disconnected' }, { outcome: 'disconnected' }],
    notes: [{ host: 'full', code: 'simulated', message: 'a simulated host: nobody works there' }],
  });
  expect(JSON.parse((await act('disconnect alice --json')).out)).toMatchObject({ notes: [] });
});
