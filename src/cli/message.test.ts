import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import { act, actsIn, sessions } from './testing/acting.ts';

describe('message', () => {
  const say = (plan: Partial<HostPlan>, ...words: readonly string[]) =>
    act(['message', 'alice', 'May I?', ...words], plan);

  test('prints the answer', async () => {
    const { code, out } = await say(
      { onMessage: ({ buttons }) => ({ kind: 'answered', answer: buttons[1]?.answer ?? '' }) },
      '--ask',
      'yes-no',
    );
    expect([code, out]).toEqual([0, 'ssh://a 10 alice  answered no\n']);
  });

  test.each([
    [{ kind: 'timed-out' }, 0, 'shown: nobody answered in time'],
    [{ kind: 'closed' }, 0, 'shown: the user closed it'],
    [{ kind: 'unseen' }, 1, 'unseen: '],
    [{ kind: 'not-shown', why: 'no screen' }, 1, 'not shown: no screen'],
  ] as const)('that comes to %o exits with %i', async (outcome, status, said) => {
    const { code, out, err } = await say({ onMessage: () => outcome });
    expect([code, out + err]).toEqual([status, expect.stringContaining(said) as string]);
  });

  test.each([{ kind: 'timed-out' }, { kind: 'closed' }, { kind: 'left' }] as const)(
    'that asks, and comes to %o, is unanswered and exits with 1',
    async (outcome) => {
      const { code, err } = await say({ onMessage: () => outcome }, '--ask', 'yes-no');
      expect([code, err]).toEqual([1, expect.stringMatching(/alice {2}unanswered: /) as string]);
    },
  );

  test('gives its text, title and time to the host', async () => {
    const seen: unknown[] = [];
    const onMessage: HostPlan['onMessage'] = (message) => (seen.push(message), { kind: 'closed' });
    await say({ onMessage }, '--title', 'Hello', '--wait', '90s');
    expect(seen).toEqual([
      { title: 'Hello', text: 'May I?', stays: seconds(90), countdown: null, buttons: [{ answer: 'ok', label: 'OK' }] },
    ]);
  });

  test('is on the screen until it is taken back with Ctrl-C', async () => {
    const leaving = new AbortController();
    const onMessage: HostPlan['onMessage'] = () => (leaving.abort(), { kind: 'closed' });
    const { code, err } = await act(['message', 'alice', 'Hi'], { onMessage }, { signal: leaving.signal });
    expect([code, err]).toEqual([130, expect.stringMatching(/cancelled: taken back\n$/) as string]);
  });

  test('says by what it is shown', async () => {
    const { err } = await say({});
    expect(err).toBe('14:00:00  ssh://a 10 alice  on the screen (an imagined screen)\n');
  });

  test('to a session without a client is never said to be on the screen', async () => {
    const readings = [sessions.map((one) => ({ ...one, state: 'disconnected' as const }))];
    const { err } = await say({ readings, onMessage: () => ({ kind: 'unseen' }) });
    expect(err.split('\n')[0]).toBe(
      '14:00:00  ssh://a 10 alice  on the desktop, where no client is connected (an imagined screen)',
    );
  });

  test('to a session whose client cannot be seen is said to be on the desktop', async () => {
    const { err } = await say({ readings: [sessions.map((one) => ({ ...one, state: null }))] });
    expect(err).toBe('14:00:00  ssh://a 10 alice  on the desktop (an imagined screen)\n');
  });

  test('of one word alone says that a session and a text are needed', async () => {
    const { code, err } = await act('message alice');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/there is only 'alice': a message takes a session and a text; /),
    ]);
  });

  test('has its answer in the document with --json', async () => {
    const { out, err } = await say({}, '--ask', 'yes-no', '--json');
    expect(JSON.parse(out)).toMatchObject({
      acts: [{ act: 'message', outcome: 'answered', answer: 'yes' }],
      errors: [],
    });
    expect(err).toBe('');
  });

  test('to several gets an answer from each, and fails in part where one did not see it', async () => {
    const onMessage: HostPlan['onMessage'] = (_, { user }) =>
      user === 'bob' ? { kind: 'unseen' } : { kind: 'answered', answer: 'ok' };
    const { code, out, err } = await act(['message', 'alice', 'bob', 'Hi', '--yes'], { onMessage });
    expect([code, out]).toEqual([
      1,
      'ssh://a 10 alice  answered ok\nssh://a 11 bob  unseen: it was on the desktop, but no client was connected to see it\n',
    ]);
    expect(err).toMatch(/2 sessions: 1 done, 1 not\n$/);
  });

  test('to a session that is another one by now is not shown, and exits with 4', async () => {
    const onAct = () => new UsherError({ code: 'session_changed', message: 'another one: nothing was shown' });
    const { code, err } = await say({ onMessage: onAct });
    expect([code, err]).toEqual([4, 'ssh://a 10 alice  session changed: another one: nothing was shown\n']);
  });

  test('of a connection that is lost is unknown, and exits with 3', async () => {
    const { code } = await say({ onMessage: () => new UsherError({ code: 'connection_lost', message: 'it ended' }) });
    expect(code).toBe(3);
  });

  test.each([
    ['no text at all', []],
    ['a text of blanks', ['alice', '  ']],
    ['a text of 2001 characters', ['alice', 'x'.repeat(2001)]],
    ['a title of 101 characters', ['alice', 'Hi', '--title', 'x'.repeat(101)]],
    ['a text and no session', ['Hi']],
  ])('with %s is wrong use, and no host is asked', async (_what, words) => {
    const { code, estate } = await act(['message', ...words]);
    expect([code, estate.events]).toEqual([2, []]);
  });

  test('of 2000 characters is shown', async () => {
    const { code, estate } = await act(['message', 'alice', 'x'.repeat(2000)]);
    expect([code, actsIn(estate)]).toEqual([0, ['message alice']]);
  });

  test('with --dry-run is told and not shown', async () => {
    const { code, out, estate } = await say({}, '--ask', 'yes-no', '--dry-run');
    expect([code, actsIn(estate)]).toEqual([0, []]);
    expect(out).toMatch(/Nothing was done\. It would: show "May I\?" with Yes, No\.\n$/);
  });

  test('has its text named in the help', async () => {
    expect((await act('message --help')).out).toMatch(/^Usage: usher message \[options\] \[session\.\.\.\] <text>\n/);
  });
});

test('Ctrl-C before it is on the screen cancels it', async () => {
  const leaving = new AbortController();
  const onMessage = () => {
    leaving.abort();
    return { kind: 'not-shown', why: 'it was called off before it was shown' } as const;
  };
  const { code, err } = await act('message alice hello', { onMessage }, { signal: leaving.signal });
  expect([code, err]).toEqual([130, expect.stringContaining('cancelled: it was called off before it was shown')]);
});
