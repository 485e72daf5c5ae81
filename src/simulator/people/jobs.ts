import type { Program } from '../world/process.ts';
import type { Chance, Weighted } from './random.ts';

/** A program as a job uses it. */
export interface UsedProgram {
  readonly image: string;
  /** Its working set in MiB: from the start on, and where it has grown to. */
  readonly from: number;
  readonly to: number;
  /** Processors that it keeps busy while its user works. */
  readonly load: number;
  /** How many of those who do the job have it open. */
  readonly often: number;
}

/** What somebody does all day. */
export interface Job {
  readonly title: string;
  readonly programs: readonly UsedProgram[];
  /** What runs for hours without anybody, by its image; null where there is no such thing. */
  readonly longRun: string | null;
}

const used = (image: string, from: number, to: number, load: number, often = 1): UsedProgram => ({
  image,
  from,
  to,
  load,
  often,
});

const outlook = used('OUTLOOK.EXE', 140, 420, 0.03, 0.9);
const excel = used('EXCEL.EXE', 110, 650, 0.12, 0.8);
const word = used('WINWORD.EXE', 95, 320, 0.05, 0.7);
const teams = used('ms-teams.exe', 260, 620, 0.06, 0.6);
const edge = used('msedge.exe', 180, 1400, 0.1, 0.9);
const reader = used('Acrobat.exe', 90, 310, 0.02, 0.4);

const jobs: readonly [Weighted<Job>, ...Weighted<Job>[]] = [
  { weight: 5, what: { title: 'clerk', programs: [outlook, excel, word, teams, edge, reader], longRun: null } },
  {
    weight: 3,
    what: {
      title: 'accountant',
      programs: [used('sage.exe', 160, 700, 0.15), excel, outlook, reader],
      longRun: 'sage.exe',
    },
  },
  {
    weight: 3,
    what: { title: 'agent', programs: [used('crm.exe', 120, 380, 0.08), edge, outlook], longRun: null },
  },
  {
    weight: 2,
    what: { title: 'analyst', programs: [excel, used('R.exe', 80, 2200, 0.3, 0.8), edge, outlook], longRun: 'R.exe' },
  },
  {
    weight: 1,
    what: {
      title: 'draughtsman',
      programs: [used('acad.exe', 420, 1900, 0.35), outlook, edge],
      longRun: 'acad.exe',
    },
  },
  {
    weight: 1,
    what: {
      title: 'developer',
      programs: [used('devenv.exe', 480, 2400, 0.3), used('ssms.exe', 210, 560, 0.05, 0.5), edge, teams],
      longRun: 'devenv.exe',
    },
  },
];

export const someJob = (chance: Chance): Job => chance.weighted(jobs);

/** The same, and never without a document in Word. */
export const writing = (job: Job): Job => ({
  ...job,
  programs: [{ ...word, often: 1 }, ...job.programs.filter(({ image }) => image !== word.image)],
});

const mebibyte = 1_048_576;

/** What somebody opens this time. */
export function openedPrograms(job: Job, chance: Chance): readonly Program[] {
  return job.programs
    .filter(({ often }) => chance.hits(often))
    .map(({ image, from, to }) => ({ image, workingSet: between(chance, from, from + (to - from) / 4) }));
}

/** How large a program of the job is by now: it grows while it is used, and gives back some of it at times. */
export function sizeOf(program: UsedProgram, chance: Chance, before: number): number {
  const { from, to } = program;
  const target = mebibyte * between01(chance, from, to);
  return Math.round(before + (target - before) * 0.25);
}

const between = (chance: Chance, least: number, most: number): number =>
  Math.round(mebibyte * chance.between(least, most));
/** Small sizes are likelier than large ones. */
const between01 = (chance: Chance, least: number, most: number): number =>
  least + (most - least) * chance.fraction() * chance.fraction();
