import { hintOfNear } from '../../fleet/near-names.ts';
import { hostOfUrl } from '../../fleet/selection.ts';
import type { Inventory } from '../../fleet/inventory.ts';
import { UsherError } from '../../sessions/errors.ts';
import { formatHostUrl, looksLikeHostUrl, parseHostUrl } from '../../sessions/host.ts';
import { printable } from '../printable.ts';
import { findInventory, type Run } from '../run.ts';

/**
 * What `/server:NAME` is as `-s` takes it: a host of the inventory in any case, a group, a glob or a URL; any other NAME is
 * `windows://NAME`, whose user is asked for. Throws {@link UsherError} `usage` where nobody can be asked.
 */
export async function serverOf(run: Run, text: string): Promise<string> {
  const name = text.replace(/^\\\\/, '');
  if (name === '') throw new UsherError({ code: 'usage', message: 'the name of the server is empty' });
  if (name.startsWith('@') || looksLikeHostUrl(name) || /[*?[\]{}()!]/.test(name)) return name;
  const { inventory } = await findInventory(run);
  const listed = listedName(name, inventory);
  if (listed !== null) return listed;
  const url = parseWindows(name);
  return formatHostUrl({ ...url, ...(await userFor(run, name, inventory)) });
}

function listedName(name: string, { hosts }: Inventory): string | null {
  if (hosts.has(name)) return name;
  const same = [...hosts.keys()].filter((one) => one.toLowerCase() === name.toLowerCase());
  return same.length === 1 ? (same[0] ?? null) : null;
}

/** That the inventory does not hold it and what comes of that, with the names that may have been meant. */
function notListed(name: string, { file, hosts }: Inventory, then: string): string {
  const near = hintOfNear(name, [...hosts.keys()]);
  return `there is no host '${name}' in ${file}${then}${near === undefined ? '' : `; ${near}`}`;
}

function parseWindows(name: string) {
  const url = parseHostUrl(`windows://${name}`);
  if (url.scheme === 'windows' && url.user === null) return url;
  throw new UsherError({
    code: 'usage',
    message: `'${name.replace(/^.*@/s, '…@').slice(0, 120)}' is not the name of a server`,
    hint: String.raw`a URL names a user too: /server:windows://DOMAIN\user@NAME`,
  });
}

async function userFor(
  { around }: Run,
  name: string,
  inventory: Inventory,
): Promise<{ readonly user: string; readonly domain: string | null }> {
  const { terminal } = around;
  const host = hostOfUrl(parseWindows(name)).name;
  const why = (then: string): string => notListed(name, inventory, then);
  if (terminal === null) throw noUser(why(`, and nobody can be asked for a user and password of ${host}`), name);
  around.stderr.write(`${printable(why(`: it is taken for a Windows host, ${host}`))}\n`);
  const answer = (await terminal.ask(printable(String.raw`User of ${name} (user or DOMAIN\user): `)))?.trim() ?? '';
  if (answer === '') throw noUser(why(`, and no user of ${host} was given`), name);
  const cut = answer.indexOf('\\');
  return cut <= 0
    ? { user: answer.slice(cut + 1), domain: null }
    : { user: answer.slice(cut + 1), domain: answer.slice(0, cut) };
}

function noUser(message: string, name: string): UsherError {
  return new UsherError({
    code: 'usage',
    message,
    hint: String.raw`keep the host and a credential in the inventory (usher hosts add ${name} 'windows://DOMAIN\user@${name}'), or name it with its user, 'windows://DOMAIN\user@${name}', and its password in USHER_PASSWORD or --password-file`,
  });
}
