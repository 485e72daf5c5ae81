import { milliseconds, seconds } from '../../../src/sessions/duration.ts';
import type { BehaviourKind } from '../../../src/simulator/behaviours/behaviour.ts';
import { behaviourKinds } from '../../../src/simulator/behaviours/behaviours.ts';
import type { Event, Scenario, Verb } from './scenario.ts';

/** A row of the matrix: one behaviour, of whom, and since when. */
export interface Row {
  readonly kind: string;
  /** With its settings. */
  readonly words: string;
  readonly of: 'host' | 'session';
  /** Whether Usher lists a host that behaves well, and acts on one that does not any more. */
  readonly since: 'ever' | 'listed';
}

/** What is set of behaviours that are nothing, or much else, by their name alone. */
const settings: Readonly<Record<string, readonly string[]>> = {
  'access-denied': ['query', 'message', 'disconnect', 'logoff', 'reset', 'connect', 'terminate'].map(
    (right) => `right=${right}`,
  ),
  'answers-messages': ['button=first', 'button=last'],
  drops: ['', 'call=RpcLogoff times=1', 'call=RpcWinStationReset times=1'],
  garbage: ['', 'call=RpcLogoff times=1', 'level=smb call=RpcLogoff times=1'],
  'half-open': ['', 'call=RpcLogoff times=1'],
  'hangs-until-processes-die': ['', 'ends=never'],
  'id-reused': ['user=dave'],
  'loses-rights': ['after=40', 'after=75'],
  'never-answers': [
    '',
    'call=RpcLogoff',
    'call=RpcWinStationReset',
    'call=RpcWinStationTerminateProcess',
    'call=RpcGetSessionInformationEx',
  ],
  'pipe-missing': ['', 'pipe=TermSrv_API_service', 'pipe=LSM_API_service'],
  reboots: ['at=2s down=3s', 'call=RpcLogoff down=3s'],
  stalls: ['', 'call=RpcLogoff times=1'],
  'stays-down': ['for=3s'],
  'user-reconnects': ['on=disconnect after=1s', 'on=warning after=1s'],
  'wrong-filetimes': ['as=zero', 'as=early', 'as=future'],
};

/** Every behaviour by itself, as each of its settings has it; the first of them beginning in the middle, too. */
export function rowsOf(kinds: readonly Pick<BehaviourKind, 'name' | 'of'>[] = behaviourKinds): readonly Row[] {
  return kinds.flatMap(({ name: kind, of }) => {
    const all = (settings[kind] ?? ['']).map((set) => `${kind} ${set}`.trim());
    const [narrow, wide] = [
      of.includes('session') ? 'session' : 'host',
      of.includes('host') ? 'host' : 'session',
    ] as const;
    return [
      ...all.map((words): Row => ({ kind, words, of: narrow, since: 'ever' })),
      ...all.slice(0, 1).map((words): Row => ({ kind, words, of: wide, since: 'listed' })),
    ];
  });
}

/** Behaves well: what every row is to be compared with. */
export const wellBehaved: Row = { kind: 'none', words: 'none', of: 'host', since: 'ever' };

export const nameOf = ({ words, of, since }: Row): string =>
  `${words}, ${of}${since === 'ever' ? '' : ', once listed'}`;

const whenListed = milliseconds(500);

/** The verb on the session of alice, who is there, on a host where only this is not as it should be. */
export function scenarioOf({ kind, words, of, since }: Row, verb: Verb): Scenario {
  const behaves = kind === 'none' || since === 'listed' ? [] : [words];
  const event: Event = { what: 'behaves', like: words, who: of === 'host' ? null : 'alice', when: { at: whenListed } };
  return {
    seed: 1,
    host: {
      behaves: of === 'host' ? behaves : [],
      latency: milliseconds(1),
      skew: milliseconds(0),
      pace: milliseconds(100),
    },
    sessions: [
      { who: 'alice', state: 'active', idle: seconds(600), behaves: of === 'session' ? behaves : [] },
      { who: 'bob', state: 'active', idle: seconds(90), behaves: [] },
    ],
    verb,
    target: 'alice',
    other: 'bob',
    because: 'asked',
    warn: seconds(2),
    extension: { by: seconds(2), times: 1 },
    patience: seconds(0.6),
    settle: seconds(4),
    stale: milliseconds(2 * whenListed),
    events: since === 'listed' ? [event] : [],
  };
}

export type Table = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** `| row | message | disconnect |…`, the first line its verbs. */
export function parseTable(text: string): Table {
  const [head = [], ...lines] = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return new Map(
    lines.map(([name = '', ...cells]) => [name, new Map(cells.map((cell, at) => [head[at + 1] ?? '', cell]))]),
  );
}

export function formatTable(table: Table, columns: readonly string[]): string {
  const lines = [
    ['', ...columns],
    ...[...table].map(([name, cells]) => [name, ...columns.map((one) => cells.get(one) ?? '')]),
  ];
  const widths = ['', ...columns].map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  return lines.map((line) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`).join('');
}
