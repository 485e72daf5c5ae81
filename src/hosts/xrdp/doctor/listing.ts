import type { HostNote, HostReading } from '../../driver.ts';
import type { Host } from '../../../sessions/host.ts';
import { shellWord } from '../../../sessions/shell-word.ts';
import { type Finding, finding } from '../../finding.ts';
import { asRoot } from './place.ts';

/** Notes that another finding tells with more. */
const toldElsewhere: readonly string[] = [
  'not-root',
  'processes-hidden',
  'sudo-refused',
  'no-sock-diag',
  'sesman-not-running',
];

/** What a list of the host's sessions holds, and what it lacks. `locks`: displays whose lock file was left behind. */
export function listingFindings(host: Host, reading: HostReading, locks: readonly number[]): readonly Finding[] {
  const { sessions, complete, notes } = reading;
  const count = (of: string): number => sessions.filter(({ state }) => state === of).length;
  const troubled = sessions.filter(({ troubles }) => troubles.length > 0);
  const parts = (['active', 'disconnected', 'down'] as const).flatMap((state) => {
    const number = count(state);
    return number === 0 ? [] : [`${number} ${state}`];
  });
  const summary =
    sessions.length === 0 ? 'no session is there' : `${sessions.length} listed: ${parts.join(', ') || 'state unknown'}`;
  const troubles = troubled
    .slice(0, 16)
    .map(({ name, user, troubles: [first] }) => `${name} of ${user ?? 'unknown'}: ${first?.reason ?? ''}`);
  const list: Finding =
    troubled.length > 0
      ? finding('sessions', 'warning', `${summary}; ${troubled.length} in trouble`, {
          meaning: 'They look hung or lagging, or nobody can come back to them.',
          mends: [{ where: 'here', paste: `usher sessions -s ${shellWord(host.name)} --troubled` }],
          details: troubles,
        })
      : complete
        ? finding('sessions', 'ok', summary)
        : finding('sessions', 'warning', `${summary}, and more may be there`, {
            meaning: 'The list is not known to be complete, so no session is taken for gone, and an end is not proven.',
          });
  return [
    list,
    ...notes.filter(({ code }) => !toldElsewhere.includes(code)).map((note) => noteFinding(host, note, locks)),
  ];
}

function noteFinding(host: Host, { code, message, columns, hint }: HostNote, locks: readonly number[]): Finding {
  const cost = columns.length === 0 ? null : `Not known because of it: ${columns.join(', ')}.`;
  if (code === 'stale-display-locks') {
    return finding('list', 'warning', message, {
      of: code,
      meaning: 'Each of them is a display number that no new session can have, for ever.',
      mends: [
        {
          where: asRoot(host),
          paste: locks
            .slice(0, 64)
            .map((display) => `rm -f /tmp/.X${display}-lock /tmp/.X11-unix/X${display}`)
            .join('\n'),
        },
      ],
    });
  }
  return finding('list', 'warning', message, { of: code, meaning: [cost, hint].filter(Boolean).join(' ') || null });
}
