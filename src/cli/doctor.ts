import { Command } from 'commander';
import { type Examination, failureOf, type HostVerdict } from '../fleet/examination.ts';
import { examineHosts } from '../fleet/examine.ts';
import type { Finding } from '../hosts/finding.ts';
import { errorRow, labelled, UsherError } from '../sessions/errors.ts';
import { type CliCommand, type ServerFlags, serversOf, withAllHosts, withExamples } from './command.ts';
import { collect } from './globals.ts';
import { count } from './measures.ts';
import { csvLine } from './printable.ts';
import { fleetFor, inventoryFor, paintOf, printJson, type Run, select } from './run.ts';
import { errorRows } from './session-json.ts';

interface Flags extends ServerFlags {
  readonly verbose?: boolean;
}

function describe(name: string): Command {
  const command = new Command(name)
    .summary('say why a host refuses, and how to mend it')
    .description(
      'Examines hosts: the way there, the logon, and everything on them that Usher needs. Each finding says what it means and how it is mended, with the exact command or setting to paste. Nothing is changed on a host, and no right is found out by trying an act. ' +
        'A password is tried once; one that was refused is not tried on the next host. --timeout is what a host may take from one finding to the next.',
    )
    .argument('[hosts...]', 'inventory names, @groups, globs and URLs; at least one')
    .option('-s, --server <host>', 'the same, as the other commands name hosts; may be given several times', collect)
    .option('--verbose', 'tell also what is as it should be in full, and the causes of failures');
  withExamples(withAllHosts(command), [
    ['usher doctor ts01', 'one host of the inventory'],
    [String.raw`usher doctor 'windows://CORP\anna@ts02'`, 'one by its URL, before it is added'],
    ['usher doctor ssh://root@192.0.2.7', 'a Linux host'],
    ["usher doctor '@rds' --quiet", 'a line for each host of a group'],
    ['usher doctor ts01 --json', 'one document for scripts'],
  ]);
  return command.addHelpText(
    'after',
    `
Exit codes: 0 nothing is wrong, warnings allowed; 1 it can be logged on to, and
something is wrong, or only some of several hosts are well; 2 wrong use; 3 it
cannot be reached or logged on to.`,
  );
}

export const doctor: CliCommand<Flags> = {
  describe,
  async run(run, flags) {
    const names = serversOf({ ...flags, server: [...run.words, ...(flags.server ?? [])] });
    if (names.length === 0) {
      throw new UsherError({
        code: 'usage',
        message: 'no host is named',
        hint: 'name one: usher doctor HOST, or --all',
      });
    }
    const { hosts } = select(run, await inventoryFor(run), names);
    const report = await reportOn(run, hosts.length, flags.verbose ?? false);
    const over = new Map<string, Examination>();
    for await (const event of examineHosts(await fleetFor(run), hosts, run.around.signal)) {
      if (event.kind === 'finding') {
        report.found(event.finding);
        continue;
      }
      over.set(event.examination.host.name, event.examination);
      report.over(event.examination);
    }
    const examinations = hosts.flatMap(({ name }) => over.get(name) ?? []);
    report.end(examinations);
    return exitCodeOf(examinations);
  },
};

/** Where examinations are told, as they come or when all are over. */
interface Report {
  found(one: Finding): void;
  over(examination: Examination): void;
  end(all: readonly Examination[]): void;
}

const nothing = (): void => undefined;

async function reportOn(run: Run, hosts: number, verbose: boolean): Promise<Report> {
  const { globals, around } = run;
  if (globals.format === 'json') {
    const end = (all: readonly Examination[]): void =>
      printJson(run, {
        hosts: all.map(examinationJson),
        errors: errorRows(all.flatMap((one) => failureOf(one) ?? [])),
      });
    return { found: nothing, over: nothing, end };
  }
  if (globals.format === 'csv') {
    const end = (all: readonly Examination[]): void =>
      around.stdout.write(csvLine(csvFields) + all.flatMap(csvLines).join(''));
    return { found: nothing, over: nothing, end };
  }
  return textReport(run, hosts, verbose);
}

/** On a terminal the findings of one host are told as they come, and the verdict after them; else it comes first. */
async function textReport(run: Run, hosts: number, verbose: boolean): Promise<Report> {
  const { stdout } = run.around;
  const { detailsOf, findingLine, verdictText } = await import('./doctor-report.ts');
  const look = { width: stdout.isTerminal ? (stdout.columns ?? 80) : null, paint: paintOf(run), verbose };
  const { quiet } = run.globals;
  const live = stdout.isTerminal && hosts === 1 && !quiet;
  let told = 0;
  return {
    found(one) {
      if (live) stdout.write(findingLine(one, look));
    },
    over(examination) {
      const { findings } = examination;
      const verdict = verdictText(examination, look);
      const lines = findings.map((one) => findingLine(one, look)).join('');
      const details = detailsOf(findings, look);
      const between = told > 0 && !quiet ? '\n' : '';
      told += 1;
      stdout.write(quiet ? verdict : between + (live ? '' : verdict + lines) + (live ? `\n${verdict}` : '') + details);
    },
    end(all) {
      if (stdout.isTerminal && hosts > 1 && !quiet) stdout.write(`\n${summaryOf(all)}\n`);
    },
  };
}

const verdictWords: Readonly<Record<HostVerdict, string>> = {
  works: 'well',
  'works-in-part': 'in part',
  'not-logged-on': 'not logged on to',
  unreachable: 'not reached',
};

/** `12 hosts · 10 well · 2 not reached`. */
function summaryOf(all: readonly Examination[]): string {
  const counts = Object.entries(verdictWords).flatMap(([verdict, words]) => {
    const number = all.filter((one) => one.verdict === verdict).length;
    return number === 0 ? [] : [`${number} ${words}`];
  });
  return [count(all.length, 'host'), ...counts].join(' · ');
}

function exitCodeOf(all: readonly Examination[]): number {
  const failed = all.filter((one) => failureOf(one) !== null).length;
  if (failed > 0 && failed === all.length) return 3;
  return all.every(({ verdict }) => verdict === 'works') ? 0 : 1;
}

/** An examination as `--json` prints it. */
function examinationJson({ host, verdict, findings }: Examination) {
  return {
    host: host.name,
    verdict,
    findings: findings.map(({ check, of, verdict: how, summary, meaning, mends, details, error }) => ({
      check,
      of,
      verdict: how,
      summary,
      meaning,
      mends: mends.map(({ where, paste }) => ({ where, paste })),
      details,
      error: error === null ? null : errorRow(error),
    })),
  };
}

const csvFields = ['host', 'hostVerdict', 'check', 'of', 'verdict', 'summary', 'meaning', 'mends', 'details'] as const;

function csvLines({ host, verdict, findings }: Examination): readonly string[] {
  return findings.map((one) => {
    const mends = one.mends.map(({ where, paste }) => labelled(where, paste.replaceAll('\n', ' ; '))).join(' | ');
    const told = [one.check, one.of, one.verdict, one.summary, one.meaning, mends, one.details.join(' | ')];
    return csvLine([host.name, verdict, ...told]);
  });
}
