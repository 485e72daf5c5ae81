import { blank, climb } from '../../../src/cli/acts/act.ts';
import { killProcess } from '../../../src/cli/acts/kill-process.ts';
import type { ActOutcome } from '../../../src/cli/acts/outcomes.ts';
import { progressOn } from '../../../src/cli/acts/progress.ts';
import { noWarning, planOf } from '../../../src/cli/acts/simple.ts';
import { connectSession, whyNotConnected } from '../../../src/cli/connect.ts';
import { endSession } from '../../../src/cli/end.ts';
import { showMessage, usualMessage } from '../../../src/cli/message.ts';
import { unfreezeSession } from '../../../src/cli/unfreeze.ts';
import { stepsOfEnding } from '../../../src/ending/ladder/plan.ts';
import type { FoundSession } from '../../../src/fleet/find-sessions.ts';
import { type Act, whyNotAllowed } from '../../../src/sessions/allowed-actions.ts';
import { milliseconds, seconds } from '../../../src/sessions/duration.ts';
import { UsherError } from '../../../src/sessions/errors.ts';
import type { LedgerEntry } from '../../../src/simulator/world/ledger.ts';
import { arrange, type Input } from './happenings.ts';
import { type Meant, nobody, Roll } from './roll.ts';
import type { Person, Scenario } from './scenario.ts';
import { type Answered, setStage, type Stage } from './stage.ts';
import { finished } from './stepped-run.ts';

/** What a run came to: what Usher said, and what the estate knows. Moments are FILETIMEs of the simulated clock. */
export interface Played {
  readonly scenario: Scenario;
  /** What Usher said; the code of the failure where it could not even list. */
  readonly said: ActOutcome | { readonly outcome: 'unlisted'; readonly why: string };
  readonly ledger: readonly LedgerEntry[];
  readonly inputs: readonly Input[];
  readonly answered: readonly Answered[];
  readonly meant: Meant;
  /** The one whose client a `connect` takes. */
  readonly other: Meant;
  /** The process that a `kill-process` means. */
  readonly program: number;
  readonly began: bigint;
  /** When Usher had the list. */
  readonly listed: bigint;
  readonly ended: bigint;
}

/** Nothing that Usher does with one session takes longer. */
const longest = milliseconds(3_600_000);

/** Lists, waits as long as the list is to be old, and does it. */
export async function play(scenario: Scenario): Promise<Played> {
  const stage = setStage(scenario);
  const { clock, ledger, answered } = stage;
  const roll = new Roll(stage);
  const began = clock.now();
  const inputs = arrange(stage, scenario.events);
  const { said, ...chosen } = await finished(clock, act(stage, scenario, roll), longest);
  const ended = clock.now();
  await finished(clock, Promise.resolve(stage.kept[Symbol.asyncDispose]()), longest);
  return { scenario, said, ledger: ledger.entries, inputs, answered, ...chosen, began, ended };
}

type Acted = Pick<Played, 'said' | 'meant' | 'other' | 'program' | 'listed'>;

async function act(stage: Stage, scenario: Scenario, roll: Roll): Promise<Acted> {
  const { verb } = scenario;
  const both = await list(stage, [scenario.target, scenario.other]);
  const listed = stage.clock.now();
  if (both instanceof UsherError) {
    const said = { outcome: 'unlisted', why: `${both.code}: ${both.message}` } as const;
    return { said, meant: nobody, other: nobody, program: 0, listed };
  }
  const [found, other] = both;
  const meant = roll.whoIs(found.session.identity);
  const program = programIn(stage, meant);
  await later(stage, scenario.stale);
  const why =
    verb === 'connect' ? whyNotConnected(found.session, other.session) : whyNotAllowed(actOf(verb), found.session);
  const said =
    why === null
      ? await perform(stage, scenario, { found, other, program })
      : ({ ...blank(found, actOf(verb)), outcome: 'not_allowed', why } as const);
  return { said, meant, other: roll.whoIs(other.session.identity), program, listed };
}

function programIn({ host }: Stage, { pids }: Meant): number {
  return [...host.processes.values()].find(({ pid, image }) => pids.has(pid) && image === 'WINWORD.EXE')?.pid ?? 0;
}

/** The sessions of these as Usher lists them; why it could not. */
async function list(
  { kept }: Stage,
  [who, other]: readonly [Person, Person],
): Promise<readonly [FoundSession, FoundSession] | UsherError> {
  try {
    const reading = await kept.use((connection, signal) => connection.list(signal), new AbortController().signal);
    const found = (one: Person): FoundSession => {
      const session = reading.sessions.find(({ user }) => user === one);
      if (session === undefined) throw new UsherError({ code: 'not_found', message: `${one} is not listed` });
      return { host: kept, session, reading, namedBy: 'key' };
    };
    return [found(who), found(other)];
  } catch (error) {
    if (error instanceof UsherError) return error;
    throw error;
  }
}

const actOf = (verb: Scenario['verb']): Act => (verb === 'end --force' ? 'end' : verb);

interface Chosen {
  readonly found: FoundSession;
  readonly other: FoundSession;
  readonly program: number;
}

async function perform({ run }: Stage, scenario: Scenario, { found, other, program }: Chosen): Promise<ActOutcome> {
  const { verb, patience, settle, because, warn, extension } = scenario;
  using progress = progressOn(run, 1);
  switch (verb) {
    case 'message':
      return await showMessage(run, found, progress, { ...usualMessage('Please save your work.'), stays: seconds(20) });
    case 'connect':
      return await connectSession(run, found, other, patience);
    case 'unfreeze':
      return await unfreezeSession(run, found, progress, { patience, settle, wait: seconds(5 * patience) });
    case 'kill-process':
      return await killProcess(run, found, progress, { pid: program, start: null, patience, settle });
    case 'end':
    case 'end --force': {
      const steps = stepsOfEnding(verb === 'end --force');
      return await endSession(run, found, progress, {
        plan: { steps, because, warn, extension, patience },
        reason: null,
        settle,
      });
    }
    default: {
      const plan = planOf(verb, patience, because);
      return await climb(run, found, progress, { act: verb, plan, warning: noWarning, settle });
    }
  }
}

function later({ clock }: Stage, delay: Scenario['stale']): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delay, resolve);
  });
}
