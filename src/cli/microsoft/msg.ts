import { open } from 'node:fs/promises';
import { UsherError } from '../../sessions/errors.ts';
import { type MessageFlags, sendMessage } from '../message.ts';
import type { Run } from '../run.ts';
import { type Grammar, numberOf, wrong } from './arguments.ts';
import { microsoftCommand } from './command.ts';
import { verboseRow } from './session-act.ts';

const grammar: Grammar = {
  command: 'msg',
  usage: '{USERNAME | SESSIONNAME | ID | @FILE | *} [/server:NAME] [/time:SECONDS] [/v] [/w] [TEXT]',
  switches: { server: 'value', time: 'value', v: 'alone', w: 'alone' },
  operands: 1,
  takesText: true,
};

const times = { least: 1, most: 315_360_000 } as const;
const mostInput = 64 * 1024;
const mostNames = 1000;

export const msg = microsoftCommand<MessageFlags>({
  grammar,
  summary: 'send a message: usher message',
  description:
    'Shows a message, as `usher message` does, with the arguments of msg. The text is what follows, or comes from standard input. * is everybody who is there: it needs --yes, and quotes where a shell would make names of files of it. A file has one name a line.',
  rows: [
    ['/time:SECONDS', 'how long it stays without an answer (default: 60)'],
    ['/w', 'waits for the answer; on xrdp hosts it is waited for anyway, since Usher itself shows the box there'],
    verboseRow,
  ],
  withOptions: (command) =>
    command
      .option('--expect-user <user>', 'refuse unless every session is this user’s')
      .option('--at-most <number>', 'refuse to send it to more sessions than this (default: 25)')
      .option('--title <text>', 'the title of the box'),
  examples: [
    ['usher msg alice /server:ts01 /time:30 Please save your work', 'to alice'],
    ["usher msg '*' /server:ts01 --yes < notice.txt", 'a text from a file, to everybody'],
  ],
  async run(run, given, flags) {
    const [target] = given.operands;
    if (target === undefined) throw wrong(grammar, 'nobody is named, and there is no current session');
    const seconds = numberOf(given, 'time', grammar, times);
    const { words, filter } = target === '*' ? everybody(run) : await named(target);
    const text = given.text === '' ? await textOf(run) : given.text;
    const wait = seconds === null ? {} : { wait: `${seconds}s` };
    return sendMessage(run, words, { ...flags, ...filter, ...wait }, { text, isAwaited: given.switches.has('w') });
  },
});

interface Addressees {
  readonly words: readonly string[];
  readonly filter: Pick<MessageFlags, 'user' | 'state'>;
}

function everybody({ globals }: Run): Addressees {
  if (globals.yes || globals.dryRun) return { words: [], filter: { user: ['*'], state: ['active', 'shadow', 'idle'] } };
  throw new UsherError({
    code: 'usage',
    message: 'msg * goes to everybody who is there, and that was not confirmed: nothing was sent',
    hint: 'say --yes, or look first whom it means with --dry-run',
  });
}

async function named(target: string): Promise<Addressees> {
  if (!target.startsWith('@')) return { words: [target], filter: {} };
  const file = target.slice(1);
  const words = (await textOfFile(file)).split(/\r?\n/).flatMap((line) => line.trim() || []);
  if (words.length >= 1 && words.length <= mostNames) return { words, filter: {} };
  throw badFile(file, words.length === 0 ? 'it names nobody' : `it names more than ${mostNames}`);
}

async function textOfFile(file: string): Promise<string> {
  try {
    await using handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(mostInput + 1) });
    if (bytesRead > mostInput) throw badFile(file, `it is larger than ${mostInput} bytes`);
    return buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\u{feff}/u, '');
  } catch (error) {
    if (error instanceof UsherError) throw error;
    throw badFile(file, error instanceof Error && 'code' in error ? String(error.code) : String(error));
  }
}

const badFile = (file: string, why: string): UsherError =>
  new UsherError({ code: 'bad_file', message: `the file ${file} cannot be used: ${why}` });

async function textOf({ around }: Run): Promise<string> {
  if (around.terminal !== null) return (await around.terminal.ask('Message: ')) ?? '';
  return (await around.readInput(mostInput)).trimEnd();
}
