import { Command } from 'commander';
import type { FoundSession } from '../fleet/find-sessions.ts';
import { actEffects } from '../sessions/act-effects.ts';
import { parseDuration, type Seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { SessionState } from '../sessions/state.ts';
import type { Message, MessageOutcome } from '../hosts/message.ts';
import { type CliCommand, withExamples } from './command.ts';
import { blank, runAct } from './acts/act.ts';
import { type ActOutcome, failureOf } from './acts/outcomes.ts';
import type { Progress } from './acts/progress.ts';
import { type TargetFlags, withTargetOptions } from './acts/targets.ts';
import { filterOf, isFiltering } from './filter-options.ts';
import type { Run } from './run.ts';

export interface MessageFlags extends TargetFlags {
  readonly ask?: string;
  readonly wait?: string;
  readonly title?: string;
}

const usualWait = '60s';
const longestText = 2000;
const longestTitle = 100;

/** The sets of buttons, as Windows has them (MB_OK and so on), by what is answered. */
const buttonSets: Readonly<Record<string, readonly [string, ...string[]]>> = {
  ok: ['OK'],
  'ok-cancel': ['OK', 'Cancel'],
  'yes-no': ['Yes', 'No'],
  'yes-no-cancel': ['Yes', 'No', 'Cancel'],
  'retry-cancel': ['Retry', 'Cancel'],
};

function describe(name: string): Command {
  const command = withTargetOptions(new Command(name))
    .usage('[options] [session...] <text>')
    .summary('show a message and hear the answer')
    .description(`The last argument is the text. ${actEffects.message.inShort}`);
  command
    .option(
      '--ask <buttons>',
      `the buttons: ${Object.keys(buttonSets).join(', ')} (default: ok); a question that nobody answers exits with 1`,
    )
    .option('--wait <duration>', `how long it stays without an answer (default: ${usualWait})`)
    .option('--title <text>', 'the title of the box (default: Message from the administrator)');
  return withExamples(command, [
    ['usher message alice@ts01 "Please save your work."', 'shown for a minute, or until she presses OK'],
    ['usher message alice@ts01 "May I restart Excel?" --ask yes-no', 'prints what she answered'],
    ['usher message --state active -s @rds "Updates at noon." --yes', 'to everybody who is there'],
  ]);
}

/** A message as it is where no option says more. Throws {@link UsherError} `usage`. */
export const usualMessage = (text: string): Message => messageOf(text, {});

export const message: CliCommand<MessageFlags> = {
  describe,
  async run(run, flags) {
    const words = run.words.slice(0, -1);
    const text = run.words.at(-1) ?? '';
    if (words.length === 0 && !isFiltering(filterOf(flags))) throw sessionOrTextIsMissing(text);
    return sendMessage(run, words, flags, { text, isAwaited: true });
  },
};

/** Sends a message to the sessions that are chosen. One that is not awaited stays where the host shows it by itself. */
export async function sendMessage(
  run: Run,
  words: readonly string[],
  flags: MessageFlags,
  { text, isAwaited }: { readonly text: string; readonly isAwaited: boolean },
): Promise<number> {
  const box = messageOf(text, flags);
  return runAct(run, words, flags, {
    act: 'message',
    verb: 'send the message to',
    plan: () =>
      `show "${text.length > 60 ? `${text.slice(0, 59)}…` : text}" with ${box.buttons.map(({ label }) => label).join(', ')}`,
    perform: (found, progress) => showMessage(run, found, progress, box, isAwaited),
  });
}

function messageOf(text: string, flags: Pick<MessageFlags, 'ask' | 'wait' | 'title'>): Message {
  const { ask = 'ok', wait = usualWait, title = 'Message from the administrator' } = flags;
  const buttons = Object.hasOwn(buttonSets, ask) ? buttonSets[ask] : undefined;
  if (buttons === undefined) throw wrong(`--ask takes one of ${Object.keys(buttonSets).join(', ')}`);
  if (text.trim() === '') throw wrong('the message has no text');
  if (text.length > longestText) throw wrong(`a message has at most ${longestText} characters`);
  if (title.length > longestTitle) throw wrong(`a title has at most ${longestTitle} characters`);
  const stays: Seconds = parseDuration(wait);
  if (stays <= 0) throw wrong('--wait must be longer than 0s');
  const [first, ...others] = buttons;
  const button = (label: string) => ({ answer: label.toLowerCase(), label });
  return { title, text, buttons: [button(first), ...others.map(button)], stays, countdown: null };
}

function sessionOrTextIsMissing(only: string): UsherError {
  return new UsherError({
    code: 'usage',
    message:
      only === ''
        ? 'neither a session nor a text is given'
        : `there is only '${only}': a message takes a session and a text`,
    hint: 'usher message alice@ts01 "Please save your work."',
  });
}

const places: Partial<Record<SessionState, string>> = {
  active: 'on the screen',
  disconnected: 'on the desktop, where no client is connected',
};

const wrong = (message: string): UsherError => new UsherError({ code: 'usage', message });

/** Shows it to one session, and waits until it is answered or its time is over, or as long as it must to be shown. */
export async function showMessage(
  run: Run,
  found: FoundSession,
  progress: Progress,
  box: Message,
  isAwaited = true,
): Promise<ActOutcome> {
  const { identity, id } = found.session;
  const base = blank(found, 'message');
  const began = run.around.now();
  const { signal } = run.around;
  // Only on Windows hosts does a message stay when nobody waits for it: on xrdp hosts it is Usher that shows it.
  const enough = new AbortController();
  const leaves = !isAwaited && identity.kind !== 'xrdp';
  try {
    const where = places[found.session.state ?? 'init'] ?? 'on the desktop';
    const shown = (by: string): void => {
      progress.say(found.session, `${where} (${by})`);
      if (leaves) enough.abort();
    };
    const until = AbortSignal.any([signal, enough.signal]);
    const outcome = await found.host.hold(
      (connection) => connection.message({ identity, id, reason: null, traces: [] }, box, { shown }, until),
      signal,
    );
    const plainly = tell(outcome, signal.aborted, leaves ? found.session.state : null);
    const isQuestion = box.buttons.length > 1;
    const told = isQuestion && plainly.outcome === 'shown' ? { ...plainly, outcome: 'unanswered' } : plainly;
    const steps = [{ step: 'message', began, ended: run.around.now(), result: told.why || told.outcome }];
    return { ...base, steps, ...told };
  } catch (error) {
    return { ...base, ...failureOf(error) };
  }
}

const unseen = 'it was on the desktop, but no client was connected to see it';

function tell(
  outcome: MessageOutcome,
  left: boolean,
  /** The state of a session whose message was left there on purpose. */
  leavesIt: SessionState | null,
): Pick<ActOutcome, 'outcome' | 'why' | 'answer'> {
  switch (outcome.kind) {
    case 'answered':
      return { outcome: 'answered', why: '', answer: outcome.answer };
    case 'timed-out':
      return { outcome: 'shown', why: 'nobody answered in time', answer: null };
    case 'closed':
      return left
        ? { outcome: 'cancelled', why: 'taken back', answer: null }
        : { outcome: 'shown', why: 'the user closed it without an answer', answer: null };
    case 'left': {
      const stays = 'it stays on the screen until its time is over';
      if (left) return { outcome: 'cancelled', why: `not waited for any more: ${stays}`, answer: null };
      if (leavesIt === 'disconnected') return { outcome: 'unseen', why: unseen, answer: null };
      const why = leavesIt === null ? `too many messages of this host wait for an answer already: ${stays}` : stays;
      return { outcome: 'shown', why, answer: null };
    }
    case 'unseen':
      return { outcome: 'unseen', why: unseen, answer: null };
    case 'not-shown':
      return { outcome: left ? 'cancelled' : 'not_shown', why: outcome.why, answer: null };
  }
}
