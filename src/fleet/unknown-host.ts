import { UsherError } from '../sessions/errors.ts';
import { formatHostUrl, parseHostUrl } from '../sessions/host.ts';
import { shellWord } from '../sessions/shell-word.ts';
import type { Inventory } from './inventory.ts';
import { hintOfNear } from './near-names.ts';

/** `not_found` for a text that was to choose hosts and names none, with the names or the URL that may have been meant. */
export function unknownHost(text: string, inventory: Inventory): UsherError {
  const names = text.split(',').filter((name) => name !== '');
  if (names.length > 1) {
    const each = names.map((name) => `-s ${name}`).join(' ');
    return notInInventory(text, inventory, `name each by itself: ${each} (as arguments: ${names.join(' ')})`);
  }
  const near = addressHint(text, inventory) ?? nearHint(text, inventory);
  const elsewhere = `a host that is not in the inventory is named by its URL: ${urlsOf(text)}`;
  return notInInventory(text, inventory, near === undefined ? elsewhere : `${near}; ${elsewhere}`);
}

/** `not_found` for a name that can only be one of the inventory's. */
export function unknownName(name: string, inventory: Inventory): UsherError {
  return notInInventory(name, inventory, nearHint(name, inventory) ?? 'list them: usher hosts list');
}

function notInInventory(text: string, { file }: Inventory, hint: string): UsherError {
  // A password that somebody wrote into it is not repeated.
  const shown = text.replace(/^([^:@]*):.*@/s, '$1:…@').slice(0, 120);
  return new UsherError({ code: 'not_found', message: `there is no host '${shown}' in ${file}`, hint });
}

/** Whoever names a host by its address finds it by its name. */
function addressHint(text: string, { hosts }: Inventory): string | undefined {
  const wanted = text.toLowerCase();
  const found = [...hosts.values()].filter(({ url }) => url.scheme !== 'local' && url.address.toLowerCase() === wanted);
  const names = found.slice(0, 5).map(({ name }) => name);
  return names.length === 0 ? undefined : `that is the address of ${names.join(', ')}`;
}

function nearHint(text: string, { hosts }: Inventory): string | undefined {
  const names = [...hosts.keys()];
  return hintOfNear(text, names) ?? hintOfNear(text.slice(text.lastIndexOf('@') + 1), names);
}

/** What `HOST`, `USER@HOST`, `HOST:PORT` or `DOMAIN\USER@HOST` is as the URLs that it may be; a domain is of Windows alone. */
export function urlsOf(text: string): string {
  const windows = shellWord(urlOf('windows', text) ?? String.raw`windows://DOMAIN\USER@HOST`);
  return text.includes('\\') ? windows : `${windows} or ${urlOf('ssh', text) ?? 'ssh://USER@HOST'}`;
}

function urlOf(scheme: 'windows' | 'ssh', text: string): string | null {
  try {
    return formatHostUrl(parseHostUrl(`${scheme}://${text}`));
  } catch {
    return null;
  }
}
