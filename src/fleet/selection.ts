import picomatch from 'picomatch';
import { UsherError } from '../sessions/errors.ts';
import { formatHostUrl, type HostUrl, looksLikeHostUrl, parseHostUrl } from '../sessions/host.ts';
import { type FleetHost, groupsOf, type Inventory } from './inventory.ts';
import { hintOfNear } from './near-names.ts';
import { unknownHost } from './unknown-host.ts';

export interface Selection {
  readonly hosts: readonly FleetHost[];
  /** Whether these hosts stand in for an inventory that is empty. */
  readonly assumed: boolean;
}

/**
 * The hosts that the texts name, each once, in the order they were named: an inventory name, `@group`, a glob over
 * names, or a URL as it stands. Without texts, every host of the inventory; where it is empty, a Linux machine itself.
 * Throws {@link UsherError} `not_found` or `usage`.
 */
export function selectHosts(texts: readonly string[], inventory: Inventory, platform: NodeJS.Platform): Selection {
  if (texts.length === 0) return everyHost(inventory, platform);
  const chosen = new Map(texts.flatMap((text) => hostsOf(text, inventory)).map((host) => [host.name, host]));
  const named = [...chosen.values()].filter(({ name }) => inventory.hosts.has(name));
  // A URL is its own name, so that a host of the inventory may be named by both.
  for (const { url, name } of named) if (name !== formatHostUrl(url)) chosen.delete(formatHostUrl(url));
  return { hosts: [...chosen.values()], assumed: false };
}

function everyHost(inventory: Inventory, platform: NodeJS.Platform): Selection {
  if (inventory.hosts.size > 0) return { hosts: [...inventory.hosts.values()], assumed: false };
  if (platform === 'linux') return { hosts: [hostOfUrl({ scheme: 'local' })], assumed: true };
  throw new UsherError({ code: 'usage', message: 'no host is named and the inventory is empty', hint: howToName });
}

/** How to name hosts, for someone who has named none. */
export const howToName = String.raw`name hosts with -s 'windows://DOMAIN\USER@HOST' or -s ssh://USER@HOST, or keep them in the inventory: usher hosts add NAME URL`;

/** A host that is named by its URL alone. */
export function hostOfUrl(url: HostUrl): FleetHost {
  return {
    name: formatHostUrl(url),
    url,
    groups: [],
    tags: new Map(),
    credential: null,
    slots: null,
    simulated: false,
  };
}

/** The glob that every name of the inventory matches. */
export const wholeInventory = '**';

const globCharacters = /[*?[\]{}()!]/;
const longestText = 512;

function hostsOf(text: string, inventory: Inventory): readonly FleetHost[] {
  const named = inventory.hosts.get(text);
  if (named !== undefined) return [named];
  if (looksLikeHostUrl(text)) return [hostOfUrl(parseHostUrl(text))];
  if (text.startsWith('@')) return hostsOfGroup(text.slice(1), inventory);
  if (!globCharacters.test(text) || text.length > longestText) throw unknownHost(text, inventory);
  const matches = picomatch(text, { dot: true, strictSlashes: true });
  const hosts = [...inventory.hosts.values()].filter(({ name }) => matches(name));
  if (hosts.length > 0) return hosts;
  if (text === wholeInventory)
    throw new UsherError({ code: 'not_found', message: `${inventory.file} holds no host`, hint: howToName });
  throw new UsherError({
    code: 'not_found',
    message: `no host of ${inventory.file} matches '${text}'`,
    hint: 'list them: usher hosts list',
  });
}

function hostsOfGroup(group: string, inventory: Inventory): readonly FleetHost[] {
  const hosts = [...inventory.hosts.values()].filter(({ groups }) => groups.includes(group));
  if (hosts.length > 0) return hosts;
  const groups = groupsOf(inventory);
  const known =
    groups.length === 0 ? 'no host of the inventory is in a group' : `groups: ${groups.slice(0, 20).join(', ')}`;
  throw new UsherError({
    code: 'not_found',
    message: `no host of ${inventory.file} is in the group '${group}'`,
    hint: hintOfNear(group, groups) ?? known,
  });
}
