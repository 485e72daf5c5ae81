import { createInterface } from 'node:readline';
import { realTimers } from '../src/fleet/deadline.ts';
import { seconds, toMilliseconds } from '../src/sessions/duration.ts';
import { fileTimeOf, instantOf, ticksOf } from '../src/simulator/clock/simulated-clock.ts';
import { runningClock } from '../src/simulator/clock/running-clock.ts';
import { listeningHost } from '../src/simulator/listen/host-server.ts';
import { listen } from '../src/simulator/listen/listen.ts';
import { parseRange } from '../src/simulator/listen/places.ts';
import { wellKnownSid } from '../src/simulator/security/sid.ts';
import { account, AccountDirectory } from '../src/simulator/world/account.ts';
import { LedgerBook } from '../src/simulator/world/ledger.ts';
import { placeSession } from '../src/simulator/world/place-session.ts';
import { startHost } from '../src/simulator/world/power.ts';
import { change, type Visitor } from './simulated-changes.ts';

/**
 * Simulated hosts in a process of their own: `HOSTS SESSIONS RANGE [FIRST]`. It prints its places, and what it has cost for every line
 * that it reads; for `changes PERSECOND SECONDS` it lets people come and go, and prints what happened, and when, once that is over.
 */
const [hosts = 1, sessions = 0] = process.argv.slice(2, 4).map(Number);
const range = parseRange(process.argv[4] ?? '');
const first = Number(process.argv[5] ?? 1);
const sid = 'S-1-5-21-1180699209-877415012-3182924384';
const start = fileTimeOf(Temporal.Now.instant());
const ago = (minutes: number): bigint => start - ticksOf(toMilliseconds(seconds(60 * minutes)));
/** Until whoever logs off is gone, in milliseconds. */
const logoffsEnd = 5000;
const programs = ['OUTLOOK.EXE', 'EXCEL.EXE', 'msedge.exe'].map((image) => ({ image, workingSet: 104_857_600 }));

const administrator = account({
  name: 'usher',
  domain: 'SIM',
  sid: `${sid}-500`,
  password: 'Bench-1!',
  groups: [wellKnownSid.administrators],
});
const people = Array.from({ length: sessions }, (_, at) =>
  account({
    name: `user${at + 1}`,
    domain: 'SIM',
    sid: `${sid}-${1100 + at}`,
    password: null,
    groups: [wellKnownSid.remoteDesktopUsers],
  }),
);
const accounts = new AccountDirectory([administrator, ...people]);
const clientOf = (place: number) => ({
  name: `PC-${place + 1}`,
  address: `192.0.2.${place + 1}`,
  width: 1920,
  height: 1080,
  colorDepth: 32,
  build: 26_100,
  timeZone: 'Romance Standard Time',
});
const visitors = people.map((who, place): Visitor => ({ account: who, client: clientOf(place), programs }));
const ledger = new LedgerBook();
const around = { clock: runningClock(start), ledger };

function hostOf(at: number) {
  const facts = { name: `BENCH${first + at}`, domain: 'SIM', dnsDomain: 'sim.example', accounts };
  const host = startHost(facts, around, ago(60 * 24 * 7));
  for (const [place, who] of people.entries()) {
    const isThere = place % 4 !== 3;
    placeSession(host, {
      account: who,
      state: isThere ? 'active' : 'disconnected',
      loggedOnAt: ago(600 - place),
      ...(isThere ? {} : { disconnectedAt: ago(100) }),
      lastInputAt: ago(isThere ? place : 101),
      client: clientOf(place),
      programs,
    });
  }
  return host;
}

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
const began = performance.now();
const simulated = Array.from({ length: hosts }, (_, at) => hostOf(at));
const all = simulated.map((host) => listeningHost(host, { random }));
const up = await listen(all, { range, random, after: (delay, work) => realTimers.after(delay, work), otherPorts: 100 });

const say = (told: unknown): void => void process.stdout.write(`${JSON.stringify(told)}\n`);
say({ places: up.hosts.map(({ place }) => place), startedIn: performance.now() - began });
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('changes ')) await changes(line);
  const { user, system } = process.cpuUsage();
  say({ cpu: (user + system) / 1000, rss: process.memoryUsage.rss() });
}
await up[Symbol.asyncDispose]();

async function changes(line: string): Promise<void> {
  const [perSecond = 0, forSeconds = 0] = line.split(' ').slice(1).map(Number);
  const happened: unknown[] = [];
  using _listening = ledger.watch(({ at, host, session, what }) => {
    if (session !== null) happened.push([instantOf(at).epochMilliseconds, host, session.id, what.kind]);
  });
  await change({ hosts: simulated, visitors, perSecond, seconds: forSeconds });
  await new Promise((resolve) => setTimeout(resolve, logoffsEnd));
  say({ happened });
}
