import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsherError } from '../../sessions/errors.ts';
import type { Timers } from '../deadline.ts';
import { type Places, stateFolder } from '../paths.ts';
import { formatListed, freshOf, type ListedSession, mostBytes, parseListed, remembering } from './listed.ts';
import { absent, codeOf, lock } from './lock.ts';

/** Where what was listed is remembered. */
export interface MemoryPlace {
  readonly file: string;
  /** The user whose files are trusted; null on Windows, where the profile folder's rights count. */
  readonly owner: number | null;
}

/** What whoever writes the file holds meanwhile. */
export const lockOf = ({ file }: MemoryPlace): string => `${file}.lock`;

/** What is remembered, and why it is less than it could be: never a failure. */
export interface Remembered {
  readonly listed: readonly ListedSession[];
  readonly trouble: UsherError | null;
}

const openToOthers = 0o077;
const writableByOthers = 0o022;

const offWords: readonly string[] = ['off', 'no', 'false', '0'];

/**
 * `usher/listed.json` in the user's state folder (XDG Base Directory Specification; `%LOCALAPPDATA%` on Windows); null where
 * USHER_MEMORY turns the memory off.
 */
export function memoryPlace(places: Places, owner = process.getuid?.()): MemoryPlace | null {
  const { env, platform } = places;
  if (offWords.includes((env['USHER_MEMORY'] ?? '').toLowerCase())) return null;
  const isWindows = platform === 'win32';
  return { file: path.join(stateFolder(places), 'listed.json'), owner: isWindows ? null : (owner ?? null) };
}

/** What was listed within the last minutes. A file that is not there is an empty one; one that cannot be trusted counts as empty. */
export async function readMemory(place: MemoryPlace, now: Temporal.Instant): Promise<Remembered> {
  try {
    await trustDirectory(path.dirname(place.file), place.owner);
    const text = await readOwn(place);
    const listed = text === null ? [] : parseListed(text);
    if (listed === null) throw notUsed(place.file, 'it is damaged');
    return { listed: freshOf(listed, now), trouble: null };
  } catch (error) {
    return { listed: [], trouble: troubleOf(error, place.file, 'read') };
  }
}

/**
 * Remembers what was listed beside what others remember at the same time: the new file replaces the old one whole. Answers
 * with what kept it from doing so, or from keeping what was there; null for nothing.
 */
export async function remember(
  place: MemoryPlace,
  shown: readonly ListedSession[],
  now: () => Temporal.Instant,
  timers: Timers,
): Promise<UsherError | null> {
  try {
    await makeDirectory(path.dirname(place.file), place.owner);
    await using _lock = await lock(lockOf(place), now, timers);
    const before = await readMemory(place, now());
    await replace(place.file, formatListed(remembering(before.listed, shown, now())));
    return before.trouble;
  } catch (error) {
    return troubleOf(error, place.file, 'written');
  }
}

/** Nobody ever sees half of the file: not even where two write it at once, since somebody took a lock for abandoned. */
async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.${crypto.randomUUID()}.new`;
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readOwn({ file, owner }: MemoryPlace): Promise<string | null> {
  // Windows has no such flag, nor does it follow links that its user was not allowed to make.
  const noFollow = owner === null ? 0 : constants.O_NOFOLLOW;
  try {
    await using handle = await open(file, constants.O_RDONLY | noFollow);
    const facts = await handle.stat();
    if (!facts.isFile()) throw notUsed(file, 'it is not a file');
    if (owner !== null && facts.uid !== owner) throw notUsed(file, 'it belongs to someone else');
    if (owner !== null && (facts.mode & openToOthers) !== 0) throw notUsed(file, 'others than its owner may open it');
    if (facts.size > mostBytes) throw notUsed(file, 'it is too large');
    return await handle.readFile('utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw codeOf(error) === 'ELOOP' ? notUsed(file, 'it is a link') : error;
  }
}

/** Throws where files in the folder may be somebody else's. One that is not there is no danger. */
async function trustDirectory(directory: string, owner: number | null): Promise<void> {
  const facts = await lstat(directory).catch(absent);
  if (facts === null || owner === null) return;
  if (!facts.isDirectory()) throw notUsed(directory, 'it is not a folder');
  if (facts.uid !== owner) throw notUsed(directory, 'it belongs to someone else');
  if ((facts.mode & writableByOthers) !== 0) throw notUsed(directory, 'others than its owner may write to it');
}

/** Makes the folder, but never in one of somebody else's: root with the home of a user would lock that user out. */
async function makeDirectory(directory: string, owner: number | null): Promise<void> {
  for (let above = directory; owner !== null && (await stat(above).catch(absent)) === null; ) {
    above = path.dirname(above);
    const facts = await stat(above).catch(absent);
    if (facts !== null && facts.uid !== owner) throw notUsed(above, 'it belongs to someone else');
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await trustDirectory(directory, owner);
}

function notUsed(file: string, why: string): UsherError {
  return new UsherError({ code: 'bad_file', message: `${file} is not used: ${why}`, hint: offHint });
}

function troubleOf(error: unknown, file: string, what: 'read' | 'written'): UsherError {
  if (error instanceof UsherError && error.code === 'bad_file') return error;
  const code = codeOf(error);
  if (code === null) throw error;
  return new UsherError({ code: 'bad_file', message: `${file} cannot be ${what}: ${code}`, hint: offHint });
}

const offHint = 'what was listed is not remembered; USHER_MEMORY=off does without it';
