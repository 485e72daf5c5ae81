import { describe, expect, test } from 'vitest';
import type { Presence } from '../hosts/act.ts';
import { seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { SessionProcess } from '../sessions/process.ts';
import { aSession, readAt } from '../sessions/testing/session.ts';
import { type EndingPlan, stepsOfEnding } from './ladder/plan.ts';
import { type EndingRun, runEnding } from './run.ts';
import { HandClock } from './testing/hand-clock.ts';
import { type Script, type ScriptedHost, scriptedHost, type Turns } from './testing/scripted-host.ts';

const session = aSession({ id: 10, user: 'alice', lastInputAt: readAt.subtract({ minutes: 30 }) });
const there: Presence = { kind: 'there', readAt, session, traces: ['1010:5000'] };
const gone: Presence = { kind: 'gone', readAt };

const plan: EndingPlan = {
  steps: stepsOfEnding(false),
  because: 'asked',
  warn: null,
  extension: null,
  patience: seconds(10),
};
const warned: EndingPlan = { ...plan, warn: seconds(60) };

interface Scene {
  readonly host: ScriptedHost;
  readonly clock: HandClock;
  readonly cancel: AbortController;
  readonly told: readonly string[];
  readonly running: Promise<EndingRun>;
}

function start(script: Script, given: EndingPlan, ahead = 0, turn?: Turns): Scene {
  const host = scriptedHost(script, turn);
  const clock = new HandClock(readAt.subtract({ milliseconds: ahead }));
  const cancel = new AbortController();
  const told: string[] = [];
  const watcher = {
    turned: () => undefined,
    shown: (by: string) => void told.push(`shown by ${by}`),
    notShown: (why: string) => void told.push(why),
  };
  const request = { session, readAt, plan: given, warning: { title: 'Usher', text: 'maintenance' } };
  return { host, clock, cancel, told, running: runEnding(request, host, clock, watcher, cancel.signal) };
}

/** A host whose session is gone once an act was done. */
function obedient(more: Partial<Script> = {}): Script {
  let acted = false;
  return {
    presence: () => (acted ? gone : there),
    act: () => {
      acted = true;
      return { did: ['SIGTERM to openbox 1'] };
    },
    ...more,
  };
}

const outcomeOf = ({ ladder: { phase } }: EndingRun): unknown => (phase.kind === 'over' ? phase.outcome : phase.kind);

test('without a warning the session is logged off and read again', async () => {
  const { running, host, clock } = start(obedient(), plan);
  await clock.pass(1000);
  expect(outcomeOf(await running)).toMatchObject({ kind: 'ended', step: 'logoff' });
  expect(host.acts).toEqual(['logoff']);
});

test('what the host has no service for is refused, and not tried again', async () => {
  const act = (): never => {
    throw new UsherError({ code: 'unsupported', message: 'the host does not have this pipe' });
  };
  const { running, host, clock } = start(obedient({ act }), plan);
  await clock.pass(1000);
  expect(outcomeOf(await running)).toMatchObject({ kind: 'failed', step: 'logoff', refused: true });
  expect(host.acts).toEqual(['logoff']);
});

describe('an act whose answer was lost, and that is refused the second time', () => {
  const unlessBack: EndingPlan = { ...plan, because: 'disconnected' };
  const lost = new UsherError({ code: 'connection_lost', message: 'the connection broke' });
  const back = new UsherError({ code: 'session_changed', message: 'it is active now: nothing was done' });
  const startWith = (presence: () => Presence): Scene => {
    const answers = [lost, back];
    const act = (): never => {
      throw answers.shift() ?? back;
    };
    return start({ presence, act }, unlessBack);
  };

  test('is waited for as long as any, for it may be under way', async () => {
    let now: Presence = there;
    const { running, clock } = startWith(() => now);
    await clock.pass(5000);
    now = gone;
    await clock.pass(1000);
    expect(outcomeOf(await running)).toMatchObject({ kind: 'ended', step: 'logoff' });
  });

  test('is not called undone where the session stays', async () => {
    const { running, host, clock } = startWith(() => there);
    await clock.pass(30_000);
    const why = 'it is active now; whether what was tried before did anything was not seen';
    expect(outcomeOf(await running)).toEqual({ kind: 'session_changed', why });
    expect(host.acts).toEqual(['logoff', 'logoff']);
  });
});

describe('a warning', () => {
  test('is waited for, and taken back when its time is over', async () => {
    const { running, host, clock, told } = start(obedient(), warned);
    await clock.pass(59_000);
    expect(host.acts).toEqual([]);
    await clock.pass(2000);
    expect(outcomeOf(await running)).toMatchObject({ kind: 'ended' });
    expect([host.acts, host.takenBack(), told]).toEqual([['logoff'], 1, ['shown by a script']]);
  });

  test('answered with "now" ends the session at once', async () => {
    const answered = Promise.withResolvers<{ kind: 'answered'; answer: string }>();
    const { running, host, clock } = start(obedient({ message: () => answered.promise }), warned);
    await clock.pass(5000);
    answered.resolve({ kind: 'answered', answer: 'now' });
    await clock.pass(1000);
    expect(outcomeOf(await running)).toMatchObject({ kind: 'ended' });
    expect(host.acts).toEqual(['logoff']);
  });

  test('answered with "more time" is shown anew, as often as it is granted', async () => {
    const message = async () => ({ kind: 'answered', answer: 'later' }) as const;
    const extension = { by: seconds(300), times: 2 };
    const { running, host, clock } = start(obedient({ message }), { ...warned, extension });
    await clock.pass(60_000 + 2 * 300_000 - 1000);
    expect(host.acts).toEqual([]);
    await clock.pass(3000);
    expect(outcomeOf(await running)).toMatchObject({ kind: 'ended' });
    expect(host.messages.map(({ buttons }) => buttons[0].label)).toEqual(['5 minutes more', '5 minutes more', 'OK']);
  });

  test('that cannot be shown is told, and its time is waited for', async () => {
    const message = async () => ({ kind: 'not-shown', why: 'no program' }) as const;
    const { running, host, clock, told } = start(obedient({ message }), warned);
    await clock.pass(59_000);
    expect([host.acts, told]).toEqual([[], ['shown by a script', 'no program']]);
    await clock.pass(2000);
    expect(outcomeOf(await running)).toMatchObject({ kind: 'ended' });
  });

  test('is taken back on cancel, and nothing is done', async () => {
    const { running, host, clock, cancel } = start(obedient(), warned);
    await clock.pass(5000);
    cancel.abort();
    const ended = await running;
    expect(outcomeOf(ended)).toEqual({ kind: 'cancelled', during: 'the warning: nothing was done' });
    expect([host.acts, host.takenBack(), ended.calledOff]).toEqual([[], 1, 'taken-back']);
  });

  test('of a host that does not say whether it took it back is unknown after a while', async () => {
    const { running, clock, cancel } = start(obedient({ hears: false }), warned);
    await clock.pass(5000);
    cancel.abort();
    await clock.pass(6000);
    expect((await running).calledOff).toBe('unknown');
  });

  test('of an idle user ends with his input, though the host’s clock is an hour ahead', async () => {
    let lastInputAt = session.lastInputAt;
    const presence = (): Presence => ({ ...there, session: { ...session, lastInputAt } });
    const { running, host, clock } = start(obedient({ presence }), { ...warned, because: 'idle' }, 3_600_000);
    await clock.pass(5000);
    lastInputAt = readAt.add({ seconds: 5 });
    await clock.pass(5000);
    expect(outcomeOf(await running)).toMatchObject({ kind: 'came_back' });
    expect(host.acts).toEqual([]);
  });
});

test('a cancel waits for the answer of an act that is under way', async () => {
  const act = Promise.withResolvers<{ did: string[] }>();
  const { running, clock, cancel } = start({ presence: () => there, act: () => act.promise }, plan);
  await clock.pass(100);
  cancel.abort();
  await clock.pass(100);
  act.resolve({ did: ['SIGTERM'] });
  expect(outcomeOf(await running)).toMatchObject({
    kind: 'cancelled',
    during: expect.stringMatching(/^logoff/) as string,
  });
});

test('another session by now is left alone', async () => {
  const act = (): never => {
    throw new UsherError({ code: 'session_changed', message: 'it is another one: nothing was done' });
  };
  const { running, clock } = start({ presence: () => there, act }, plan);
  await clock.pass(100);
  expect(outcomeOf(await running)).toMatchObject({ kind: 'session_changed' });
});

describe('a host that is lost in the middle of an act', () => {
  const lost = new UsherError({ code: 'connection_lost', message: 'the connection ended' });

  test.each([
    ['had done it', 1],
    ['had not', 2],
  ])('leaves it unknown, and when it is back the ending is settled: it %s', async (_, acts) => {
    let [here, back] = [true, false];
    const script: Script = {
      presence: () => {
        if (!back) throw lost;
        return here ? there : gone;
      },
      act: () => {
        if (acts === 1 || back) here = false;
        if (!back) throw lost;
        return { did: ['SIGTERM'] };
      },
    };
    const { running, clock, host } = start(script, plan);
    await clock.pass(11_000);
    const first = await running;
    expect(outcomeOf(first)).toMatchObject({ kind: 'unknown', step: 'logoff' });
    back = true;
    const settling = first.settle(new AbortController().signal);
    await clock.pass(2000);
    expect(outcomeOf(await settling)).toMatchObject({ kind: 'ended' });
    expect(host.acts).toHaveLength(acts);
  });
});

test('what the session is known by is carried to the host after it is gone', async () => {
  const seen: (readonly string[])[] = [];
  const script = obedient();
  const { running, clock } = start(
    { ...script, presence: (target) => (seen.push(target.traces), script.presence(target)) },
    plan,
  );
  await clock.pass(1000);
  await running;
  expect(seen.at(-1)).toEqual(['1010:5000']);
});

test('a cancel before the first act leaves everything as it is', async () => {
  const first = Promise.withResolvers<Presence>();
  const { running, host, cancel } = start({ presence: () => first.promise, act: () => ({ did: [] }) }, plan);
  cancel.abort();
  first.resolve(there);
  expect(outcomeOf(await running)).toMatchObject({
    kind: 'cancelled',
    during: expect.stringContaining('nothing') as string,
  });
  expect(host.acts).toEqual([]);
});

test('a warning whose connection is lost is shown again for the time that is left', async () => {
  let calls = 0;
  const message = async (): Promise<never> => {
    calls += 1;
    if (calls === 1) throw new UsherError({ code: 'connection_lost', message: 'it ended' });
    return new Promise(() => undefined);
  };
  const { running, host, clock } = start(obedient({ message }), warned);
  await clock.pass(10_000);
  expect(host.messages.map(({ stays }) => stays)).toEqual([60, 58]);
  await clock.pass(52_000);
  await running;
});

test('the host’s clock is the one of the first look, however old the listing is', async () => {
  const answered = Promise.withResolvers<{ kind: 'answered'; answer: string }>();
  const later = readAt.add({ minutes: 10 });
  let lastInputAt = session.lastInputAt;
  const presence = (): Presence => ({ ...there, readAt: later, session: { ...session, lastInputAt } });
  const message = () => answered.promise;
  const extension = { by: seconds(300), times: 1 };
  const { running, clock, host, cancel } = start(obedient({ presence, message }), {
    ...warned,
    because: 'idle',
    extension,
  });
  await clock.pass(5000);
  lastInputAt = later.add({ seconds: 5 });
  answered.resolve({ kind: 'answered', answer: 'later' });
  await clock.pass(10_000);
  cancel.abort();
  expect(outcomeOf(await running)).toMatchObject({ kind: 'cancelled' });
  expect(host.messages).toHaveLength(2);
});

test('an act that waits for its turn on a busy host is not begun after a cancel', async () => {
  const turn = Promise.withResolvers<void>();
  const script = obedient();
  let uses = 0;
  const { running, host, cancel, clock } = start(script, plan, 0, async (work) => {
    uses += 1;
    if (uses === 2) await turn.promise;
    return work();
  });
  await clock.pass(100);
  cancel.abort();
  turn.resolve();
  await clock.pass(100);
  expect(outcomeOf(await running)).toEqual({ kind: 'cancelled', during: 'logoff, before it was begun' });
  expect(host.acts).toEqual([]);
});

describe('where only what is never killed is left', () => {
  const csrss: SessionProcess = {
    pid: 880,
    parentPid: null,
    name: 'csrss.exe',
    command: null,
    user: 'SYSTEM',
    startedAt: null,
    start: '1',
    state: null,
    cpuTime: null,
    cpuPercent: null,
    memoryBytes: null,
    role: 'critical',
  };
  const forced: EndingPlan = { ...plan, steps: stepsOfEnding(true) };
  const restart = expect.stringMatching(/^host restart needed: only csrss.exe 880 is left/) as string;

  test('of a session that is there, all is tried and the host must be restarted', async () => {
    const { running, host, clock } = start(
      { presence: () => there, act: () => ({ did: [] }), processes: [csrss] },
      forced,
    );
    await clock.pass(60_000);
    expect(outcomeOf(await running)).toMatchObject({ kind: 'failed', step: 'kill-all', why: restart });
    expect(host.acts).toEqual(['logoff', 'reset', 'kill-logon', 'kill-all']);
  });

  test('of one that has ended, the host must be restarted', async () => {
    let acted = false;
    const remains: Presence = { kind: 'remains', readAt, processes: [csrss] };
    const act = () => {
      acted = true;
      return { did: [] };
    };
    const { running, clock } = start({ presence: () => (acted ? remains : there), act }, forced);
    await clock.pass(60_000);
    expect(outcomeOf(await running)).toMatchObject({ kind: 'failed', why: restart });
  });

  test('beside the user’s programs it is they that hang', async () => {
    const notepad: SessionProcess = { ...csrss, pid: 4711, name: 'notepad.exe', role: 'user' };
    const script: Script = { presence: () => there, act: () => ({ did: [] }), processes: [csrss, notepad] };
    const { running, clock } = start(script, forced);
    await clock.pass(60_000);
    expect(outcomeOf(await running)).toMatchObject({ why: 'it is still there, with notepad.exe 4711' });
  });
});
