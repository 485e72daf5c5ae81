import type { FoundSession } from '../../fleet/find-sessions.ts';
import { accountOf } from '../../sessions/account.ts';
import { UsherError } from '../../sessions/errors.ts';
import { count } from '../measures.ts';
import { printable } from '../printable.ts';
import { type Run, remark } from '../run.ts';

/**
 * One question before an act: for several sessions their number, for one that was named by its id its user's name. A
 * pipe answers neither, so several sessions need --yes there. Throws `UsherError` where the answer is not yes.
 */
export async function confirm(
  run: Run,
  verb: string,
  sessions: readonly FoundSession[],
  guarded: boolean,
): Promise<void> {
  const { terminal } = run.around;
  const [first] = sessions;
  if (first === undefined || run.globals.yes) return;
  if (sessions.length > 1) {
    if (terminal === null) {
      throw new UsherError({
        code: 'usage',
        message: `${sessions.length} sessions were chosen and nobody can be asked: nothing was done`,
        hint: 'say --yes, or look first with --dry-run',
      });
    }
    const number = String(sessions.length);
    const answer = await terminal.ask(`To ${verb} these ${count(sessions.length, 'session')} type ${number}: `);
    if (answer?.trim() !== number) throw refused();
    return;
  }
  if (first.namedBy !== 'id' || guarded) return;
  const account = accountOf(first.session) ?? 'nobody';
  if (terminal === null) {
    remark(
      run,
      `${first.session.host}: session ${first.session.id} is ${account}'s; an id alone guards nothing: --expect-user or a key does`,
    );
    return;
  }
  const question = `Session ${first.session.id} of ${first.session.host} is ${account}'s. To ${verb} it type the user's name: `;
  const answer = (await terminal.ask(printable(question)))?.trim();
  if (answer !== account && answer !== first.session.user) throw refused();
}

function refused(): UsherError {
  return new UsherError({ code: 'not_allowed', message: 'it was not confirmed: nothing was done' });
}
