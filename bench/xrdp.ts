import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { HostConnection } from '../src/hosts/driver.ts';
import { startProbe } from '../src/hosts/xrdp/probe-session.ts';
import { kept } from '../src/hosts/xrdp/connection.ts';
import { connectSsh } from '../src/hosts/xrdp/ssh/connection.ts';
import type { Transport } from '../src/hosts/xrdp/transport.ts';
import { type Host, parseHostUrl } from '../src/sessions/host.ts';
import { type Lab, type LabClient, startLab } from '../test/lab/lab.ts';
import { run } from './command.ts';
import { median, quantile } from './statistics.ts';

/**
 * Lists 25 sessions of one real xrdp host on a kept SSH connection, against a shell script that lists the same with ps,
 * ss and awk, on the same connection in turn; beside both the floor, one exec of `true`. Needs root on Debian 12.
 *
 *     npm run bench -- --reference FOLDER
 *
 * FOLDER holds the peer, `xrdp-list.sh` and its `xorg-idle.pl`; without it only Usher and the floor are measured.
 */
const sessions = 25;
const rounds = 15;
const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const patience = (): AbortSignal => AbortSignal.timeout(60_000);

interface Contenders {
  readonly usher: () => Promise<string>;
  readonly script: (() => Promise<string>) | null;
  readonly exec: () => Promise<string>;
}

interface Times {
  readonly usher: number;
  readonly script: number | null;
  readonly exec: number;
}

/** `display user state`, one line a session, in order: what both must agree on before anything is timed. */
function rowsOf(lines: readonly string[]): string {
  return lines.toSorted().join('\n');
}

function contenders(connection: HostConnection, transport: Transport, reference: string | null): Contenders {
  const script = reference === null ? null : readFileSync(`${reference}/xrdp-list.sh`, 'utf8');
  return {
    usher: async () => {
      const reading = await connection.list(patience());
      return rowsOf(reading.sessions.map(({ id, user, state }) => `${id} ${user} ${state}`));
    },
    script:
      script === null
        ? null
        : async () => {
            const told = await run(transport, 'IDLE_PL=/run/xorg-idle.pl sh -s', script);
            const rows = told
              .trim()
              .split('\n')
              .map((line) => line.split('\t'));
            const state = (name: string): string => (name === 'connected' ? 'active' : name);
            return rowsOf(rows.map((row) => `${row[0]} ${row[1]} ${state(row[8] ?? '')}`));
          },
    exec: () => run(transport, 'true', ''),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Medians over rounds in turn, in milliseconds. */
async function race({ usher, script, exec }: Contenders, count: number): Promise<Times> {
  const [own, peer, floor]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < count; round += 1) {
    own.push(await timed(usher));
    if (script !== null) peer.push(await timed(script));
    floor.push(await timed(exec));
  }
  return { usher: median(own), script: script === null ? null : median(peer), exec: median(floor) };
}

/** How long after the host's kernel closed a client's connection the reading that tells of it is here, in milliseconds. */
async function watchDelays(lab: Lab, connection: HostConnection, count: number): Promise<readonly number[]> {
  const leaving = new AbortController();
  const delays: number[] = [];
  let client: LabClient | null = await lab.connectClient({ host: 'xh2', user: 'alice' });
  let left = Number.POSITIVE_INFINITY;
  for await (const reading of connection.watch(leaving.signal)) {
    const state = reading.sessions.find(({ user }) => user === 'alice')?.state;
    if (state === 'disconnected' && client === null) {
      delays.push(performance.now() - left);
      if (delays.length === count) leaving.abort();
      else client = await lab.connectClient({ host: 'xh2', user: 'alice' });
    } else if (state === 'active' && client !== null) {
      const leaver = client;
      client = null;
      await leaver.kill();
      left = performance.now();
    }
  }
  return delays;
}

function row(what: string, { usher, script, exec }: Times): string {
  const ratio = script === null ? '-' : `${(script / usher).toFixed(1)}×`;
  const ms = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} ms`);
  return `| ${what} | ${ms(usher)} | ${ms(script)} | ${ratio} | ${ms(exec)} |`;
}

async function measure(lab: Lab, reference: string | null): Promise<readonly string[]> {
  const host = lab.host('xh2');
  await host.sessionsWithoutClients(sessions - 2);
  for (const user of ['bob', 'carol']) await lab.connectClient({ host: 'xh2', user });
  if (reference !== null) {
    await host.mustRun('cat > /run/xorg-idle.pl', { input: readFileSync(`${reference}/xorg-idle.pl`, 'utf8') });
  }
  const named: Host = { name: 'xh2', url: parseHostUrl(`ssh://root@${host.address}`) };
  await using transport = await connectSsh(named, noCredential, environmentOf(lab), patience());
  await using connection = kept(named, transport, await startProbe(transport, async () => null, patience()));
  const field = contenders(connection, transport, reference);
  const agreed = await field.usher();
  if (agreed.split('\n').length !== sessions) throw new Error(`${sessions} sessions were opened:\n${agreed}`);
  if (field.script !== null && (await field.script()) !== agreed) throw new Error('the two do not list the same rows');

  const near = await race(field, rounds);
  await host.link.disturb({ roundTripMs: 20 });
  const far = await race(field, 5);
  await host.link.restore();
  const delays = await watchDelays(lab, connection, 10);
  return [
    `| ${sessions} sessions, kept connection | Usher | the script | ratio | one exec of \`true\` |`,
    '|---|---|---|---|---|',
    row('link without delay', near),
    row('link with 20 ms round trip', far),
    '',
    `The delay adds ${(far.usher - near.usher).toFixed(1)} ms to Usher's refresh (one round trip) and ${(far.exec - near.exec).toFixed(1)} ms to a bare exec.`,
    '',
    `Watching the same host: ${delays.length} clients killed; the reading that tells of it came after ` +
      `${median(delays).toFixed(0)} ms (median), ${quantile(delays, 1).toFixed(0)} ms (longest).`,
  ];
}

const noCredential = {
  user: null,
  identityFiles: [],
  password: async () => null,
  passphrase: async () => null,
  sudoPassword: async () => null,
};

function environmentOf(lab: Lab) {
  return {
    home: lab.home,
    account: 'root',
    uid: 0,
    machine: 'bench',
    platform: 'posix',
    variables: {},
    configFile: `${lab.home}/.ssh/config`,
    systemDirectory: '/etc/ssh',
    jumpCredential: null,
  } as const;
}

const at = process.argv.indexOf('--reference');
const reference = at < 0 ? null : (process.argv[at + 1] ?? null);
const lab = await startLab({ hosts: ['xh2'] });
try {
  const lines = await measure(lab, reference);
  const machine = `Measured on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}; medians of ${rounds} rounds in turn.`;
  const text = [machine, '', ...lines].join('\n');
  console.log(text);
  const before = readFileSync(page, 'utf8');
  writeFileSync(page, before.replace(/(<!-- xrdp -->\n)[\s\S]*(\n<!-- \/xrdp -->)/, `$1${text}$2`));
} finally {
  await lab.stop();
}
