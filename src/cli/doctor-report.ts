import { type Examination, worstOf } from '../fleet/examination.ts';
import type { Finding, Mend, Verdict } from '../hosts/finding.ts';
import { labelled } from '../sessions/errors.ts';
import { count } from './measures.ts';
import { printable } from './printable.ts';
import type { Paint, Style } from './table.ts';
import { wrapped } from './wrap.ts';

/** How findings are to be shown. */
export interface ReportLook {
  /** The terminal's width; null on a pipe, where a finding is one line and its verdict a word. */
  readonly width: number | null;
  readonly paint: Paint;
  /** Whether what is as it should be is told in full too. */
  readonly verbose: boolean;
}

const signs: Readonly<Record<Verdict, { readonly sign: string; readonly word: string; readonly style: Style }>> = {
  ok: { sign: '✓', word: 'ok', style: 'green' },
  warning: { sign: '!', word: 'warning', style: 'yellow' },
  problem: { sign: '✗', word: 'problem', style: 'red' },
  unknown: { sign: '?', word: 'unknown', style: 'dim' },
};

const widestWord = 7;
/** Cells for what was looked at; a longer name has a line of its own. */
const labelWidth = 24;
/** The same on a pipe, where there is room for the longest name of a pipe. */
const wideLabel = 31;
/** Prose is no wider than this, however wide the terminal. */
const proseWidth = 80;

/** The verdict in colour, ended by a line feed. */
export function verdictText(examination: Examination, { width, paint }: ReportLook): string {
  const line = printable(verdictLine(examination));
  const style = verdictStyle(examination);
  return (width === null ? [line] : wrapped(line, width)).map((one) => `${paint(style, one)}\n`).join('');
}

/** `xh1: works, with 2 warnings`. */
function verdictLine({ host, verdict, findings }: Examination): string {
  const worst = worstOf(findings)?.summary ?? 'nothing was found out';
  switch (verdict) {
    case 'works': {
      const rights = rightsUnknown(findings);
      const works = rights === undefined ? 'works' : `works, but ${rights.summary}`;
      const rest = findings.filter((one) => one !== rights);
      return labelled(host.name, [works, tallyOf(rest, ['warning', 'unknown'])].filter(Boolean).join(', with '));
    }
    case 'works-in-part': {
      const problems = findings.filter((one) => one.verdict === 'problem').length - 1;
      const more = [
        problems > 0 ? count(problems, 'more problem') : '',
        tallyOf(findings, ['warning', 'unknown']),
      ].filter(Boolean);
      return labelled(host.name, `logged on, but ${worst}${more.length === 0 ? '' : ` (${more.join(', ')})`}`);
    }
    case 'not-logged-on':
      return labelled(host.name, `cannot be logged on to: ${worst}`);
    case 'unreachable':
      return labelled(host.name, `cannot be reached: ${worst}`);
  }
}

/** Says that of no act is known whether the account may do it. */
const rightsUnknown = (findings: readonly Finding[]): Finding | undefined =>
  findings.find(({ check, of, verdict }) => check === 'right' && of === null && verdict === 'unknown');

/** `2 warnings and 1 unknown`; empty where there are none. */
function tallyOf(findings: readonly Finding[], of: readonly ('warning' | 'unknown')[]): string {
  return of
    .map((verdict) => [verdict, findings.filter((one) => one.verdict === verdict).length] as const)
    .filter(([, number]) => number > 0)
    .map(([verdict, number]) => (verdict === 'warning' ? count(number, 'warning') : `${number} unknown`))
    .join(' and ');
}

function verdictStyle({ verdict, findings }: Examination): Style {
  if (verdict !== 'works') return 'red';
  const isDoubtful = rightsUnknown(findings) !== undefined || findings.some((one) => one.verdict === 'warning');
  return isDoubtful ? 'yellow' : 'green';
}

/** One finding's line, or on a narrow terminal lines, each ended by a line feed. */
export function findingLine(one: Finding, { width, paint }: ReportLook): string {
  const { sign, word, style } = signs[one.verdict];
  const mark = width === null ? word.padEnd(widestWord) : sign;
  const label = printable(labelOf(one)).padEnd(width === null ? wideLabel : labelWidth);
  const indent = ' '.repeat(2 + mark.length + 1 + labelWidth + 2);
  if (width === null) return `  ${paint(style, mark)} ${label}  ${printable(one.summary)}\n`;
  const lines = wrapped(printable(one.summary), Math.max(24, width - indent.length));
  const isLong = label.length > labelWidth;
  const [first = '', ...others] = isLong ? ['', ...lines] : lines;
  const below = others.map((line) => `${indent}${line}\n`).join('');
  return `${`  ${paint(style, mark)} ${label}  ${first}`.trimEnd()}\n${below}`;
}

/** What findings mean and how they are mended: one paragraph for each, and for those that are mended, or mean, the same. */
export function detailsOf(findings: readonly Finding[], look: ReportLook): string {
  const told = findings.filter(({ verdict }) => verdict !== 'ok' || look.verbose);
  const alike = Map.groupBy(told, ({ check, verdict, meaning, mends }) =>
    JSON.stringify([check, verdict, mends.length > 0 ? mends : meaning]),
  );
  return [...alike.values()].map((group) => paragraph(group, look)).join('');
}

/** Empty where there is nothing to tell. */
function paragraph(alike: readonly Finding[], look: ReportLook): string {
  const [first] = alike;
  if (first === undefined) return '';
  const { paint, width } = look;
  const room = Math.min(width ?? proseWidth, proseWidth);
  const meanings = new Set(alike.flatMap(({ meaning }) => meaning ?? []));
  const facts = new Set(alike.flatMap((one) => [...one.details, ...(look.verbose ? causesOf(one) : [])]));
  const parts = [
    ...[...meanings].map((meaning) => prose(meaning, '    ', room)),
    ...first.mends.map((mend) => mendText(mend, room)),
    ...[...facts].map((fact) => prose(fact, '    ', room, (line) => paint('dim', line))),
  ].join('');
  return parts === '' ? '' : `\n${alike.map((one) => titleOf(one, room, look)).join('')}${parts}`;
}

function titleOf(one: Finding, room: number, { paint, width }: ReportLook): string {
  const { sign, word, style } = signs[one.verdict];
  const mark = width === null ? `${word}:` : sign;
  const title = wrapped(printable(`${labelOf(one)}: ${one.summary}`), room - mark.length - 1);
  return title.map((line, at) => `${at === 0 ? paint(style, mark) : '   '} ${paint('bold', line)}\n`).join('');
}

/** What is to be pasted stands in lines of its own, as it is: a wrapped command is another one. */
function mendText({ where, paste }: Mend, room: number): string {
  const lines = paste.split('\n').map((line) => `        ${printable(line)}\n`);
  return prose(`${where}:`, '    → ', room) + lines.join('');
}

/** The text wrapped, with this before its first line and as much space before the others. */
function prose(text: string, before: string, room: number, painted = (line: string): string => line): string {
  const lines = wrapped(printable(text), room - before.length);
  return lines.map((line, at) => `${at === 0 ? before : ' '.repeat(before.length)}${painted(line)}\n`).join('');
}

function causesOf({ error }: Finding): readonly string[] {
  const lines: string[] = [];
  for (let at: unknown = error; at instanceof Error && lines.length < 8; at = at.cause) lines.push(at.message);
  return lines.length === 0 ? [] : [`because: ${lines.join(': ')}`];
}

const labelOf = ({ check, of }: Finding): string => (of === null ? check : `${check} ${of}`);
