import type { ShutdownKind } from '../../hosts/administration.ts';
import { parseDuration, seconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { CliCommand } from '../command.ts';
import { remark, type Run } from '../run.ts';
import { shutdown as own, shutDownHosts, type ShutdownFlags, usualPatience, usualWarning } from '../shutdown.ts';
import { type Grammar, type MicrosoftArguments, numberOf, parseMicrosoft, wrong } from './arguments.ts';
import { withSwitchRows } from './command.ts';
import { serverOf } from './servers.ts';

const grammar: Grammar = {
  command: 'shutdown',
  usage: String.raw`{/s | /r | /p} /m \\NAME [/t SECONDS] [/c "TEXT"] [/f] [/d [p|u:]xx:yy]`,
  switches: {
    s: 'alone',
    r: 'alone',
    p: 'alone',
    f: 'alone',
    m: 'next',
    t: 'next',
    c: 'next',
    d: 'next',
    a: 'alone',
    l: 'alone',
    i: 'alone',
    g: 'alone',
    sg: 'alone',
    h: 'alone',
    e: 'alone',
    o: 'alone',
    fw: 'alone',
    hybrid: 'alone',
    soft: 'alone',
  },
  operands: 1,
  takesHyphens: true,
};

const kinds = { s: 'shutdown', r: 'restart', p: 'power-off' } as const satisfies Record<string, ShutdownKind>;

/** Why Usher does not do what some switches of Microsoft's do. */
const refused: Readonly<Record<string, string>> = {
  a: 'a shutdown that Usher began is called off by Ctrl-C while it warns; of others it knows nothing',
  l: 'sessions are logged off by usher logoff',
  i: 'there is no dialog here',
  g: 'programs are not started again: /r restarts',
  sg: 'programs are not started again: /s shuts down',
  h: 'a host with sessions is not sent to sleep',
  e: 'an unexpected shutdown is documented on the host itself',
  o: 'the start menu of a host is not reached over the network',
  fw: 'the firmware of a host is not reached over the network',
  hybrid: 'a session host is shut down as a whole',
  soft: 'programs that do not end by themselves are ended: log users off before, with usher logoff',
};

const times = { least: 0, most: 315_360_000 } as const;
const longestReason = 500;

/** Microsoft's name is Usher's: `usher shutdown /r /m \\ts01 /t 60` is `usher shutdown ts01 --restart --warn 60s`. */
export const shutdown: CliCommand<ShutdownFlags> = {
  helpWord: '/?',
  describe(name) {
    const command = own.describe(name).allowUnknownOption();
    return withSwitchRows(command, [
      [
        String.raw`/m \\NAME`,
        'the host: of the inventory, a URL, else windows://NAME, whose user and password are asked for',
      ],
      ['/s /r /p', 'shut down, restart, power off; -s, -r and -p as well'],
      ['/t SECONDS', 'how long users are warned before (default: 300)'],
      ['/c "TEXT"', 'why, told to the users'],
      ['/f', 'accepted: programs that do not end by themselves are ended anyway'],
      ['/d REASON', 'accepted, but not passed on to the host'],
    ]);
  },
  async run(run, flags) {
    const mark = run.words.find((word) => word.startsWith('--'));
    if (mark !== undefined) throw new UsherError({ code: 'usage', message: `there is no option ${mark.slice(0, 40)}` });
    if (!run.words.some((word) => /^[/-]/.test(word))) return own.run(run, flags);
    const { restart = false, powerOff = false, allHosts = false, reason, warn } = flags;
    if (restart || powerOff || allHosts || reason !== undefined || warn !== undefined) {
      throw wrong(grammar, 'it is said in Usher’s words or in Microsoft’s, not in both');
    }
    const given = parseMicrosoft(run.words, grammar);
    const kind = kindOf(given);
    const text = given.switches.get('c') ?? '';
    if (text.length > longestReason) throw wrong(grammar, `/c takes at most ${longestReason} characters`);
    const time = numberOf(given, 't', grammar, times);
    const host = await hostOf(run, given);
    if (given.switches.has('d') && run.globals.format === 'text')
      remark(run, '/d: the reason is not passed on to the host');
    return shutDownHosts(run, [host], {
      kind,
      warn: time === null ? parseDuration(usualWarning) : seconds(time),
      reason: text.trim() === '' ? null : text,
      patience: parseDuration(flags.patience ?? usualPatience),
    });
  },
};

function kindOf({ switches }: MicrosoftArguments): ShutdownKind {
  for (const name of switches.keys()) {
    const why = Object.hasOwn(refused, name) ? refused[name] : undefined;
    if (why !== undefined) throw wrong(grammar, `/${name} is not done: ${why}`);
  }
  const wanted = Object.entries(kinds).filter(([name]) => switches.has(name));
  const [only, ...others] = wanted.map(([, kind]) => kind);
  if (only !== undefined && others.length === 0) return only;
  throw wrong(grammar, 'it takes one of /s, /r and /p');
}

async function hostOf(run: Run, { operands: [operand], switches }: MicrosoftArguments): Promise<string> {
  const machine = switches.get('m');
  if (machine !== undefined && operand !== undefined) throw wrong(grammar, 'the host is named twice');
  if (machine !== undefined) return serverOf(run, machine);
  if (operand !== undefined) return operand;
  throw wrong(grammar, String.raw`no host is named, and none is the current one: /m \\NAME`);
}
