import type { FoundSession, FoundSessions } from '../../fleet/find-sessions.ts';
import { accountOf, isUser } from '../../sessions/account.ts';
import { UsherError } from '../../sessions/errors.ts';
import { count } from '../measures.ts';
import { printable } from '../printable.ts';
import { type Run, remark } from '../run.ts';
import type { Terminal } from '../surroundings.ts';

/** Whether somebody must say yes to the number of sessions: to several, and to whatever a filter happened to choose. */
export const isCounted = (sessions: readonly FoundSession[]): boolean =>
  sessions.length > 1 || sessions.some(({ namedBy }) => namedBy === 'filter');

/**
 * One question before an act: the number of sessions where it {@link isCounted counts}, the user's name for one that nothing
 * else vouches for, or for one that was named by its user where a host could not be searched. A pipe answers none, so the first
 * and the last need --yes there. Answers whether a person said yes. Throws `UsherError` where the answer is another one.
 */
export async function confirm(
  run: Run,
  verb: string,
  { sessions, unsearched }: Pick<FoundSessions, 'sessions' | 'unsearched'>,
  unguarded: readonly FoundSession[],
): Promise<boolean> {
  const { terminal } = run.around;
  const [first] = sessions;
  if (first === undefined) return false;
  const mustAsk = !run.globals.yes;
  if (mustAsk && isCounted(sessions)) {
    await confirmNumber(terminal, verb, sessions);
    return true;
  }
  const elsewhere = mustAsk && unsearched.length > 0 && first.namedBy === 'user';
  if (elsewhere && terminal === null) {
    throw new UsherError({
      code: 'usage',
      message: `${count(unsearched.length, 'host')} could not be searched and may have another such session: nothing was done`,
      hint: 'name the host, as in alice@ts01, or say --yes',
    });
  }
  if (terminal !== null && mustAsk && (elsewhere || unguarded.length > 0)) {
    await confirmUser(terminal, verb, first);
    return true;
  }
  for (const { session } of run.globals.format === 'text' ? unguarded : []) {
    const account = accountOf(session) ?? 'nobody';
    remark(run, `${session.host}: session ${session.id} is ${account}'s; ${unguardedHint}`);
  }
  return false;
}

const unguardedHint =
  'an id or name alone guards nothing: --expect-user, a key, or a listing within the last 15 minutes does';

async function confirmNumber(
  terminal: Terminal | null,
  verb: string,
  sessions: readonly FoundSession[],
): Promise<void> {
  if (terminal === null) {
    const chosen = sessions.length === 1 ? '1 session was chosen' : `${sessions.length} sessions were chosen`;
    throw new UsherError({
      code: 'usage',
      message: `${chosen} and nobody can be asked: nothing was done`,
      hint: 'say --yes, or look first with --dry-run',
    });
  }
  const number = String(sessions.length);
  const these = sessions.length === 1 ? 'this session' : `these ${count(sessions.length, 'session')}`;
  const answer = await terminal.ask(`To ${verb} ${these}, type ${number}: `);
  if (answer?.trim() !== number) throw refused();
}

async function confirmUser(terminal: Terminal, verb: string, { session }: FoundSession): Promise<void> {
  const account = accountOf(session) ?? 'nobody';
  const question = `Session ${session.id} of ${session.host} is ${account}'s. To ${verb} this session, type the user's name: `;
  const answer = (await terminal.ask(printable(question)))?.trim() ?? '';
  if (answer !== account && !isUser(session, answer)) throw refused();
}

function refused(): UsherError {
  return new UsherError({ code: 'not_allowed', message: 'it was not confirmed: nothing was done' });
}
