import type { FleetHost } from '../../fleet/inventory.ts';
import { UsherError } from '../../sessions/errors.ts';
import { count } from '../measures.ts';
import { printable } from '../printable.ts';
import type { Run } from '../run.ts';

/**
 * One question before something is done to hosts: the name of one, the number of several. Throws `UsherError` where the answer is
 * another, or nobody can be asked.
 */
export async function confirmHosts(
  { around: { terminal }, globals }: Run,
  verb: string,
  hosts: readonly Pick<FleetHost, 'name'>[],
): Promise<void> {
  const [first] = hosts;
  if (first === undefined || globals.yes) return;
  const one = hosts.length === 1;
  if (terminal === null) {
    throw new UsherError({
      code: 'usage',
      message: `this would ${verb} ${one ? first.name : count(hosts.length, 'host')} and nobody can be asked: nothing was done`,
      hint: 'say --yes, or look first with --dry-run',
    });
  }
  const wanted = one ? first.name : String(hosts.length);
  const question = one
    ? `To ${verb} ${first.name}, type its name: `
    : `To ${verb} these ${count(hosts.length, 'host')}, type ${wanted}: `;
  if ((await terminal.ask(printable(question)))?.trim() === wanted) return;
  throw new UsherError({ code: 'not_allowed', message: 'it was not confirmed: nothing was done' });
}
