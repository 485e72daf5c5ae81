import { UsherError, UsherErrors } from '../sessions/errors.ts';
import { identityOf, looksLikeKey } from '../sessions/identity.ts';
import type { FleetHost, Inventory } from './inventory.ts';
import { hintOfNear } from './near-names.ts';
import { urlsOf } from './unknown-host.ts';
import { hostNotThere, type Search } from './session-reference.ts';

/** Why a SESSION that was looked for on these hosts, of which some failed, was not found. */
export function nothingFound(
  text: string,
  search: Search,
  hosts: readonly FleetHost[],
  errors: readonly UsherError[],
): UsherError | UsherErrors {
  if (looksLikeKey(text) && errors.length === 0) {
    return new UsherError({
      code: 'session_changed',
      host: identityOf(text).host,
      message: 'the session of this key is not there any more',
      hint: 'list the sessions again',
    });
  }
  const meant = hostNotThere(text, search);
  if (meant !== null) return noSuchHost(text, meant, search.inventory, errors);
  if (errors.length === hosts.length) return errors.length === 1 && errors[0] ? errors[0] : new UsherErrors(errors);
  return new UsherError({
    code: 'not_found',
    message: `there is no session '${text}' on ${hosts.length === 1 ? (hosts[0]?.name ?? 'this host') : `these ${hosts.length - errors.length} hosts`}`,
    hint: hintOf(text, search, hosts, errors),
  });
}

function hintOf(
  text: string,
  { inventory, hosts }: Search,
  searched: readonly FleetHost[],
  errors: readonly UsherError[],
): string {
  if (inventory.hosts.has(text)) return `${text} is a host: name a session of it, as in ${text}:10`;
  const [host = ''] = text.split(':');
  const again =
    hosts !== null && inventory.hosts.has(host)
      ? `with -s the host is not named again: ${text.slice(host.length + 1)}`
      : undefined;
  const [only] = searched;
  const list =
    searched.length === 1 && only !== undefined
      ? `list them: usher sessions -s ${only.name}`
      : 'list them: usher sessions';
  return [again, notSearched(errors) ?? list].filter((hint) => hint !== undefined).join('; ');
}

function noSuchHost(text: string, name: string, inventory: Inventory, errors: readonly UsherError[]): UsherError {
  const session = text.endsWith(`@${name}`) ? text.slice(0, -name.length - 1) : text.slice(name.length + 1);
  const hints = [
    hintOfNear(name, [...inventory.hosts.keys()]),
    `a host that is not in the inventory is named by its URL: ${session || 'SESSION'} -s ${urlsOf(name)}`,
    notSearched(errors),
  ];
  return new UsherError({
    code: 'not_found',
    message: `there is no host '${name}' in ${inventory.file}, and no session '${text}' was found`,
    hint: hints.filter((hint) => hint !== undefined).join('; '),
  });
}

const mostNamed = 10;

function notSearched(errors: readonly UsherError[]): string | undefined {
  if (errors.length === 0) return undefined;
  const names = errors.slice(0, mostNamed).map(({ host }) => host ?? '?');
  const more = errors.length > mostNamed ? ` and ${errors.length - mostNamed} more` : '';
  return `not searched, since they did not answer: ${names.join(', ')}${more}`;
}
