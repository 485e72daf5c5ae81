import { describe, expect, test } from 'vitest';
import { type Finding, finding } from '../hosts/finding.ts';
import { UsherError } from '../sessions/errors.ts';
import { parseHostUrl } from '../sessions/host.ts';
import { type Examination, failureOf } from './examination.ts';
import { examineHosts } from './examine.ts';
import type { Fleet } from './fleet.ts';
import { gather, listSessions } from './sweep.ts';
import { anEstate, type HostPlan } from './testing/estate.ts';
import { aFleet } from './testing/fleet.ts';
import { aHost } from './testing/inventory.ts';
import { manualTimers } from './testing/timers.ts';

const never = new AbortController().signal;

async function examine(fleet: Fleet, names: readonly string[]): Promise<readonly Examination[]> {
  const over = new Map<string, Examination>();
  const hosts = names.map((name) => aHost(name));
  for await (const event of examineHosts(fleet, hosts, never)) {
    if (event.kind === 'over') over.set(event.examination.host.name, event.examination);
  }
  return hosts.flatMap(({ name }) => over.get(name) ?? []);
}

const examined = (plans: Readonly<Record<string, HostPlan>>, password = 'right') =>
  examine(aFleet(anEstate(plans), { password }), Object.keys(plans));

const port = finding('port', 'ok', 'port 22 answers');
const loggedOn = finding('logon', 'ok', 'root is logged on');
const problem = finding('sudo', 'problem', 'sudo forbids it');
const refused = (error: UsherError | null): Finding => finding('logon', 'problem', 'refused', { error });

describe('what the findings of a host come to', () => {
  test.each<[string, readonly Finding[], string]>([
    ['nothing wrong', [port, loggedOn], 'works'],
    ['a warning', [loggedOn, finding('clock', 'warning', 'a minute ahead')], 'works'],
    ['something unknown', [loggedOn, finding('clock', 'unknown', 'it tells no time')], 'works'],
    ['a problem after the logon', [port, loggedOn, problem], 'works-in-part'],
    ['a refused logon', [port, refused(null)], 'not-logged-on'],
    ['a logon that is not known', [port, finding('logon', 'unknown', 'the host hung up')], 'not-logged-on'],
    ['a closed port', [finding('port', 'problem', 'port 22 is closed')], 'unreachable'],
    ['nothing at all', [], 'unreachable'],
  ])('%s', async (_what, findings, verdict) => {
    expect((await examined({ xh1: { findings } }))[0]?.verdict).toBe(verdict);
  });
});

test('a host that cannot be used is an error of it, with the code of what stands in the way', async () => {
  const error = new UsherError({ code: 'host_key_changed', message: 'another key' });
  const [only] = await examined({
    xh1: { findings: [port, finding('host-key', 'problem', 'another key', { error })] },
  });
  expect(only && failureOf(only)).toMatchObject({ code: 'host_key_changed', host: 'xh1', message: 'another key' });
});

describe('a password', () => {
  const takes: HostPlan = { password: 'right' };

  test('that is right logs on everywhere', async () => {
    const all = await examined({ a: takes, b: takes, c: takes });
    expect(all.map(({ verdict }) => verdict)).toEqual(['works', 'works', 'works']);
  });

  test('that one host refused is not tried on the next, which says so', async () => {
    const estate = anEstate({ a: takes, b: takes });
    const [, other] = await examine(aFleet(estate, { password: 'wrong' }), ['a', 'b']);
    expect(estate.events.filter((event) => event.startsWith('password'))).toEqual(['password a']);
    expect(other?.findings[0]).toMatchObject({
      check: 'logon',
      summary: 'the password of root was refused by a and is not tried again',
      error: { code: 'credential_rested' },
    });
  });

  test('is given free by a host where the logon never came to it', async () => {
    const estate = anEstate({
      a: { password: 'right', failure: new UsherError({ code: 'unreachable', message: 'gone' }) },
      b: takes,
    });
    const all = await examine(aFleet(estate, { password: 'right', parallel: 1 }), ['a', 'b']);
    expect(all.map(({ verdict }) => verdict)).toEqual(['unreachable', 'works']);
  });

  test('is on trial while one host judges it, and tried by nobody else', async () => {
    const judging = Promise.withResolvers<void>();
    const estate = anEstate({ a: { ...takes, judging: judging.promise }, b: takes });
    const fleet = aFleet(estate, { password: 'right' });
    const examining = examine(fleet, ['a']);
    const listing = gather(fleet, { hosts: [aHost('b')], signal: never, read: listSessions });
    await new Promise((resolve) => setImmediate(resolve));
    expect(estate.events).not.toContain('password b');
    judging.resolve();
    await Promise.all([examining, listing]);
    expect(estate.events).toContain('password b');
  });
});

describe('a host that keeps silent', () => {
  test.each(['heeds', 'ignores'] as const)(
    'and %s the abort is given up, with what was found before',
    async (silent) => {
      const timers = manualTimers();
      const fleet = aFleet(anEstate({ xh1: { findings: [port], silent } }), { timers });
      const examining = examine(fleet, ['xh1']);
      await new Promise((resolve) => setImmediate(resolve));
      timers.pass(15_000);
      const [only] = await examining;
      expect(only?.findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(['port ok', 'time problem']);
      expect(only?.findings[1]?.mends[0]?.paste).toBe('usher doctor xh1 --timeout 60s');
    },
  );

  test('has its whole time again after each finding', async () => {
    const timers = manualTimers();
    const fleet = aFleet(anEstate({ xh1: { findings: [port, loggedOn] } }), { timers });
    const found: string[] = [];
    for await (const event of examineHosts(fleet, [aHost('xh1')], never)) {
      if (event.kind === 'finding') found.push(event.finding.check);
      timers.pass(14_000);
    }
    expect(found).toEqual(['port', 'logon']);
  });

  test('does not keep the others from being examined', async () => {
    const timers = manualTimers();
    const fleet = aFleet(anEstate({ a: { silent: 'ignores' }, b: { findings: [loggedOn] } }), { timers });
    const found: string[] = [];
    for await (const event of examineHosts(fleet, [aHost('a'), aHost('b')], never)) {
      if (event.kind !== 'over') continue;
      found.push(event.examination.host.name);
      timers.pass(15_000);
    }
    expect(found).toEqual(['b', 'a']);
  });
});

test('a failure that the driver did not find out about is a finding', async () => {
  const [only] = await examined({ xh1: { failure: new UsherError({ code: 'bad_file', message: 'line 3 is wrong' }) } });
  expect(only?.findings).toMatchObject([{ check: 'connection', verdict: 'problem', summary: 'line 3 is wrong' }]);
});

test('a defect is a finding of that host, and says that it is one', async () => {
  const [only, other] = await examined({
    xh1: { failure: new TypeError('x is undefined') },
    xh2: { findings: [loggedOn] },
  });
  expect(only?.findings[0]?.meaning).toMatch(/defect of Usher/);
  expect(other?.verdict).toBe('works');
});

test('a host that no driver speaks to is a finding', async () => {
  const host = aHost('ts01', { url: parseHostUrl('windows://anna@ts01') });
  const events = await Array.fromAsync(examineHosts(aFleet(anEstate({})), [host], never));
  expect(events[0]).toMatchObject({ kind: 'finding', finding: { check: 'kind', error: { code: 'unsupported' } } });
});

test('no more hosts are examined at once than the fleet speaks to', async () => {
  const gate = Promise.withResolvers<void>();
  const estate = anEstate({ a: { after: gate.promise }, b: { after: gate.promise }, c: { after: gate.promise } });
  const examining = examine(aFleet(estate, { parallel: 2 }), ['a', 'b', 'c']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(estate.events).toEqual(['examine a', 'examine b']);
  gate.resolve();
  await examining;
  expect(estate.events).toHaveLength(3);
});

test('Ctrl-C ends it', async () => {
  const leaving = new AbortController();
  const fleet = aFleet(anEstate({ xh1: { findings: [port], silent: 'ignores' } }));
  const events = examineHosts(fleet, [aHost('xh1')], leaving.signal);
  await events.next();
  leaving.abort(new Error('enough'));
  await expect(events.next()).rejects.toThrow('enough');
});
