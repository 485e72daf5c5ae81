import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { openLab, until } from './lab.ts';

const lab = openLab();
afterEach(() => lab.reset());

const users = async (host: string): Promise<readonly string[]> =>
  (await lab.host(host).sessions()).map(({ user }) => user).toSorted();

describe('the hosts', () => {
  test('take SSH with the key, as root and as users with names that are hard to parse', async () => {
    for (const user of ['root', 'alice', 'frank', '42', 'CORP+bob', 'bob@corp.example', 'zoë']) {
      for (const host of lab.hosts.keys()) {
        const { stdout, stderr } = await lab.ssh(host, 'id -un; hostname', { user });
        expect(stdout, stderr).toBe(`${user}\n${host}\n`);
      }
    }
  });

  test('let dora, erik and frank become root as they may', async () => {
    const sudo = async (user: string, command: string, input = ''): Promise<string> =>
      (await lab.ssh('xt1', command, { user, input })).stdout.trim();
    expect(await sudo('dora', 'sudo -n id -un')).toBe('root');
    expect(await sudo('erik', 'sudo -n id -un')).toBe('');
    expect(await sudo('erik', 'sudo -S -p "" id -un', 'Passw0rd!\n')).toBe('root');
    expect(await sudo('frank', 'sudo -S -p "" id -un', 'Passw0rd!\n')).toBe('');
  });

  test('run the versions of xrdp that they are there for', async () => {
    expect(await lab.host('xh1').mustRun('xrdp --version')).toMatch(/^xrdp 0\.9\./);
    expect(await lab.host('xt1').mustRun('xrdp --version')).toMatch(/^xrdp 0\.10\./);
  });

  test('take a password on xh2 alone', async () => {
    const passwords = async (host: string): Promise<string> =>
      (await lab.host(host).mustRun('sshd -T')).match(/^passwordauthentication (\w+)/m)?.[1] ?? '';
    expect(await passwords('xh1')).toBe('no');
    expect(await passwords('xh2')).toBe('yes');
  });
});

describe('sessions', () => {
  test('of three users with real clients are on one host', async () => {
    for (const user of ['alice', 'bob', 'carol']) await lab.connectClient({ host: 'xh1', user });
    expect(await users('xh1')).toEqual(['alice', 'bob', 'carol']);
  });

  test.each(['42', 'CORP+bob', 'bob@corp.example', 'zoë'])('of %s are opened by a real client', async (user) => {
    await lab.connectClient({ host: 'xh1', user });
    await lab.connectClient({ host: 'xt1', user });
    expect(await users('xh1')).toEqual([user]);
    expect(await users('xt1')).toEqual([user]);
  });

  test('of a host with systemd are known to logind', async () => {
    const { display } = await lab.connectClient({ host: 'xs1', user: 'bob' });
    const said = await lab.host('xs1').mustRun('cat $(grep -l SERVICE=xrdp /run/systemd/sessions/c*[0-9])');
    expect(said).toContain('USER=bob');
    expect(said).toContain(`DISPLAY=:${display}\n`);
  });

  test('of a host with Xvnc have an Xvnc', async () => {
    const { display } = await lab.connectClient({ host: 'xv1', user: 'alice' });
    expect(await lab.host('xv1').sessions()).toMatchObject([{ user: 'alice', display, xServer: 'Xvnc' }]);
  });

  test('are opened without a client on every host', async () => {
    for (const host of lab.hosts.values()) {
      const { user } = await host.sessionWithoutClient('carol');
      expect(user).toBe('carol');
    }
  });

  test('can be 25 on one host', async () => {
    await lab.host('xh2').sessionsWithoutClients(25);
    expect(await users('xh2')).toHaveLength(25);
  });

  test('survive a restart of sesman', async () => {
    await lab.connectClient({ host: 'xh1', user: 'alice' });
    await lab.host('xh1').restartSesman();
    expect(await users('xh1')).toEqual(['alice']);
  });
});

describe('a client', () => {
  const connected = (host: string, address: string) => () => lab.host(host).displayOfClient(address);

  test.each(['kill', 'close'] as const)('leaves its session behind after %s', async (way) => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await client[way]();
    await until(async () => (await connected('xh1', client.address)()) === undefined);
    expect(await users('xh1')).toEqual(['alice']);
  });

  test('that vanishes stays connected in the eyes of the host', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice' });
    await client.vanish();
    expect(await connected('xh1', client.address)()).toBe(client.display);
  });

  test('types into its session and takes screenshots', async () => {
    const client = await lab.connectClient({ host: 'xh1', user: 'alice', width: 640, height: 480 });
    const host = lab.host('xh1');
    await until(() => host.mustRun('ps -C bash -o user= | grep alice'), { what: "the terminal's shell" });
    await until(
      async () => {
        await client.click(150, 150);
        await client.type('touch /tmp/typed\n');
        return (await host.run('test -e /tmp/typed')).code === 0;
      },
      { what: 'what was typed', everyMs: 500 },
    );
    await client.screenshot(`${lab.directory}/screen.png`);
    const png = readFileSync(`${lab.directory}/screen.png`);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([640, 480]);
  });
});

describe('a fault', () => {
  const roundTripMs = async (host: string): Promise<number> => {
    const { stdout } = await lab.ssh(host, `ss -tinH 'sport = :22'`);
    return Number(/ minrtt:([\d.]+)/.exec(stdout)?.[1]);
  };

  test('delays the link by a known time, and ends', async () => {
    await lab.host('xh2').link.disturb({ roundTripMs: 20 });
    const delayed = await roundTripMs('xh2');
    expect(delayed).toBeGreaterThanOrEqual(20);
    expect(delayed).toBeLessThan(30);
    await lab.host('xh2').link.restore();
    await until(async () => (await roundTripMs('xh2')) < 5);
  });

  test('stalls a host in the middle of an answer', async () => {
    await lab.host('xh2').link.disturb({ stallAfterBytes: 50_000 });
    const { code, stdout } = await lab.ssh('xh2', 'seq 1 100000', { timeoutMs: 2000 });
    expect(code).toBeNull();
    expect(stdout).toMatch(/^1\n2\n/);
    expect(stdout.length).toBeLessThan(50_000);
  });

  test('freezes a host and thaws it', async () => {
    const host = lab.host('xh2');
    await host.freeze();
    expect((await lab.ssh('xh2', 'true', { timeoutMs: 1000 })).code).toBeNull();
    await host.thaw();
    expect((await lab.ssh('xh2', 'true')).code).toBe(0);
  });

  test('cuts a host off and lets it back', async () => {
    const { link } = lab.host('xh2');
    await link.down();
    expect((await lab.ssh('xh2', 'true', { timeoutMs: 1000 })).code).not.toBe(0);
    await link.up();
    await until(async () => (await lab.ssh('xh2', 'true')).code === 0);
  });
});
