import { endProcess } from '../world/acts/terminate.ts';
import { user } from '../world/actor.ts';
import type { SimulatedHost } from '../world/host.ts';
import { setCpuLoad, type SimulatedProcess } from '../world/process.ts';
import { setTraffic, type SimulatedSession } from '../world/session.ts';
import { startPrograms } from '../world/start-processes.ts';
import { openedPrograms, sizeOf } from './jobs.ts';
import type { Person } from './person.ts';

/** Bytes a second that go to and fro: while somebody works, and while he only looks. */
const busyTraffic = { fromClient: [300, 2500], toClient: [4000, 90_000] } as const;
const quietTraffic = { fromClient: 12, toClient: 60 } as const;

/** How often a program is opened or closed while its user works. */
const [opens, closes] = [0.02, 0.015];

/** Of the programs that he opened those that still run. */
export const running = (host: SimulatedHost, { open }: Person): readonly SimulatedProcess[] =>
  open.filter((process) => host.processes.get(process.pid) === process);

/** The programs of his job that run in his session. */
export function findPrograms(
  host: SimulatedHost,
  { who }: Person,
  session: SimulatedSession,
): readonly SimulatedProcess[] {
  const images = new Set(who.job.programs.map(({ image }) => image));
  return host.processesOf(session.id).filter(({ image }) => images.has(image));
}

/** He has typed something: programs grow and shrink, keep processors busy, and are opened and closed. */
export function work(host: SimulatedHost, person: Person, session: SimulatedSession): void {
  const { chance, who } = person;
  const now = host.now();
  session.lastInputAt = now;
  person.open = running(host, person);
  const busiest = chance.below(Math.max(1, person.open.length));
  for (const [at, process] of person.open.entries()) {
    const program = who.job.programs.find(({ image }) => image === process.image);
    if (program === undefined) continue;
    const load = at === busiest ? program.load * chance.between(0.3, 3) : program.load / 20;
    setCpuLoad(process, load, now);
    process.workingSet = sizeOf(program, chance, process.workingSet);
  }
  const [fromLeast, fromMost] = busyTraffic.fromClient;
  const [toLeast, toMost] = busyTraffic.toClient;
  setTraffic(
    session,
    {
      fromClient: Math.round(chance.between(fromLeast, fromMost)),
      toClient: Math.round(chance.between(toLeast, toMost)),
    },
    now,
  );
  if (chance.hits(opens)) openOne(host, person, session);
  else if (chance.hits(closes)) closeOne(host, person);
}

/** Nothing is typed any more. With `runsOn` something goes on by itself; Windows takes some memory back from the rest. */
export function rest(host: SimulatedHost, person: Person, session: SimulatedSession, { runsOn = false } = {}): void {
  const { chance, who } = person;
  const now = host.now();
  person.open = running(host, person);
  for (const process of person.open) {
    const isLongRun = runsOn && process.image === who.job.longRun;
    setCpuLoad(process, isLongRun ? chance.between(0.6, 1) : 0.002, now);
    if (!isLongRun) process.workingSet = Math.round(process.workingSet * chance.between(0.7, 1));
  }
  setTraffic(session, session.client === null ? { fromClient: 0, toClient: 0 } : quietTraffic, now);
}

function openOne(host: SimulatedHost, person: Person, session: SimulatedSession): void {
  const missing = openedPrograms(person.who.job, person.chance).filter(
    ({ image }) => !person.open.some((process) => process.image === image),
  );
  const started = { start: host.now(), userSid: person.who.account.sid };
  person.open = [...person.open, ...startPrograms(host, session.id, missing.slice(0, 1), started)];
}

/** Not the last one. */
function closeOne(host: SimulatedHost, person: Person): void {
  const process = person.open.at(-1);
  if (process === undefined || person.open.length < 2) return;
  endProcess(host, process, user(person.who.account));
  person.open = person.open.slice(0, -1);
}
