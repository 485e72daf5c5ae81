/** A session as a listing showed it: what its id and its name meant then. */
export interface ListedSession {
  /** The host's name in this estate, or its URL where it has none. */
  readonly host: string;
  /** Where the host of that name was reached. */
  readonly url: string;
  readonly id: number;
  readonly name: string;
  readonly key: string;
  /** `DOMAIN\user`; null where nobody had logged on. */
  readonly account: string | null;
  readonly listedAt: Temporal.Instant;
}

/** How long a listing is remembered: as long as somebody may still have it before his eyes. */
const remembered = { minutes: 15 } as const;

/** The most sessions that are remembered: more than the largest estates list at once. */
export const mostListed = 20_000;

const version = 1;
const longestText = 4096;

/** The most bytes that the memory's file has. */
export const mostBytes = mostListed * 1024;

/** What of it still counts: listed within 15 minutes, and not after `now`, as it is when a clock was set back. */
export function freshOf(listed: readonly ListedSession[], now: Temporal.Instant): readonly ListedSession[] {
  const [oldest, newest] = [now.subtract(remembered).epochMilliseconds, now.epochMilliseconds];
  return listed.filter(({ listedAt: { epochMilliseconds: at } }) => at >= oldest && at <= newest);
}

/**
 * What is remembered once `shown` was listed too, that first: one session for each host and id, the one that was listed last,
 * and up to {@link mostListed} in all.
 */
export function remembering(
  before: readonly ListedSession[],
  shown: readonly ListedSession[],
  now: Temporal.Instant,
): readonly ListedSession[] {
  const byPlace = new Map<string, ListedSession>();
  for (const one of [...shown, ...freshOf(before, now)]) {
    const place = `${one.url} ${one.host} ${one.id}`;
    const other = byPlace.get(place);
    if (other === undefined || other.listedAt.epochMilliseconds < one.listedAt.epochMilliseconds)
      byPlace.set(place, one);
  }
  return [...byPlace.values()].slice(0, mostListed);
}

/** The text of the memory's file: as many sessions, from the first on, as fit into {@link mostBytes}. */
export function formatListed(listed: readonly ListedSession[]): string {
  const sessions: string[] = [];
  let length = 64;
  for (const one of listed) {
    const text = JSON.stringify({ ...one, listedAt: one.listedAt.epochMilliseconds });
    length += Buffer.byteLength(text) + 1;
    if (length > mostBytes) break;
    sessions.push(text);
  }
  return `{"version":${version},"sessions":[${sessions.join()}]}\n`;
}

/** What the memory's file holds; null where it is damaged or of another version. */
export function parseListed(text: string): readonly ListedSession[] | null {
  const document = objectOf(parsed(text));
  if (document?.['version'] !== version || !Array.isArray(document['sessions'])) return null;
  const listed = document['sessions'].slice(0, mostListed).map(listedOf);
  return listed.every((one) => one !== null) ? listed : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= longestText;
const isNatural = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const latest = 8.64e15;

function listedOf(value: unknown): ListedSession | null {
  const { host, url, id, name, key, account, listedAt } = objectOf(value) ?? {};
  if (!isText(host) || !isText(url) || !isNatural(id) || !isText(name) || !isText(key)) return null;
  if ((account !== null && !isText(account)) || !isNatural(listedAt) || listedAt > latest) return null;
  return { host, url, id, name, key, account, listedAt: Temporal.Instant.fromEpochMilliseconds(listedAt) };
}
