import { UsherError } from '../sessions/errors.ts';
import { looksLikeHostUrl, parseHostUrl } from '../sessions/host.ts';
import { identityOf, isSameSession, looksLikeKey } from '../sessions/identity.ts';
import type { Session } from '../sessions/session.ts';
import { isUser } from '../sessions/account.ts';
import type { FleetHost, Inventory } from './inventory.ts';
import { hostOfUrl } from './selection.ts';
import { unknownName } from './unknown-host.ts';

/**
 * By what a session was named. An id, a display's or WinStation's name, and the pid of a process in it, may mean someone else by now;
 * the others may not.
 */
export type NamedBy = 'key' | 'user' | 'id' | 'name' | 'pid' | 'filter';

/** One thing that a SESSION may mean: these hosts, and there the sessions that match. */
export interface Meaning {
  readonly hosts: readonly FleetHost[];
  /** By what the text names this session; null where it does not. */
  readonly namedBy: (session: Session) => NamedBy | null;
}

/** Where a SESSION is looked for. */
export interface Search {
  readonly inventory: Inventory;
  /** The hosts that were chosen with -s, or stand in for an empty inventory; null where none were. */
  readonly hosts: readonly FleetHost[] | null;
}

const longestText = 4096;

/**
 * Everything that a SESSION may mean. Names may hold `@`, `\` and colons, so nothing is guessed from its form: each
 * cut that leaves the name of a host of the inventory counts, and only without one is it a user. Throws
 * {@link UsherError} `usage`, `bad_key`, `not_found`.
 */
export function meaningsOf(text: string, search: Search): readonly Meaning[] {
  if (text === '' || text.length > longestText) throw wrong(text.slice(0, 40), 'it is empty or too long');
  if (looksLikeKey(text)) return [meaningOfKey(text, search)];
  if (search.hosts !== null) return [{ hosts: search.hosts, namedBy: anyOf(byIdOrName(text), byUser(text)) }];
  if (looksLikeHostUrl(text))
    throw wrong(
      text,
      'it begins with a host URL',
      String.raw`name the host with -s, as in: 10 -s 'windows://DOMAIN\user@ts01'`,
    );
  const atHost = meaningsAtHost(text, search.inventory);
  const meanings =
    atHost.length > 0 && !text.startsWith(userMark)
      ? atHost
      : [...atHost, ...meaningsOfUserAlone(text, search.inventory)];
  if (meanings.length > 0) return meanings;
  throw wrong(
    text,
    'an id or a name needs its host',
    `write HOST:${text.replace(/^:/, '')}, or choose the host with -s HOST`,
  );
}

function meaningOfKey(key: string, { inventory, hosts }: Search): Meaning {
  const identity = identityOf(key);
  const { host } = identity;
  const known = hosts?.find(({ name }) => name === host) ?? inventory.hosts.get(host);
  if (known === undefined && !looksLikeHostUrl(host)) throw unknownName(host, inventory);
  return {
    hosts: [known ?? hostOfUrl(parseHostUrl(host))],
    namedBy: (session) => (isSameSession(session.identity, identity) ? 'key' : null),
  };
}

/** `HOST:ID`, `HOST:NAME` and `USER@HOST`, cut wherever a host of the inventory is named. */
function meaningsAtHost(text: string, inventory: Inventory): readonly Meaning[] {
  return cuts(text).flatMap(([mark, before, after]): readonly Meaning[] => {
    const host = inventory.hosts.get(mark === ':' ? before : after);
    if (host === undefined || before === '' || after === '') return [];
    return [{ hosts: [host], namedBy: mark === ':' ? byIdOrName(after) : byUserName(before) }];
  });
}

/**
 * The host that a SESSION seems to name, before its first `:` or after its last `@`, and that the inventory does not
 * hold. Null where it names one of the inventory, or where hosts were chosen beside it.
 */
export function hostNotThere(text: string, { inventory, hosts }: Search): string | null {
  if ((hosts !== null && inventory.hosts.size > 0) || meaningsAtHost(text, inventory).length > 0) return null;
  const first = text.startsWith(userMark) ? undefined : cuts(text).find(([mark]) => mark === ':');
  const last = cuts(text).findLast(([mark]) => mark === '@');
  return [first?.[1], last?.[2]].find((name) => name !== undefined && /^[^\s:@\\/]{1,128}$/.test(name)) ?? null;
}

/** USER alone is looked for everywhere; an id or a display name is not, since every host has one of those. */
function meaningsOfUserAlone(text: string, inventory: Inventory): readonly Meaning[] {
  if (/^:?\d+$/.test(text) || inventory.hosts.size === 0) return [];
  return [{ hosts: [...inventory.hosts.values()], namedBy: byUser(text) }];
}

/** Each way to cut the text at a `:` or `@`: the mark, what is before it, what is after. */
function cuts(text: string): readonly (readonly [string, string, string])[] {
  return [...text.matchAll(/[:@]/g)].map(({ 0: mark, index }) => [mark, text.slice(0, index), text.slice(index + 1)]);
}

type Match = Meaning['namedBy'];

const anyOf =
  (...all: readonly Match[]): Match =>
  (session) =>
    all.map((namedBy) => namedBy(session)).find((by) => by !== null) ?? null;

function byIdOrName(text: string): Match {
  if (/^\d{1,10}$/.test(text)) return ({ id }) => (id === Number(text) ? 'id' : null);
  return ({ name, identity }) => {
    const same = identity.kind === 'xrdp' ? name === text : name.toLowerCase() === text.toLowerCase();
    return same ? 'name' : null;
  };
}

const userMark = 'user:';

/** A user by name, also as `user:NAME`. A name that looks like an id or a display is only taken in the second form. */
function byUser(text: string): Match {
  if (text.startsWith(userMark)) return byUserName(text.slice(userMark.length));
  return /^:?\d+$/.test(text) ? () => null : byUserName(text);
}

function byUserName(text: string): Match {
  const name = text.startsWith(userMark) ? text.slice(userMark.length) : text;
  return (session) => (isUser(session, name) ? 'user' : null);
}

function wrong(text: string, why: string, hint?: string): UsherError {
  return new UsherError({ code: 'usage', message: `'${text}' names no session: ${why}`, hint });
}
