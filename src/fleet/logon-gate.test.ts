import { describe, expect, test } from 'vitest';
import { type ErrorCode, UsherError } from '../sessions/errors.ts';
import { milliseconds } from '../sessions/duration.ts';
import { parseHostUrl } from '../sessions/host.ts';
import { createSecrets } from './credentials.ts';
import type { Fleet } from './fleet.ts';
import { gather, listSessions } from './sweep.ts';
import { anEstate, type Estate, type HostPlan } from './testing/estate.ts';
import { aFleet } from './testing/fleet.ts';
import { aCredential, aHost } from './testing/inventory.ts';
import { manualTimers } from './testing/timers.ts';

const never = new AbortController().signal;

/** Also one that a Windows host is in. */
const aMixedFleet = (estate: Estate, password: string): Fleet => ({
  ...aFleet(estate, { password }),
  drivers: [{ ...estate.driver, schemes: ['ssh', 'windows'] }],
});

async function logOnTo(
  plans: Readonly<Record<string, HostPlan>>,
  password: string,
  urls: Readonly<Record<string, string>> = {},
) {
  const estate = anEstate(plans);
  const hosts = Object.keys(plans).map((name) =>
    aHost(name, urls[name] === undefined ? {} : { url: parseHostUrl(urls[name]) }),
  );
  const outcomes = await gather(aMixedFleet(estate, password), { hosts, signal: never, read: listSessions });
  return {
    results: outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code)),
    offered: estate.events.filter((event) => event.startsWith('password')),
    outcomes,
  };
}

const takes: HostPlan = { password: 'right' };

test('a wrong password is offered once in the whole estate', async () => {
  const { results, offered } = await logOnTo({ a: takes, b: takes, c: takes }, 'wrong');
  expect(results).toEqual(['logon_failed', 'credential_rested', 'credential_rested']);
  expect(offered).toEqual(['password a']);
});

test('what rests says which host refused it', async () => {
  const { outcomes } = await logOnTo({ a: takes, b: takes }, 'wrong');
  expect(outcomes[1]?.ok === false && outcomes[1].error).toMatchObject({
    host: 'b',
    message: 'the password of root was refused by a and is not tried again',
  });
});

test('a right password logs on everywhere', async () => {
  expect((await logOnTo({ a: takes, b: takes, c: takes }, 'right')).results).toEqual(['ok', 'ok', 'ok']);
});

test('the first logon is alone until its outcome is known', async () => {
  const judging = Promise.withResolvers<void>();
  const estate = anEstate({ a: { ...takes, judging: judging.promise }, b: takes });
  const hosts = [aHost('a'), aHost('b')];
  const outcomes = gather(aFleet(estate, { password: 'right' }), { hosts, signal: never, read: listSessions });
  await new Promise((resolve) => setImmediate(resolve));
  expect(estate.events).toEqual(['connect a', 'connect b', 'password a']);
  judging.resolve();
  await outcomes;
  expect(estate.events).toContain('password b');
});

describe('a password that no host has accepted for a minute', () => {
  const after = async (minutes: number, second: Readonly<Record<string, HostPlan>>) => {
    let now = milliseconds(0);
    const first = anEstate({ a: takes });
    const fleet = aFleet(first, { password: 'right', now: () => now });
    await gather(fleet, { hosts: [aHost('a')], signal: never, read: listSessions });
    now = milliseconds(60_000 * minutes);
    const estate = anEstate(second);
    const hosts = Object.keys(second).map((name) => aHost(name));
    const again = { ...fleet, drivers: [estate.driver] };
    const outcomes = gather(again, { hosts, signal: never, read: listSessions });
    await new Promise((resolve) => setImmediate(resolve));
    const atOnce = estate.events.filter((event) => event.startsWith('password'));
    return { atOnce, outcomes, estate };
  };
  const passwords = ({ events }: Estate) => events.filter((event) => event.startsWith('password'));

  test('is offered to one host alone, as it may have been changed', async () => {
    const changed: HostPlan = { password: 'another' };
    const { outcomes, estate } = await after(2, { b: changed, c: changed, d: changed });
    await outcomes;
    expect(passwords(estate)).toEqual(['password b']);
  });

  test('is offered to all of them within the minute', async () => {
    const judging = new Promise<void>(() => undefined);
    const { atOnce } = await after(0.5, { b: { ...takes, judging }, c: { ...takes, judging } });
    expect(atOnce).toEqual(['password b', 'password c']);
  });

  test('does not rest because two hosts did not tell', async () => {
    const judging = Promise.reject(new UsherError({ code: 'connection_lost', message: 'it ended' }));
    judging.catch(() => undefined);
    const lost: HostPlan = { ...takes, judging };
    const { outcomes } = await after(2, { b: lost, c: lost, d: takes });
    expect((await outcomes).map((outcome) => outcome.ok || outcome.error.code)).toEqual([
      'connection_lost',
      'connection_lost',
      true,
    ]);
  });
});

describe('accounts of one name', () => {
  const urls = {
    linux: 'ssh://bob@linux',
    w1: String.raw`windows://CORP\bob@w1`,
    w2: String.raw`windows://corp\Bob@w2`,
    own: 'windows://bob@own',
  };

  test('do not prove each other: a password that SSH took is tried once for the domain', async () => {
    const { results, offered } = await logOnTo(
      { linux: takes, w1: { password: 'other' }, w2: { password: 'other' } },
      'right',
      urls,
    );
    expect(results).toEqual(['ok', 'logon_failed', 'credential_rested']);
    expect(offered).toEqual(['password linux', 'password w1']);
  });

  test('rest together, whatever their domain and protocol', async () => {
    const { results } = await logOnTo({ w1: takes, linux: takes, own: takes }, 'wrong', urls);
    expect(results).toEqual(['logon_failed', 'credential_rested', 'credential_rested']);
  });

  test('are tried one after the other', async () => {
    const judging = Promise.withResolvers<void>();
    const estate = anEstate({ linux: takes, w1: { ...takes, judging: judging.promise }, own: takes, w2: takes });
    const hosts = Object.entries(urls).map(([name, url]) => aHost(name, { url: parseHostUrl(url) }));
    const outcomes = gather(aMixedFleet(estate, 'right'), { hosts, signal: never, read: listSessions });
    const offered = (): readonly string[] => estate.events.filter((event) => event.startsWith('password'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(offered()).toEqual(['password linux', 'password w1']);
    judging.resolve();
    expect((await outcomes).every(({ ok }) => ok)).toBe(true);
    expect(new Set(offered().slice(2))).toEqual(new Set(['password w2', 'password own']));
  });
});

describe('hosts that take the password and do not tell what they think of it', () => {
  const endsIn = (code: ErrorCode): HostPlan => {
    const judging = Promise.reject(new UsherError({ code, message: 'it ended' }));
    judging.catch(() => undefined);
    return { ...takes, judging };
  };
  const lost = endsIn('connection_lost');

  test('are two at most in a row, and the third is told why', async () => {
    const { offered, outcomes } = await logOnTo({ a: lost, b: lost, c: takes, d: takes }, 'right');
    expect(offered).toEqual(['password a', 'password b']);
    expect(outcomes[2]?.ok === false && outcomes[2].error).toMatchObject({
      code: 'credential_rested',
      message:
        'the password of root was given to a and b, which did not tell whether it is right, and is not tried again',
    });
  });

  test('cost nothing where another let the account in before', async () => {
    const { results } = await logOnTo({ a: lost, b: takes, c: lost, d: lost, e: lost, f: takes }, 'right');
    expect([results[1], results[5]]).toEqual(['ok', 'ok']);
  });

  test('are counted anew once another let one of the namesakes in', async () => {
    const urls = { w1: String.raw`windows://CORP\root@w1`, w2: String.raw`windows://CORP\root@w2` };
    const { results } = await logOnTo({ a: lost, b: takes, w1: lost, w2: takes }, 'right', urls);
    expect(results).toEqual(['connection_lost', 'ok', 'connection_lost', 'ok']);
  });

  test.each<ErrorCode>(['access_denied', 'unsupported', 'unreachable'])(
    'are not those that end the logon as %s',
    async (code) => {
      const { results } = await logOnTo({ a: endsIn(code), b: endsIn(code), c: endsIn(code), d: takes }, 'right');
      expect(results).toEqual([code, code, code, 'ok']);
    },
  );
});

describe('a wrong password from several sources', () => {
  async function rejectedWith(second: string): Promise<readonly string[]> {
    const estate = anEstate({ a: takes, b: takes, c: takes });
    const secretsOf = createSecrets({
      env: { USHER_PASSWORD: 'wrong', FIRST: 'wrong', SECOND: second },
      passwordFile: null,
      identityFiles: [],
      ask: null,
      readFile: () => Promise.reject(new Error('no file is read')),
    });
    const hosts = [
      aHost('a', { credential: aCredential('first', { passwordEnv: 'FIRST' }) }),
      aHost('b', { credential: aCredential('second', { passwordEnv: 'SECOND' }) }),
      aHost('c'),
    ];
    const outcomes = await gather({ ...aFleet(estate), secretsOf }, { hosts, signal: never, read: listSessions });
    return outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code)).toSorted();
  }

  test('is offered once', async () => {
    expect(await rejectedWith('wrong')).toEqual(['credential_rested', 'credential_rested', 'logon_failed']);
  });

  test('does not hold back another password of the same account', async () => {
    expect(await rejectedWith('right')).toEqual(['credential_rested', 'logon_failed', 'ok']);
  });
});

test('waiting for the first logon does not use up the time of the others', async () => {
  const timers = manualTimers();
  const judging = Promise.withResolvers<void>();
  const estate = anEstate({ a: { ...takes, judging: judging.promise }, b: takes });
  const fleet = aFleet(estate, { password: 'right', timers });
  const outcomes = gather(fleet, { hosts: [aHost('a'), aHost('b')], signal: never, read: listSessions });
  await new Promise((resolve) => setImmediate(resolve));
  timers.pass(15_000);
  const results = (await outcomes).map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
  expect(results).toEqual(['timeout', 'ok']);
});

test('a first logon that ends for another reason passes the trial on', async () => {
  const failure = new UsherError({ code: 'connection_lost', message: 'lost' });
  const lost: HostPlan = { ...takes, judging: Promise.reject(failure) };
  const { results, offered } = await logOnTo({ a: lost, b: takes, c: takes }, 'wrong');
  expect(results).toEqual(['connection_lost', 'logon_failed', 'credential_rested']);
  expect(offered).toEqual(['password a', 'password b']);
});

test('a host that asks for no password is not held up by one that rests', async () => {
  expect((await logOnTo({ a: takes, b: {} }, 'wrong')).results).toEqual(['logon_failed', 'ok']);
});

test.each([
  ['a wrong password is given to sudo once, and costs columns alone', 'wrong', ['sudo a']],
  ['a right password is given to sudo everywhere', 'right', ['sudo a', 'sudo b', 'sudo c']],
])('%s', async (_what, password, expected) => {
  const sudo: HostPlan = { sudoPassword: 'right' };
  const estate = anEstate({ a: sudo, b: sudo, c: sudo });
  const credential = aCredential('ops', { sudoPasswordFile: '/sudo' });
  const hosts = ['a', 'b', 'c'].map((name) => aHost(name, { credential }));
  const outcomes = await gather(aFleet(estate, { password }), { hosts, signal: never, read: listSessions });
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(estate.events.filter((event) => event.startsWith('sudo'))).toEqual(expected);
});

test('what rests for sudo is told on the hosts that were read without it', async () => {
  const sudo: HostPlan = { sudoPassword: 'right' };
  const credential = aCredential('ops', { sudoPasswordFile: '/sudo' });
  const hosts = ['a', 'b'].map((name) => aHost(name, { credential }));
  const fleet = aFleet(anEstate({ a: sudo, b: sudo }), { password: 'wrong' });
  const outcomes = await gather(fleet, { hosts, signal: never, read: listSessions });
  const notes = outcomes.map((outcome) => outcome.ok && outcome.value.notes.map(({ code }) => code));
  expect(notes).toEqual([
    ['sudo-refused', 'not-root'],
    ['not-root', 'sudo-rested'],
  ]);
  expect(outcomes[1]?.ok === true && lastMessage(outcomes[1].value.notes)).toBe(
    'the sudo password of root was refused by a and is not tried again',
  );
});

test('a sudo that lets the account do nothing costs no other host the password', async () => {
  const sudo: HostPlan = { sudoPassword: 'right' };
  const estate = anEstate({ a: { ...sudo, sudoForbids: true }, b: sudo, c: sudo });
  const credential = aCredential('ops', { sudoPasswordFile: '/sudo' });
  const hosts = ['a', 'b', 'c'].map((name) => aHost(name, { credential }));
  const outcomes = await gather(aFleet(estate, { password: 'right' }), { hosts, signal: never, read: listSessions });
  const notes = outcomes.map((outcome) => outcome.ok && outcome.value.notes.map(({ code }) => code));
  expect(notes).toEqual([['not-root'], [], []]);
});

test('a sudo that lets the account do nothing proves no password: the next host tries it alone', async () => {
  const sudo: HostPlan = { sudoPassword: 'another' };
  const estate = anEstate({ a: { sudoPassword: 'wrong', sudoForbids: true }, b: sudo, c: sudo });
  const credential = aCredential('ops', { sudoPasswordFile: '/sudo' });
  const hosts = ['a', 'b', 'c'].map((name) => aHost(name, { credential }));
  await gather(aFleet(estate, { password: 'wrong' }), { hosts, signal: never, read: listSessions });
  expect(estate.events.filter((event) => event.startsWith('sudo'))).toEqual(['sudo a', 'sudo b']);
});

const lastMessage = (notes: readonly { readonly message: string }[]): string | undefined => notes.at(-1)?.message;

describe('a host that lets a logon wait', () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const pending: HostPlan = { ...takes, judging: new Promise(() => undefined) };
  const passwordsAfter = async (plans: Readonly<Record<string, HostPlan>>, password: string, times: number) => {
    const timers = manualTimers();
    const estate = anEstate(plans);
    const hosts = Object.keys(plans).map((name) => aHost(name));
    const outcomes = gather(aFleet(estate, { password, timers }), { hosts, signal: never, read: listSessions });
    await turn();
    for (let time = 0; time < times; time += 1) {
      timers.pass(8000);
      await turn();
    }
    const offered = estate.events.filter((event) => event.startsWith('password'));
    timers.pass(60_000);
    await outcomes;
    return offered;
  };

  test('holds up the others for so long, and then counts as one that does not tell', async () => {
    const plans = { a: pending, b: takes, c: takes };
    expect(await passwordsAfter(plans, 'right', 0)).toEqual(['password a']);
    expect(await passwordsAfter(plans, 'right', 1)).toEqual(['password a', 'password b', 'password c']);
  });

  test('is not waited for any more once it has told', async () => {
    const timers = manualTimers();
    const fleet = aFleet(anEstate({ a: takes }), { password: 'right', timers });
    await gather(fleet, { hosts: [aHost('a')], signal: never, read: listSessions });
    expect(timers.pending()).toBe(0);
  });

  test('leaves one more try, whatever comes of it', async () => {
    expect(await passwordsAfter({ a: pending, b: takes, c: takes }, 'wrong', 3)).toEqual(['password a', 'password b']);
    expect(await passwordsAfter({ a: pending, b: pending, c: takes }, 'right', 3)).toEqual([
      'password a',
      'password b',
    ]);
  });

  test('has let the account in where it says so, whatever fails afterwards', async () => {
    const lost = Promise.reject(new UsherError({ code: 'connection_lost', message: 'it ended' }));
    lost.catch(() => undefined);
    const after: HostPlan = { ...takes, afterLogon: lost };
    const { results } = await logOnTo({ a: after, b: after, c: after, d: takes }, 'right');
    expect(results).toEqual(['connection_lost', 'connection_lost', 'connection_lost', 'ok']);
  });
});

describe("the logon's own password", () => {
  const both: HostPlan = { password: 'right', sudoPassword: 'right' };
  const refused: HostPlan = { password: 'right', sudoPassword: 'another' };
  const asking = aCredential('ops', { sudoTakesLogon: true });

  test.each([
    ['is not offered to sudo unasked', both, null, []],
    ['is not offered to sudo by a credential that does not say so', both, aCredential('ops'), []],
    ['is offered to sudo where the credential says so', both, asking, ['sudo a', 'sudo b', 'sudo c']],
    ['is offered to one sudo only when that refuses it', refused, asking, ['sudo a']],
    ['is not offered to sudo where a key logged on', { sudoPassword: 'right' }, asking, []],
  ])('%s', async (_what, plan, credential, expected) => {
    const estate = anEstate({ a: plan, b: plan, c: plan });
    const hosts = ['a', 'b', 'c'].map((name) => aHost(name, { credential }));
    const outcomes = await gather(aFleet(estate, { password: 'right' }), { hosts, signal: never, read: listSessions });
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(estate.events.filter((event) => event.startsWith('sudo'))).toEqual(expected);
  });

  test('still logs on where sudo refused it', async () => {
    const estate = anEstate({ a: refused, b: refused });
    const fleet = aFleet(estate, { password: 'right' });
    const hosts = ['a', 'b'].map((name) => aHost(name, { credential: asking }));
    for (let round = 0; round < 2; round += 1) await gather(fleet, { hosts, signal: never, read: listSessions });
    expect(estate.events.filter((event) => event.startsWith('password'))).toHaveLength(4);
    expect(estate.events.filter((event) => event.startsWith('sudo'))).toEqual(['sudo a']);
  });

  test('gives way to a password that is set apart for sudo', async () => {
    const estate = anEstate({ a: { password: 'right', sudoPassword: 'apart' } });
    const credential = aCredential('ops', { sudoTakesLogon: true, sudoPasswordEnv: 'SUDO' });
    const secretsOf = createSecrets({
      env: { USHER_PASSWORD: 'right', SUDO: 'apart' },
      passwordFile: null,
      identityFiles: [],
      ask: null,
      readFile: () => Promise.reject(new Error('no file is read')),
    });
    const [first] = await gather(
      { ...aFleet(estate), secretsOf },
      { hosts: [aHost('a', { credential })], signal: never, read: listSessions },
    );
    expect(first?.ok === true && first.value.notes).toEqual([]);
  });
});
