import { rmSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsherError } from '../sessions/errors.ts';
import { formatHostUrl, type HostUrl } from '../sessions/host.ts';
import { readInventory } from './inventory-file.ts';
import type { Places } from './paths.ts';

/** A simulated host as an inventory has it. */
export interface SimulatedHostEntry {
  readonly name: string;
  readonly url: HostUrl;
  readonly groups: readonly string[];
  readonly slots: number;
}

export interface SimulatedInventory {
  readonly hosts: readonly SimulatedHostEntry[];
  /** `DOMAIN\user` */
  readonly user: string;
  readonly password: string;
}

const opening = '# A simulated estate: nobody works here. The program that runs it removes this file when it ends.\n';

/** The file that holds the password of an inventory's simulated hosts. */
export const passwordFileOf = (file: string): string => `${file}.password`;

/**
 * Writes the inventory of a simulated estate, and its password beside it, both for their owner alone. A file that is there is left
 * alone, unless it is one of a simulated estate that was not removed. Throws {@link UsherError} `bad_file`.
 */
export async function writeSimulatedInventory(file: string, estate: SimulatedInventory, places: Places): Promise<void> {
  const { stringify } = await import('yaml');
  const passwordFile = passwordFileOf(file);
  const credential = { user: estate.user, passwordFile: path.basename(passwordFile) };
  const hosts = new Map(
    estate.hosts.map(({ name, url, groups, slots }) => [
      name,
      { url: formatHostUrl(url), groups, credential: 'simulated', slots, simulated: true },
    ]),
  );
  const text = stringify({ version: 1, credentials: { simulated: credential }, hosts });
  await dropLeftover(file, places);
  await write(file, opening + text);
  await write(passwordFile, `${estate.password}\n`);
}

/** What the inventory of an estate is called that names none, by the process that it is of. */
export const ownInventoryName = (pid: number): string => `simulated-${pid}.yaml`;

/** Removes those from the folder whose process was killed before it could. */
export async function removeLeftovers(folder: string, isAlive: (pid: number) => boolean): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^simulated-(\d{1,10})\.yaml$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) removeSimulatedInventory(path.join(folder, name));
  }
}

/** Removes both files, at once. */
export function removeSimulatedInventory(file: string): void {
  for (const one of [file, passwordFileOf(file)]) rmSync(one, { force: true });
}

/** One that is all simulated is nobody's any more. */
async function dropLeftover(file: string, places: Places): Promise<void> {
  const { hosts } = await readInventory({ file, named: false }, places);
  if (hosts.size === 0 || [...hosts.values()].some(({ simulated }) => !simulated)) return;
  await rm(file, { force: true });
  await rm(passwordFileOf(file), { force: true });
}

async function write(file: string, text: string): Promise<void> {
  try {
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(text, 'utf8');
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new UsherError({
      code: 'bad_file',
      message: isThere ? `${file} is there already, and is left as it is` : `${file} cannot be written`,
      hint: 'name another file with --inventory',
      cause: isThere ? undefined : error,
    });
  }
}
