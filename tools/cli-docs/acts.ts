import { actEffects, type ActEffect } from '../../src/sessions/act-effects.ts';
import { type Act, acts, allowedActions } from '../../src/sessions/allowed-actions.ts';

type Column = readonly [title: string, of: (effect: ActEffect) => string];

const opening = `# What acts do to people

Written by \`npm run docs\` from the tables of acts (\`src/sessions/act-effects.ts\`, \`src/sessions/allowed-actions.ts\`): change those,
not this page.

Three things that are often told wrong:

- **A reset logs the user off** and loses what is not saved. It neither "refreshes" a session nor keeps its programs.
- **Closing the client's window only disconnects.** Programs go on, the memory and the slot stay taken, until somebody logs off.
- **A call that returned proves nothing.** Usher says "ended" only after it has read the whole host again, successfully, without the session
  and without any process of it.

A slot is the session's place on its host: what a limit on sessions counts, and what its memory is held by.

Every act compares first, on the host: is it the same session (on xrdp boot, X server's pid and start, and user, in the same request; on Windows
boot, logon time and user, or the logon process, [right before](windows-hosts.md#acts)), and does the reason still hold? If not, nothing is done, and
the outcome is \`session_changed\`.
What each desktop was seen to do on a log-off is in [xrdp-hosts.md](xrdp-hosts.md#log-off-by-desktop).
`;

const outcomes = `## How an act can come out

\`--json\` and \`--csv\` have these words; text has a space in place of the underscore. A document has a
note \`simulated\` for each host of the simulated estate that was acted on: nobody works there.

| outcome | meaning | exit code |
|---|---|---|
| \`ended\` | a complete reading of the host found neither the session nor any process of it, at the time that is told | 0 |
| \`disconnected\`, \`reconnected\` | read again: the session is there without a client, or its user is back | 0 |
| \`connected\` | read again: the session has a client, and the other one has none any more | 0 |
| \`killed\` | read again: the process is gone | 0 |
| \`answered\`, \`shown\` | the message: which button was pressed, or that it was on the screen of a connected client and nobody pressed its only one | 0 |
| \`planned\` | \`--dry-run\`: what would be done. Nothing was | 0 |
| \`failed\` | after the last step the session, or something of it, is still there; it says which step and what hangs | 1 |
| \`came_back\` | with \`--unless-back\`, or chosen for being idle or disconnected: the user gave input or connected again during the warning; nothing was done | 1 |
| \`not_back\` | \`unfreeze\`: disconnected, but the user did not connect again in time; programs go on | 1 |
| \`unanswered\` | a question (\`--ask\`) was on the screen of a connected client, and nobody answered it | 1 |
| \`unseen\` | the message was on the desktop, but no client was connected to see it | 1 |
| \`not_shown\` | the message could not be put on the screen, and why | 1 |
| \`unknown\` | the host went away in the middle, or hides what would prove it, and did so for as long as \`--settle\` says. It may have been done: look again | 3 |
| \`session_changed\` | the session is another one by now, or not there any more. Nothing was done | 4 |
| \`not_allowed\` | the act makes no sense in this state, the process is not of this session, whether the user came back cannot be seen, or others that were chosen with it are too many or not the user's of \`--expect-user\`. Nothing was done | 4 |
| \`refused\` | no permission on the host; it says what was done before, if anything was | 4 |
| \`cancelled\` | Ctrl-C. It says that nothing was done, or what was tried without its end being seen | 130 |

Of several sessions: 0 where all were done, 130 where one was cancelled, 4 where all were refused, 3 where all are unknown, else 1. A host that was
searched and did not answer makes a 0 a 1.

Several sessions, and whatever a filter chose, are confirmed once by their number, after a table of whom it means. In a pipe or a script nobody can be
asked: \`--yes\` says it beforehand, and two sessions that are both named need it too. \`--expect-user\` holds for all that were chosen: is one
of them somebody else's, none is acted on. More than \`--at-most\` are shown and left alone.

## What vouches for a session

An id, and a display's or WinStation's name, means whoever has it now. So Usher remembers for 15 minutes what its listings showed (\`sessions\`,
\`processes\` and Microsoft's names for them): host, id, name, key, account and time. What means another session by now, or the same user's after
a restart of the host, is left alone: \`id 3 was alice at 14:02, now bob: nothing was done\`. Where nothing was listed a terminal asks for the
user's name, and a script passes \`--expect-user\` or the session's \`key\`; without either it is done, said to be unguarded, and recorded so.

| \`guardedBy\` | what vouched for it |
|---|---|
| \`key\` | it was named by its key, which no other session ever has |
| \`memory\` | a listing within the last 15 minutes showed this very session by that id or name |
| \`expect-user\` | \`--expect-user\`, which outranks the memory |
| \`user\`, \`filter\` | it was named by its user, or chosen by a filter: it is what was asked for, whichever session that is |
| \`confirmed\` | somebody at the terminal typed the user's name, or the number of sessions that were shown |
| \`null\` | nothing: an id or name alone, or the pid of a process in it |

The memory is \`usher/listed.json\` in \`$XDG_STATE_HOME\` (\`~/.local/state\`; \`%LOCALAPPDATA%\` on Windows), for its owner alone. It holds the newest
20,000 sessions. One that is damaged, a link, somebody else's or open to others is not used: that is said, and nothing fails of it. \`USHER_MEMORY=off\` does without.

## The ladder

\`usher end\` warns whoever is connected (message, countdown, answer), logs off, and reads again. **Without \`--force\` it stops there**: a session that is
still there is \`failed\`, with the programs that hang: those that are stopped first. A stopped program keeps the request pending, and ends when somebody
continues it; \`usher kill --pid\` ends it alone. With \`--force\` it is reset, then its logon process is killed, then everything that is left of it;
each step is read again for as long as \`--patience\` says before the next, and the first reading without the session ends the climb. What must
not be killed (on xrdp the session leader; on Windows csrss, smss, wininit, lsass and services) is not, not even with force: where only that is left the outcome is \`failed: host restart needed\`.

A user who asks for more time gets it, as often as \`--times\` says; "log off now" is done at once. Ctrl-C calls it off, and says
whether the warning was taken back or stays, as it does on a Windows host.
`;

const overview: readonly Column[] = [
  ['programs kept', ({ programsKept }) => programsKept],
  ['work lost', ({ workLost }) => workLost],
  ['slot freed', ({ slotFreed }) => slotFreed],
  ['the user sees', ({ userSees }) => userSees],
];

const rows: readonly Column[] = [
  ...overview,
  ['on xrdp', ({ onXrdp }) => onXrdp],
  ['on Windows', ({ onWindows }) => onWindows],
];

/** The page that tells what each act does: docs/acts.md. */
export function renderActs(): string {
  return `${[opening, renderOverview(), outcomes, ...acts.map(renderAct)].join('\n').trimEnd()}\n`;
}

function renderOverview(): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;
  const header = line(['act', ...overview.map(([name]) => name)]) + `|${'---|'.repeat(overview.length + 1)}\n`;
  return header + acts.map((act) => line([act, ...overview.map(([, of]) => of(actEffects[act]))])).join('');
}

function renderAct(act: Act): string {
  const { states, otherwise } = allowedActions[act];
  const cells = [
    ...rows.map(([name, of]) => [name, of(actEffects[act])] as const),
    ['makes sense when', states.join(', ')],
  ];
  const table = cells.map(([name, text]) => `| ${name} | ${cell(text ?? '')} |`);
  return `## ${act}\n\n${actEffects[act].inShort}\n\n| | |\n|---|---|\n${table.join('\n')}\n| else | ${cell(otherwise)} |\n`;
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
