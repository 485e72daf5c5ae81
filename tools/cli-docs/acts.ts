import { actEffects, type ActEffect } from '../../src/sessions/act-effects.ts';
import { type Act, acts, allowedActions } from '../../src/sessions/allowed-actions.ts';

const opening = `# What acts do to people

Written by \`npm run docs\` from the tables of acts (\`src/sessions/act-effects.ts\`, \`src/sessions/allowed-actions.ts\`): change those,
not this page.

Three things that are often told wrong:

- **A reset logs the user off** and loses what is not saved. It neither "refreshes" a session nor keeps its programs.
- **Closing the client's window only disconnects.** Programs go on, the memory and the slot stay taken, until somebody logs off.
- **A call that returned proves nothing.** Usher says "ended" only after it has read the whole host again, successfully, without the session
  and without any process of it.

Every act compares first, on the host and in the same request: is it the same session (boot, X server's pid and start, user), and
does the reason still hold? If not, nothing is done, and the outcome is \`session_changed\`.
`;

const outcomes = `## How an act can come out

| outcome | meaning | exit code |
|---|---|---|
| \`ended\`, \`disconnected\`, \`reconnected\`, \`killed\`, \`answered\`, \`shown\` | what was wanted, read again at the time that is told | 0 |
| \`failed\` | the session, or something of it, is still there after the last step; it says which step and what hangs | 1 |
| \`came_back\` | with \`--unless-back\`: the user gave input or connected again; nothing was done | 1 |
| \`unseen\`, \`not_shown\` | a message that no client was connected to see, or that could not be put on the screen, and why | 1 |
| \`unknown\` | the host went away in the middle, or hides what would prove it; Usher looks again for as long as \`--settle\` says | 3 |
| \`session_changed\`, \`not_allowed\`, \`refused\` | another session by now; no sense in this state; no permission. Nothing was done | 4 |
| \`cancelled\` | Ctrl-C: during a warning nothing was done; after a step it says that its end was not seen | 130 |

Where several sessions are acted on and some fail, the exit code is 1.

## The ladder

\`usher end\` warns (message, countdown, answer), logs off, and reads again. Without \`--force\` it stops there. With it, whatever is still there
is reset, then its logon process is killed, then everything that is left of it; each step is read again, for as long as \`--patience\` says, before
the next. A user who asks for more time gets it, as often as \`--times\` says. One session has one ending at a time.
`;

const rows: readonly (readonly [string, (effect: ActEffect) => string])[] = [
  ['programs kept', ({ programsKept }) => programsKept],
  ['work lost', ({ workLost }) => workLost],
  ['slot freed', ({ slotFreed }) => slotFreed],
  ['the user sees', ({ userSees }) => userSees],
  ['on xrdp', ({ onXrdp }) => onXrdp],
  ['on Windows (not yet)', ({ onWindows }) => onWindows],
];

/** The page that tells what each act does: docs/acts.md. */
export function renderActs(): string {
  return `${[opening, ...acts.map(renderAct), outcomes].join('\n').trimEnd()}\n`;
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
