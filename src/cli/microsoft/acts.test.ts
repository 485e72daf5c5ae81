import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../../fleet/testing/estate.ts';
import type { Message } from '../../hosts/message.ts';
import { UsherError } from '../../sessions/errors.ts';
import { keyOf, type WindowsLogonIdentity } from '../../sessions/identity.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { Session } from '../../sessions/session.ts';
import { aSession } from '../../sessions/testing/session.ts';
import { act, actsIn, person, sessions, writer } from '../testing/acting.ts';
import { RunningClock } from '../testing/running-clock.ts';
import { aHome, type Setting, usher } from '../testing/usher.ts';

describe('Microsoft’s name for an act', () => {
  test.each([
    ['tsdiscon 10', 'disconnect alice'],
    ['tsdiscon :10 /v', 'disconnect alice'],
    ['tsdiscon /V alice', 'disconnect alice'],
    ['rwinsta 11', 'reset bob'],
    ['reset session 11', 'reset bob'],
    ['reset SESSION 11 /v', 'reset bob'],
    ['logoff 12 /v', 'logoff carol'],
    ['logoff /V 12', 'logoff carol'],
    ['logoff carol', 'logoff carol'],
  ])('%s does it', async (line, done) => {
    const { code, estate } = await act(line);
    expect([code, actsIn(estate)]).toEqual([0, [done]]);
  });

  test.each(['logoff 10 /server:ssh://a', '/server:ssh://a reset session 10', 'rwinsta /SERVER:ssh://a 10'])(
    '%s is on that host',
    async (line) => {
      const words = line.startsWith('/')
        ? line.split(' ').slice(1).concat(line.split(' ').slice(0, 1))
        : line.split(' ');
      const { code, estate } = await usher(words, {
        hosts: { 'ssh://a': { readings: [sessions] } },
        clock: new RunningClock(),
      });
      expect([code, actsIn(estate).length]).toEqual([0, 1]);
    },
  );

  test.each([
    ['tsdiscon', 'no session is named, and there is no current one'],
    ['rwinsta /v', 'no session is named, and there is no current one'],
    ['logoff /v', 'no session is named, and there is no current one'],
    ['logoff', 'no session is named, and there is no current one'],
    ['tsdiscon 10 11', "'11' is one argument too many"],
    ['reset session 10 11', "'11' is one argument too many"],
    ['logoff 10 /x', 'logoff has no switch /x; usage: usher logoff {'],
    ['tsdiscon 10 /server', '/server takes a value'],
    ['rwinsta 10 /password:hunter2', 'a password is never taken as an argument'],
  ])('%s is wrong use, and nothing is done', async (line, why) => {
    const { code, err, estate } = await act(line);
    expect([code, actsIn(estate), err]).toEqual([2, [], expect.stringContaining(why)]);
    expect(err).not.toContain('hunter2');
  });

  test('is guarded as Usher’s own is', async () => {
    const { code, err, estate } = await act('tsdiscon 10 --expect-user bob');
    expect([code, actsIn(estate), err]).toEqual([4, [], expect.stringContaining('session changed')]);
  });

  test('has the same document', async () => {
    const { out } = await act('rwinsta 10 --json');
    expect(JSON.parse(out)).toMatchObject({ acts: [{ id: 10, act: 'reset', outcome: 'ended' }], errors: [] });
  });

  test('reset session alone names a session', async () => {
    const { code, err } = await act('reset session');
    expect([code, err]).toEqual([2, expect.stringContaining("there is no session 'session'")]);
  });
});

describe('a user alone', () => {
  const bobs = aSession({ host: 'ssh://b', id: 10, user: 'bob' });
  const two = (line: string, hosts: Readonly<Record<string, HostPlan>>) =>
    usher(`${line} -s ssh://a -s ssh://b`, { hosts, clock: new RunningClock() });
  const onlyAt = { 'ssh://a': { readings: [sessions.slice(0, 1)] }, 'ssh://b': { readings: [[bobs]] } };

  test('is shown where it was found, and taken', async () => {
    const { code, err, estate } = await two('tsdiscon bob', onlyAt);
    expect([code, actsIn(estate)]).toEqual([0, ['disconnect bob']]);
    expect(err.split('\n')[0]).toBe('ssh://b: bob has session 10 there');
  });

  test('with several sessions is not guessed: they are listed', async () => {
    const both = { ...onlyAt, 'ssh://a': { readings: [sessions] } };
    const { code, err, estate } = await two('tsdiscon bob', both);
    expect([code, actsIn(estate)]).toEqual([2, []]);
    expect(err).toContain("'bob' means 2 sessions: ssh://a 11 (bob, active), ssh://b 10 (bob, active)");
  });
});

describe('msg', () => {
  /** The messages that a command line shows, and what came of it. */
  async function sent(words: readonly string[], more: Partial<Setting> = {}, plan: Partial<HostPlan> = {}) {
    const messages: Message[] = [];
    const onMessage: HostPlan['onMessage'] = (message) => {
      messages.push(message);
      return plan.onMessage?.(message, sessions[0] as Session) ?? { kind: 'timed-out' };
    };
    return { messages, ...(await act(words, { ...plan, onMessage }, more)) };
  }

  test.each([
    ['the words that follow', 'msg alice Please save your work', 'Please save your work', 60],
    ['what is not a switch of its', 'msg alice /time:30 see /etc/motd', 'see /etc/motd', 30],
    ['switches anywhere', 'msg /V alice Hello /TIME:5 there /w', 'Hello there', 5],
  ])('shows %s', async (_what, line, text, stays) => {
    const { code, messages } = await sent(line.split(' '));
    expect([code, messages]).toMatchObject([0, [{ text, stays, buttons: [{ label: 'OK' }] }]]);
  });

  test('takes its text from standard input', async () => {
    const { messages } = await sent(['msg', '10'], { input: 'Please save\nyour work.\n\n' });
    expect(messages).toMatchObject([{ text: 'Please save\nyour work.' }]);
  });

  test('asks a terminal for its text', async () => {
    const anna = person('Hello');
    const { messages } = await sent(['msg', 'alice'], { terminal: anna });
    expect([anna.asked, messages]).toMatchObject([['Message: '], [{ text: 'Hello' }]]);
  });

  test('says the answer that it waited for', async () => {
    const onMessage: HostPlan['onMessage'] = () => ({ kind: 'answered', answer: 'ok' });
    const { code, out } = await sent(['msg', 'alice', '/w', 'Hello'], {}, { onMessage });
    expect([code, out]).toEqual([0, 'ssh://a 10 alice  answered ok\n']);
  });

  test('* goes to everybody who is there, once --yes says so', async () => {
    const readings = [[...sessions, aSession({ host: 'ssh://a', id: 20, user: 'dora', state: 'disconnected' })]];
    const { code, estate } = await sent(['msg', '*', 'Hello', '--yes'], {}, { readings });
    expect([code, actsIn(estate)]).toEqual([0, ['message alice', 'message bob', 'message carol']]);
  });

  test.each([null, person('3')])('* without --yes is wrong use', async (terminal) => {
    const { code, err, estate } = await sent(['msg', '*', 'Hello'], { terminal });
    expect([code, actsIn(estate), err]).toEqual([2, [], expect.stringMatching(/say --yes, or look first/)]);
  });

  test('* can be looked at with --dry-run', async () => {
    const { code, out, estate } = await sent(['msg', '*', 'Hello', '--dry-run']);
    expect([code, actsIn(estate), out]).toEqual([0, [], expect.stringContaining('show "Hello" with OK')]);
  });

  test('goes to those that a file names', async () => {
    await using home = await aHome();
    const file = path.join(home.path, 'names');
    await writeFile(file, '\ufeffalice\r\n\r\n  11 \r\n');
    const { code, estate } = await sent(['msg', `@${file}`, 'Hello', '--yes']);
    expect([code, actsIn(estate)]).toEqual([0, ['message alice', 'message bob']]);
  });

  test.each([
    ['that is not there', null, 'ENOENT'],
    ['that names nobody', '\n', 'it names nobody'],
    ['that names too many', 'alice\n'.repeat(1001), 'it names more than 1000'],
    ['that is too large', ' '.repeat(65_537), 'it is larger than 65536 bytes'],
  ])('does not use a file %s', async (_what, text, why) => {
    await using home = await aHome();
    const file = path.join(home.path, 'names');
    if (text !== null) await writeFile(file, text);
    const { code, err, estate } = await sent(['msg', `@${file}`, 'Hello']);
    expect([code, actsIn(estate), err]).toEqual([2, [], expect.stringContaining(why)]);
  });

  test.each([
    ['msg', 'nobody is named'],
    ['msg alice', 'the message has no text'],
    ['msg alice /time:0 Hello', '/time takes a number from 1 to'],
    ['msg alice /time:soon Hello', '/time takes a number from 1 to'],
    ['msg alice /x Hello', 'msg has no switch /x; usage: usher msg {USERNAME'],
  ])('%s is wrong use', async (line, why) => {
    const { code, err, estate } = await sent(line.split(' '));
    expect([code, actsIn(estate), err]).toEqual([2, [], expect.stringContaining(why)]);
  });
});

describe('msg to a Windows host', () => {
  const host = String.raw`windows://CORP\anna@ts01`;
  const identity: WindowsLogonIdentity = {
    kind: 'windows-logon',
    host,
    boot: '134000000000000000',
    sessionId: 3,
    logonTime: '134000000000000001',
    account: String.raw`CORP\alice`,
  };
  const alice = aSession({
    host,
    id: 3,
    name: 'RDP-Tcp#3',
    user: 'alice',
    domain: 'CORP',
    identity,
    key: keyOf(identity),
  });
  /** Its message is on the screen until somebody waits no more. */
  const send = (line: string, state: Session['state'] = 'active') =>
    usher(`${line} -s ${host}`, {
      hosts: { [host]: { readings: [[{ ...alice, state }]], keepsMessages: true } },
      clock: new RunningClock(),
    });

  test('is not waited for', async () => {
    expect(await send('msg alice Hello')).toMatchObject({
      code: 0,
      out: expect.stringContaining('shown: it stays on the screen until its time is over') as string,
    });
  });

  test('is unseen where no client is connected', async () => {
    expect((await send('msg alice Hello', 'disconnected')).code).toBe(1);
  });
});

describe('tskill', () => {
  const program = (pid: number, name: string): SessionProcess => ({ ...writer, pid, name, start: `${pid}00` });
  const processes = [program(900, 'soffice.bin'), program(901, 'soffice.bin'), program(902, 'xclock')];
  const one = [[aSession({ host: 'ssh://a', id: 10, user: 'alice' })]];
  const kill = (line: string, plan: Partial<HostPlan> = {}, more: Partial<Setting> = {}) =>
    act(line, { readings: one, processes, ...plan }, more);

  test.each([
    ['a pid', 'tskill 902', 1],
    ['a pid in its session', 'tskill 902 /id:10 /v', 1],
    ['all of a name in a session', 'tskill soffice.bin /ID:10', 2],
    ['a pattern', 'tskill SOFF* /id:10', 2],
    ['all of a name in all sessions', 'tskill soffice.bin /a --yes', 2],
  ])('kills %s', async (_what, line, kills) => {
    const { code, out, estate } = await kill(line);
    expect([code, actsIn(estate).length, out]).toEqual([
      0,
      kills,
      expect.stringMatching(/killed: .* is gone, re-read/),
    ]);
  });

  test('shows and asks before it kills in all sessions', async () => {
    const anna = person('3');
    const { code, err } = await kill('tskill soffice.bin /a', { readings: [sessions] }, { terminal: anna });
    expect(anna.asked).toEqual(['To kill 6 processes of these 3 sessions, type 3: ']);
    expect([code, err]).toEqual([0, expect.stringContaining('LIKELY TO HOLD DOCUMENTS')]);
  });

  test('needs --yes for all sessions in a pipe', async () => {
    const { code, estate } = await kill('tskill soffice.bin /a');
    expect([code, actsIn(estate)]).toEqual([2, []]);
  });

  test('says with --dry-run what it would kill', async () => {
    const { code, out, estate } = await kill('tskill soffice.bin /id:10 --dry-run');
    expect([code, actsIn(estate), out]).toEqual([
      0,
      [],
      expect.stringContaining('kill soffice.bin 900, soffice.bin 901, then read again'),
    ]);
  });

  test('fails where some of them are left', async () => {
    let acts = 0;
    const onAct: HostPlan['onAct'] = () => ((acts += 1) === 1 ? 'loses-process' : 'hangs');
    const { code, err } = await kill('tskill soffice.bin /id:10', { onAct });
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/failed: soffice\.bin 900 is gone.*; soffice\.bin 901 is still there/),
    ]);
  });

  test('leaves a process alone that has another one’s pid by now', async () => {
    let read = 0;
    const onProcesses: HostPlan['onProcesses'] = () =>
      (read += 1) === 1 ? null : [{ ...program(902, 'xclock'), start: '99' }];
    const { code, err, estate } = await kill('tskill 902', { onProcesses });
    expect([code, actsIn(estate), err]).toEqual([4, [], expect.stringContaining('process 902 is another one by now')]);
  });

  test.each([
    ['tskill', 'no process is named'],
    ['tskill soffice.bin', 'there is no current session: say in which one soffice.bin is, /id:N, or /a'],
    ['tskill soffice.bin /id:10 /a', '/id and /a cannot be together'],
    ['tskill soffice.bin /id:x', '/id takes a number'],
    ['tskill 4', 'there is no process 4 in any session'],
    ['tskill 4', "list them: usher qprocess '*' /server:ssh://"],
    ['tskill nothing /id:10', "there is no process 'nothing' in session 10"],
    ['tskill nothing /id:11', 'there is no session 11 of a user'],
    ['tskill 902 -s ssh://b', 'a pid is of one host, and 2 are meant'],
    ['tskill xclock /id:10 -s ssh://b', 'an id is of one host, and 2 are meant'],
  ])('%s is wrong use, and nothing is killed', async (line, why) => {
    const { code, err, estate } = await kill(line);
    expect([code, actsIn(estate), err]).toEqual([2, [], expect.stringContaining(why)]);
  });

  test('asks whose session it is where a pid alone names it, whatever was listed', async () => {
    await using home = await aHome();
    const more = { env: { USHER_MEMORY: 'on' }, home: home.path };
    await act('qwinsta', { readings: one }, more);
    const anna = person('nobody');
    const { code, estate } = await kill('tskill 902', {}, { ...more, terminal: anna });
    expect(anna.asked).toEqual([expect.stringContaining("is alice's. To kill xclock 902 of this session, type")]);
    expect([code, actsIn(estate)]).toEqual([4, []]);
    const asked = person(null);
    const inSession = await kill('tskill 902 /id:10', {}, { ...more, terminal: asked });
    expect([inSession.code, asked.asked]).toEqual([0, []]);
  });

  test('leaves a process alone whose session was another one when it was listed', async () => {
    await using home = await aHome();
    const more = { env: { USHER_MEMORY: 'on' }, home: home.path };
    const bob = aSession({ host: 'ssh://a', id: 10, user: 'bob' });
    await act('qwinsta', { readings: [[{ ...bob, key: 'x1-another-session' }]] }, more);
    const { code, err, estate } = await kill('tskill 902', {}, more);
    expect([code, actsIn(estate), err]).toEqual([4, [], expect.stringContaining('id 10 was bob at 14:00, now alice')]);
  });

  test.each(['tskill 4', 'tskill nothing /a --yes'])(
    '%s: that nothing is there is not said of what is hidden',
    async (line) => {
      const { code, err } = await kill(line, { complete: false });
      expect([code, err]).toEqual([4, expect.stringContaining('not every process of session 10 can be seen')]);
    },
  );

  test('a host whose processes cannot be read is told', async () => {
    const onProcesses = () => new UsherError({ code: 'access_denied', message: 'not root' });
    const { code, err } = await kill('tskill 902', { onProcesses });
    expect([code, err]).toEqual([4, expect.stringContaining('not root')]);
  });
});
