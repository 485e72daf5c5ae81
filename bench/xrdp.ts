import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mustRun } from '../test/lab/harness/command.ts';
import { type Lab, type LabHost, startLab } from '../test/lab/lab.ts';
import { networksOfLabs } from '../test/lab/networks.ts';
import type { BenchOptions } from './bench.ts';
import { median, quantile } from './statistics.ts';
import { type InstalledUsher, installUsher } from './usher-program.ts';
import { idleLoad, type Meter, meterOf, race, table, type Taken } from './xrdp/race.ts';
import { watchDelays } from './xrdp/watch.ts';
import { connectTo, type Contender, overKept, overNew, targetIn, transportTo } from './xrdp/ways.ts';

/** Users whose sessions have a client each. */
const connected = ['bob', 'carol'];
const links = [
  { what: 'link without delay', roundTripMs: 0, rounds: 5 },
  { what: '20 ms round trip', roundTripMs: 20, rounds: 3 },
  { what: '100 ms round trip', roundTripMs: 100, rounds: 3 },
];
/** Sessions of the host, one stage after the other, and how many clients leave. */
const usual = { stages: [25, 50], links, departures: 10 };
const trial = { stages: [4], links: links.map((link) => ({ ...link, rounds: 1 })), departures: 2 };
type Size = typeof usual;

const installScript = fileURLToPath(new URL('../test/lab/install.sh', import.meta.url));

/**
 * One real xrdp host of the lab, listed by Usher and by a shell script that lists the same with ps, ss and awk; beside both the
 * floor, one exec of `true`.
 */
export async function measure({ reference, isTrial, folder }: BenchOptions): Promise<readonly string[]> {
  await mustRun('bash', [installScript], { timeoutMs: 600_000 });
  const [net] = networksOfLabs();
  const lab = await startLab({ hosts: ['xh2'], ...(net !== undefined && { net }) });
  using _interrupt = onInterrupt(async () => {
    await lab.stop();
    process.exit(130);
  });
  try {
    const usher = await installUsher(`${folder}/usher`);
    return await measureIn(lab, usher, reference, isTrial ? trial : usual);
  } finally {
    await lab.stop();
  }
}

/** A process that is ended runs no `finally`, and the lab would stay. */
function onInterrupt(leave: () => Promise<void>): Disposable {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (): void => void leave();
  for (const signal of signals) process.once(signal, onSignal);
  return {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

async function measureIn(
  lab: Lab,
  usher: InstalledUsher,
  reference: string | null,
  { stages, departures, links }: Size,
): Promise<readonly string[]> {
  const host = lab.host('xh2');
  const meter = meterOf(lab, host);
  const script = reference === null ? null : readFileSync(`${reference}/xrdp-list.sh`, 'utf8');
  if (reference !== null) {
    await host.mustRun('cat > /run/xorg-idle.pl', { input: readFileSync(`${reference}/xorg-idle.pl`, 'utf8') });
  }
  for (const user of connected) await lab.connectClient({ host: host.name, user });
  const target = targetIn(lab, host);
  await using transport = await transportTo(target);
  await using connection = await connectTo(target);
  const fields = [overKept(connection, transport, script), overNew(lab, target, usher, script)];
  const lines: string[] = [];
  let opened = connected.length;
  for (const sessions of stages) {
    for (; opened < sessions; opened += 1) await host.sessionWithoutClient(`s${opened}`);
    await agree(fields.flat(), sessions);
    lines.push(...(await measureStage({ host, meter, links }, fields, sessions)));
  }
  const load = await idleLoad(meter);
  console.error(`${departures} clients leave`);
  const delays = await watchDelays(lab, host, connection, departures);
  return [
    ...lines,
    `With nobody asking, the host uses ${(load * 100).toFixed(1)} % of one processor; that is taken off.`,
    '',
    `Watching the same host: ${departures} clients killed; the reading that tells of it came after ` +
      `${median(delays).toFixed(0)} ms (median), ${quantile(delays, 1).toFixed(0)} ms (longest).`,
  ];
}

/** Equal rows, before anything is timed. */
async function agree(contenders: readonly Contender[], sessions: number): Promise<void> {
  const told: { name: string; rows: string }[] = [];
  for (const { name, lists, ask } of contenders) if (lists) told.push({ name, rows: await ask() });
  const [first, ...others] = told;
  if (first?.rows.split('\n').length !== sessions) throw new Error(`${sessions} sessions were opened:\n${first?.rows}`);
  const odd = others.find(({ rows }) => rows !== first.rows);
  if (odd) throw new Error(`${odd.name} lists other rows:\n${odd.rows}\n\n${first.name}:\n${first.rows}`);
}

/** One table a link. */
async function measureStage(
  { host, meter, links }: { readonly host: LabHost; readonly meter: Meter; readonly links: Size['links'] },
  fields: readonly (readonly Contender[])[],
  sessions: number,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { what, roundTripMs, rounds } of links) {
    console.error(`${sessions} sessions, ${what}`);
    if (roundTripMs > 0) await host.link.disturb({ roundTripMs });
    const taken: (readonly Taken[])[] = [];
    for (const field of fields) taken.push(await race(field, meter, rounds));
    lines.push(...table(`${sessions} sessions, ${what}`, taken), '');
    await host.link.restore();
  }
  return lines;
}
