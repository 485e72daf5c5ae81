import type { FoundSession, FoundSessions } from '../../fleet/find-sessions.ts';
import { accountOf, isUser } from '../../sessions/account.ts';
import { UsherError } from '../../sessions/errors.ts';
import { count } from '../measures.ts';
import { printable } from '../printable.ts';
import { type Run, remark } from '../run.ts';

/** Whether somebody must say yes to the number of sessions: to several, and to whatever a filter happened to choose. */
export const isCounted = (sessions: readonly FoundSession[]): boolean =>
  sessions.length > 1 || sessions.some(({ namedBy }) => namedBy === 'filter');

/**
 * One question before an act: the number of sessions where it {@link isCounted counts}, the user's name for one that was
 * named by its id, or by its user where a host could not be searched. A pipe answers none, so the first and the last need --yes there. Throws `UsherError` where the answer is not yes.
 */
export async function confirm(
  run: Run,
  verb: string,
  { sessions, unsearched }: Pick<FoundSessions, 'sessions' | 'unsearched'>,
  guarded: boolean,
): Promise<void> {
  const { terminal } = run.around;
  const [first] = sessions;
  if (first === undefined || run.globals.yes) return;
  if (isCounted(sessions)) {
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
    return;
  }
  const elsewhere = unsearched.length > 0 && first.namedBy === 'user';
  if (elsewhere && terminal === null) {
    throw new UsherError({
      code: 'usage',
      message: `${count(unsearched.length, 'host')} could not be searched and may have another such session: nothing was done`,
      hint: 'name the host, as in alice@ts01, or say --yes',
    });
  }
  if (!elsewhere && (first.namedBy !== 'id' || guarded)) return;
  const account = accountOf(first.session) ?? 'nobody';
  if (terminal === null) {
    remark(
      run,
      `${first.session.host}: session ${first.session.id} is ${account}'s; an id alone guards nothing: --expect-user or a key does`,
    );
    return;
  }
  const question = `Session ${first.session.id} of ${first.session.host} is ${account}'s. To ${verb} this session, type the user's name: `;
  const answer = (await terminal.ask(printable(question)))?.trim() ?? '';
  if (answer !== account && !isUser(first.session, answer)) throw refused();
}

function refused(): UsherError {
  return new UsherError({ code: 'not_allowed', message: 'it was not confirmed: nothing was done' });
}
