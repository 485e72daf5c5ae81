import { existsSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mostBytes, parseListed, formatListed } from './listed.ts';
import { lockAtOnce } from './lock.ts';
import { lockOf, type MemoryPlace } from './memory-file.ts';

/**
 * Forgets what was listed at these hosts, by their URLs, before it returns; what others list meanwhile is kept. What cannot be read or
 * written stays as it is.
 */
export function forgetListed(
  place: MemoryPlace | null,
  urls: ReadonlySet<string>,
  now: () => Temporal.Instant,
  wait?: Parameters<typeof lockAtOnce>[2],
): void {
  if (place === null || !existsSync(place.file)) return;
  try {
    using _lock = lockAtOnce(lockOf(place), now, wait);
    forgetAlone(place, urls);
  } catch {
    // It is forgotten by itself soon.
  }
}

function forgetAlone({ file, owner }: MemoryPlace, urls: ReadonlySet<string>): void {
  const facts = lstatSync(file);
  if (!facts.isFile() || facts.size > mostBytes || (owner !== null && facts.uid !== owner)) return;
  const listed = parseListed(readFileSync(file, 'utf8')) ?? [];
  const kept = listed.filter(({ url }) => !urls.has(url));
  if (kept.length === listed.length) return;
  if (kept.length === 0) return rmSync(file, { force: true });
  const temporary = `${file}.${process.pid}.${crypto.randomUUID()}.new`;
  writeFileSync(temporary, formatListed(kept), { flag: 'wx', mode: 0o600 });
  renameSync(temporary, file);
}
