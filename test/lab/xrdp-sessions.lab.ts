import { afterEach, describe, expect, test } from 'vitest';
import { type SessionRow, listing, urlOf, usher } from './harness/usher.ts';
import { openLab, until } from './lab.ts';

const lab = openLab();
afterEach(() => lab.reset());

const list = (...hosts: readonly string[]) =>
  listing(
    lab,
    hosts.map((host) => urlOf(lab, host)),
  );

async function sessionOf(host: string, user: string): Promise<SessionRow> {
  const session = (await list(host)).sessions.find((row) => row.user === user);
  if (session === undefined) throw new Error(`${host} has no session of ${user}`);
  return session;
}

const troublesOf = async (host: string, user: string): Promise<readonly string[]> =>
  (await sessionOf(host, user)).troubles.map(({ code }) => code);

describe('the list', () => {
  test.each(['xh1', 'xv1', 'xt1', 'xs1'])('of %s has three users with state, client and idle time', async (host) => {
    const clients = [];
    for (const user of ['alice', 'bob', 'carol']) {
      clients.push(await lab.connectClient({ host, user, width: 1024, height: 768 }));
    }
    const { sessions, errors, notes } = await list(host);
    const seen = sessions.map(({ user, state, client }) => `${user} ${state} ${client.name} ${client.address}`);
    const real = clients.map(({ user, name, address }) => `${user} active ${name} ${address}`);
    expect(seen.toSorted()).toEqual(real.toSorted());
    expect(sessions.map(({ client }) => client.display?.slice(0, 8))).toEqual(['1024x768', '1024x768', '1024x768']);
    expect(sessions.map(({ id }) => id)).toEqual(expect.arrayContaining(clients.map(({ display }) => display)));
    expect(sessions.filter(({ idleFor }) => idleFor === null || idleFor > 30)).toEqual([]);
    expect(sessions.flatMap(({ troubles }) => troubles)).toEqual([]);
    expect([errors, notes]).toEqual([[], []]);
  });

  test('has memory, processor and network use of a session that works', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await until(() => lab.host('xh1').mustRun('pgrep -u alice -x xterm'), { what: 'the desktop' });
    const work = `xterm -e sh -c 'while i=$((i+1)); do echo $i $i $i; done'`;
    await lab
      .host('xh1')
      .mustRun(`runuser -u alice -- env HOME=/home/alice DISPLAY=:${client.display} ${work} >/dev/null 2>&1 &`);
    const busy = await until(async () => {
      const row = await sessionOf('xh1', 'alice');
      return (row.bytesOutPerSecond ?? 0) > 0 && (row.cpuPercent ?? 0) > 20 && row;
    });
    expect(busy.memoryBytes).toBeGreaterThan(10_000_000);
    expect(busy.roundTripMs).toBeLessThan(200);
  });
});

describe('a session', () => {
  test('is disconnected when its client is killed, and active again with the same key when it comes back', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    const before = await sessionOf('xh1', 'alice');
    await client.kill();
    const away = await until(async () => {
      const row = await sessionOf('xh1', 'alice');
      return row.state === 'disconnected' && row;
    });
    expect(away.client).toEqual({ name: null, address: null, display: null });
    expect(away.disconnectedAt).not.toBeNull();
    await lab.connectClient({ host: 'xh1', user: 'alice', clientName: 'PC-HOME' });
    const back = await sessionOf('xh1', 'alice');
    expect([back.state, back.client.name]).toEqual(['active', 'PC-HOME']);
    expect([away.key, back.key]).toEqual([before.key, before.key]);
  });

  test('of the same user on the same display as one before has another key', async () => {
    const host = lab.host('xh1');
    await host.sessionWithoutClient('alice');
    const first = await sessionOf('xh1', 'alice');
    await host.endAllSessions();
    await host.sessionWithoutClient('alice');
    const second = await sessionOf('xh1', 'alice');
    expect([second.id, second.key === first.key]).toEqual([first.id, false]);
  });

  test.each(['42', 'CORP+bob', 'bob@corp.example', 'zoë'])('of %s has its user right', async (user) => {
    for (const host of ['xh1', 'xt1']) await lab.host(host).sessionWithoutClient(user);
    const [name, domain] = user === 'bob@corp.example' ? ['bob', 'corp.example'] : [user, null];
    expect((await list('xh1', 'xt1')).sessions).toMatchObject([
      { user: name, domain, state: 'disconnected' },
      { user: name, domain, state: 'disconnected' },
    ]);
  });

  test('has 25 sessions of one host, and only them', async () => {
    await lab.host('xh2').sessionsWithoutClients(25);
    const listed = (await list('xh2')).sessions.map(({ id, user }) => `${id} ${user}`);
    const seen = (await lab.host('xh2').sessions()).map(({ display, user }) => `${display} ${user}`);
    expect(listed.toSorted()).toEqual(seen.toSorted());
  });
});

describe('idle time', () => {
  test('starts anew with input', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    const lastInput = async (): Promise<number> => {
      const { lastInputAt } = await sessionOf('xh1', 'alice');
      return lastInputAt === null ? 0 : Temporal.Instant.from(lastInputAt).epochMilliseconds;
    };
    await until(async () => ((await sessionOf('xh1', 'alice')).idleFor ?? 0) >= 3);
    const before = await lastInput();
    await client.click();
    expect(await until(async () => (await lastInput()) > before + 2000, { timeoutMs: 10_000 })).toBe(true);
  });

  test('goes on while disconnected, and starts anew with a reconnect', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await client.kill();
    await until(async () => ((await sessionOf('xh1', 'alice')).idleFor ?? 0) >= 3);
    await lab.connectClient({ host: 'xh1', user: 'alice' });
    expect((await sessionOf('xh1', 'alice')).idleFor).toBeLessThan(3);
  });

  test('is known of an orphan', async () => {
    const host = lab.host('xh1');
    await host.sessionWithoutClient('alice');
    await host.restartSesman();
    const counts = until(async () => ((await sessionOf('xh1', 'alice')).idleFor ?? 0) >= 2);
    await expect(counts).resolves.toBe(true);
  });
});

describe('trouble', () => {
  const pidOf = async (host: string, user: string, program: string): Promise<string> =>
    (await lab.host(host).mustRun(`pgrep -u ${user} -x ${program} | head -n 1`)).trim();

  test.each(['xh1', 'xs1'])('orphan: sesman of %s was restarted', async (host) => {
    await lab.host(host).sessionWithoutClient('alice');
    await lab.host(host).restartSesman();
    expect(await troublesOf(host, 'alice')).toEqual(['orphan']);
  });

  test('x-server-silent: the X server is stopped, and others are listed in time', async () => {
    for (const user of ['alice', 'bob']) await lab.host('xh1').sessionWithoutClient(user);
    await lab.host('xh1').mustRun(`kill -STOP ${await pidOf('xh1', 'alice', 'Xorg')}`);
    expect(await troublesOf('xh1', 'alice')).toContain('x-server-silent');
    expect(await troublesOf('xh1', 'bob')).toEqual([]);
  });

  test('window-manager-stopped', async () => {
    await lab.host('xh1').sessionWithoutClient('alice');
    const openbox = await until(() => pidOf('xh1', 'alice', 'openbox'));
    await lab.host('xh1').mustRun(`kill -STOP ${openbox}`);
    // One that was stopped while it held the server (XGrabServer) makes the X server silent too.
    expect(await troublesOf('xh1', 'alice')).toContain('window-manager-stopped');
  });

  test('slow-client-link: round trips to the client take long', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await client.link.disturb({ roundTripMs: 700 });
    const lags = until(
      async () => {
        await client.type('date\n');
        return (await troublesOf('xh1', 'alice')).includes('slow-client-link');
      },
      { timeoutMs: 60_000 },
    );
    await expect(lags).resolves.toBe(true);
  });

  test.each(['xh1', 'xs1'])('closing: a daemon of %s outlived its session', async (host) => {
    await lab.host(host).sessionWithoutClient('alice');
    const openbox = await until(() => pidOf(host, 'alice', 'openbox'));
    const daemon = `setsid sh -c 'exec sleep 300' >/dev/null 2>&1 </dev/null &`;
    await lab.host(host).mustRun(`tr '\\0' '\\n' </proc/${openbox}/environ >/run/lab/environ;
      runuser -u alice -- env -i $(grep -E '^(DISPLAY|XRDP_SESSION)=' /run/lab/environ) ${daemon}`);
    await lab.host(host).mustRun(`kill ${openbox}`);
    await until(async () => (await lab.host(host).sessions()).length === 0);
    expect(await sessionOf(host, 'alice')).toMatchObject({ state: 'down', troubles: [{ code: 'closing' }] });
  });

  test('--troubled shows the troubled alone', async () => {
    for (const user of ['alice', 'bob']) await lab.host('xh1').sessionWithoutClient(user);
    const openbox = await until(() => pidOf('xh1', 'alice', 'openbox'));
    await lab.host('xh1').mustRun(`kill -STOP ${openbox}`);
    const { stdout } = await usher(lab, ['sessions', '--troubled', '-s', urlOf(lab, 'xh1')]);
    expect(stdout).toMatch(/alice[\s\S]*openbox \d+ is stopped/);
    expect(stdout).not.toMatch(/bob/);
  });
});

test('a display whose lock was left behind is noted, and no session', async () => {
  const host = lab.host('xh1');
  await host.sessionWithoutClient('alice');
  await host.mustRun('kill -KILL $(pgrep -u alice -x Xorg)');
  await until(async () => (await host.sessions()).length === 0);
  const { sessions, notes } = await list('xh1');
  expect(sessions.filter(({ state }) => state !== 'down')).toEqual([]);
  expect(notes).toMatchObject([{ code: 'stale-display-locks' }]);
  await host.mustRun('rm -f /tmp/.X1?-lock /tmp/.X11-unix/X1?');
});

test('what runs in a session is listed with user, role and start', async () => {
  const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
  const args = ['processes', `:${client.display}`, '-s', urlOf(lab, 'xh1'), '--json'];
  const { processes } = JSON.parse((await usher(lab, args)).stdout) as {
    processes: readonly { role: string; name: string }[];
  };
  expect(processes.map(({ role, name }) => `${role} ${name}`)).toEqual(
    expect.arrayContaining([
      'leader xrdp-sesman',
      'x-server Xorg',
      'channel-server xrdp-chansrv',
      'window-manager openbox',
      'user xterm',
    ]),
  );
});
