import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { seconds } from '../sessions/duration.ts';
import type { SessionProcess } from '../sessions/process.ts';
import { aSession, readAt } from '../sessions/testing/session.ts';
import { act, actsIn, person, sessions, writer } from './testing/acting.ts';

describe('end', () => {
  test('warns, and ends when the time is over', async () => {
    const { code, err } = await act('end alice --warn 30s', { onMessage: () => ({ kind: 'closed' }) });
    expect(code).toBe(0);
    expect(err).toMatch(/warning: 30s left[\s\S]*its time was over \(30\.0 s\)[\s\S]*log-off/);
  });

  test('climbs with --force until the session is gone', async () => {
    const onAct: HostPlan['onAct'] = (step) => (step === 'kill-all' ? 'ends' : 'hangs');
    const { code, estate } = await act('end alice --warn 0s --force', { onAct });
    expect([code, actsIn(estate)]).toEqual([0, ['logoff alice', 'reset alice', 'kill-logon alice', 'kill-all alice']]);
  });

  test('does nothing more after Ctrl-C in the warning, and says so', async () => {
    const leaving = new AbortController();
    const onMessage: HostPlan['onMessage'] = () => {
      leaving.abort();
      return { kind: 'closed' };
    };
    const { code, err, estate } = await act('end alice', { onMessage }, { signal: leaving.signal });
    expect([code, actsIn(estate)]).toEqual([130, ['message alice']]);
    expect(err).toMatch(/cancelled: during the warning: nothing was done; the warning was taken back\n$/);
  });

  test.each([
    [{ kind: 'left' }, '; the warning stays on the screen until its time is over'],
    [{ kind: 'not-shown', why: 'no screen' }, ''],
  ] as const)('called off in a warning that comes to %o says no more than is known', async (outcome, said) => {
    const leaving = new AbortController();
    const onMessage: HostPlan['onMessage'] = () => (leaving.abort(), outcome);
    const { err } = await act('end alice', { onMessage }, { signal: leaving.signal });
    expect(err.slice(err.indexOf('cancelled'))).toBe(`cancelled: during the warning: nothing was done${said}\n`);
  });

  test('with --unless-back is called off by input', async () => {
    const idle = aSession({ host: 'ssh://a', id: 10, user: 'alice', lastInputAt: readAt.subtract({ minutes: 9 }) });
    let looks = 0;
    const onLook: HostPlan['onLook'] = (session) => {
      looks += 1;
      return looks < 3 ? session : { ...session, lastInputAt: readAt.add({ seconds: 4 }) };
    };
    const plan = { readings: [[idle]], onLook, onMessage: () => ({ kind: 'closed' }) as const };
    const { code, err, estate } = await act('end alice --unless-back', plan);
    expect([code, actsIn(estate)]).toEqual([1, ['message alice']]);
    expect(err).toMatch(/came back: its user gave input/);
  });

  test('with --unless-back has the host compare that nobody has connected again', async () => {
    const away = aSession({ host: 'ssh://a', id: 10, user: 'alice', state: 'disconnected' });
    const reasons: unknown[] = [];
    const onAct: HostPlan['onAct'] = (step, _session, reason) => (reasons.push([step, reason?.state]), 'ends');
    const { code } = await act('end alice --unless-back', { readings: [[away]], onAct });
    expect([code, reasons]).toEqual([0, [['logoff', 'disconnected']]]);
  });

  test('does not warn where nobody is connected, and says so', async () => {
    const away = aSession({ host: 'ssh://a', id: 10, user: 'alice', state: 'disconnected' });
    const { code, err, estate } = await act('end alice', { readings: [[away]] });
    expect([code, actsIn(estate)]).toEqual([0, ['logoff alice']]);
    expect(err).toMatch(/alice {2}warning: passed over: no client is connected\n/);
    const { out } = await act('end alice --json', { readings: [[away]] });
    expect(JSON.parse(out)).toMatchObject({
      acts: [
        {
          steps: [
            { step: 'warn', result: 'passed over: no client is connected' },
            { step: 'logoff' },
            { step: 'logoff' },
          ],
        },
      ],
    });
  });

  test('of a session whose warning was not asked for does not tell of one', async () => {
    const away = aSession({ host: 'ssh://a', id: 10, user: 'alice', state: 'disconnected' });
    const { err } = await act('end alice --warn 0s', { readings: [[away]] });
    expect(err).not.toContain('warning');
  });

  test('without --force stops after the log-off, and names what is left', async () => {
    const { code, err, estate } = await act('end alice --warn 0s', { onAct: () => 'hangs' });
    expect([code, actsIn(estate)]).toEqual([1, ['logoff alice']]);
    expect(err).toMatch(
      /alice {2}failed: log-off: it is still there, with soffice\.bin 900; `usher end x1-\S+ --force` goes on until it is gone\n$/,
    );
  });

  describe('on a session that hangs', () => {
    const program = (pid: number, name: string, more: Partial<SessionProcess>): SessionProcess => ({
      ...writer,
      pid,
      name,
      state: 'stopped',
      ...more,
    });
    const hanging = (line: string, processes: readonly SessionProcess[]) => {
      const readings = [[aSession({ host: 'ts01', id: 10, user: 'alice' })]];
      return act(line, { readings, processes, onAct: () => 'hangs' });
    };

    test('names its stopped program, and says by which command it alone is ended', async () => {
      const { err } = await hanging('end alice --warn 0s', [writer, program(901, 'xfwm4', { role: 'window-manager' })]);
      expect(err.slice(err.indexOf('failed'))).toBe(
        'failed: log-off: it is still there: xfwm4 901 (stopped: hears nothing until it is continued), beside soffice.bin 900; ' +
          '`usher end ts01:10 --expect-user alice --force` goes on until it is gone; ' +
          '`usher kill ts01:10 --expect-user alice --pid 901` ends xfwm4 901 alone\n',
      );
    });

    test.each(['x-server', 'leader', 'system'] as const)('offers no kill of a stopped %s', async (role) => {
      const { err } = await hanging('logoff alice', [program(1, 'part', { role })]);
      expect(err).toMatch(
        /still there: part 1 \(stopped[^;]*; `usher end ts01:10 --expect-user alice --force` goes on until it is gone\n$/,
      );
    });

    test('offers nothing after the last step of force', async () => {
      const { err } = await hanging('kill alice --all', [writer]);
      expect(err).toMatch(/failed: kill of all that is left: it is still there, with soffice\.bin 900\n$/);
    });

    test('advises no kill where it was only to be disconnected', async () => {
      const { err } = await hanging('disconnect alice', [program(901, 'vim', {})]);
      expect(err).toMatch(/failed: disconnect: a client is still connected\n$/);
    });
  });

  test('does nothing where input would call it off and cannot be seen, and advises no force', async () => {
    const readings = [[aSession({ host: 'ssh://a', id: 10, user: 'alice', lastInputAt: null })]];
    const { code, out, estate } = await act('end alice --unless-back --warn 5s --json', {
      readings,
      onMessage: () => ({ kind: 'closed' }),
    });
    expect([code, actsIn(estate)]).toEqual([4, ['message alice']]);
    expect(JSON.parse(out)).toMatchObject({
      acts: [{ outcome: 'not_allowed', hint: null, steps: [{ step: 'warn', result: 'its time was over' }] }],
    });
  });

  test('chosen for idleness tells in --dry-run that input calls it off', async () => {
    const readings = [sessions.map((one) => ({ ...one, idleFor: seconds(9000) }))];
    const { out } = await act('end --user alice --idle-over 2h --dry-run', { readings });
    expect(out).toMatch(/log-off; called off when its user gives input before that;/);
  });

  test('says that it passes over the kill of a logon process that has ended already', async () => {
    const { code, err, estate } = await act('end alice --warn 0s --force', {
      onAct: (step) => (step === 'reset' ? 'leaves' : step === 'logoff' ? 'hangs' : 'ends'),
    });
    expect([code, actsIn(estate)]).toEqual([0, ['logoff alice', 'reset alice', 'kill-all alice']]);
    expect(err).toMatch(/kill of the logon process: passed over: the session itself has ended already\n/);
  });

  test('with --dry-run says for whom it warns, why, and what would call it off', async () => {
    const readings = [sessions.map((one) => (one.user === 'bob' ? { ...one, state: 'disconnected' as const } : one))];
    const words = ['end', 'alice', 'bob', '--dry-run', '--unless-back', '--reason', 'Updates.'];
    const { out } = await act(words, { readings });
    expect(out.slice(out.indexOf('Nothing'))).toBe(
      [
        'Nothing was done. It would:',
        '  ssh://a 10 alice: warn its user for 5m 00s ("Updates."), who may ask for 5m 00s more, then log-off; called off when its user gives input before that; each step verified by reading again',
        '  ssh://a 11 bob: not warn, since no client is connected: log-off; called off when its user connects again before that; each step verified by reading again',
        '',
      ].join('\n'),
    );
  });

  test('says now, and is done at once, when the user does', async () => {
    const onMessage: HostPlan['onMessage'] = () => ({ kind: 'answered', answer: 'now' });
    const { code, err } = await act('end alice', { onMessage });
    expect([code, err]).toEqual([0, expect.stringMatching(/warning: answered: now\n/) as string]);
  });

  test('grants more time as often as --times says', async () => {
    const offered: unknown[] = [];
    const onMessage: HostPlan['onMessage'] = ({ buttons }) => {
      offered.push(buttons[0].label);
      return { kind: 'answered', answer: buttons[0].answer };
    };
    const { code } = await act('end alice --warn 1m --extend 10m --times 2', { onMessage });
    expect([code, offered]).toEqual([0, ['10 minutes more', '10 minutes more', 'OK']]);
  });

  test.each([
    ['10s', [], '10 seconds more'],
    ['1h', [], '5 minutes more'],
    ['10s', ['--extend', '1m'], '1 minute more'],
  ])('after a warning of %s %j offers %s', async (warn, more, label) => {
    const offered: string[] = [];
    const onMessage: HostPlan['onMessage'] = ({ buttons }) => {
      offered.push(buttons[0].label);
      return { kind: 'closed' };
    };
    await act(['end', 'alice', '--warn', warn, ...more], { onMessage });
    expect(offered).toEqual([label]);
  });

  test('tells how much time was taken', async () => {
    let asked = 0;
    const onMessage: HostPlan['onMessage'] = () => {
      asked += 1;
      return asked === 1 ? { kind: 'answered', answer: 'later' } : { kind: 'closed' };
    };
    const { err } = await act('end alice --warn 1m', { onMessage });
    expect(err).toMatch(/warning: answered: 1m 00s more\n/);
  });

  test('tells the user why', async () => {
    const texts: string[] = [];
    const onMessage: HostPlan['onMessage'] = ({ text }) => (texts.push(text), { kind: 'closed' });
    await act(['end', 'alice', '--warn', '5s', '--reason', 'Updates at noon.'], { onMessage });
    expect(texts).toEqual([
      'Your administrator is going to end your session on ssh://a.\n\nUpdates at noon.\n\nPlease save your work.',
    ]);
  });

  test.each([
    ['a reason of 501 characters', ['--reason', 'x'.repeat(501)]],
    ['--times 100', ['--times', '100']],
    ['--warn soon', ['--warn', 'soon']],
    ['--patience 0s', ['--patience', '0s']],
  ])('with %s is wrong use, and no host is asked', async (_what, words) => {
    const { code, estate } = await act(['end', 'alice', ...words]);
    expect([code, estate.events]).toEqual([2, []]);
  });

  test('asks for several with its force named', async () => {
    const anna = person('2');
    await act('end alice bob --warn 0s --force', {}, { terminal: anna });
    expect(anna.asked).toEqual(['To end, with force, these 2 sessions, type 2: ']);
  });

  test('tells before the question how long it warns and what may be asked for', async () => {
    const { err } = await act('end alice bob --warn 20s', {}, { terminal: person('no') });
    expect(err).toMatch(/\nIt will: warn its user for 20s, who may ask for 20s more, then log-off; /);
  });
});
