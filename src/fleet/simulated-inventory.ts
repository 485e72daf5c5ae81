import { rmSync } from 'node:fs';
import { open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsherError } from '../sessions/errors.ts';
import { formatHostUrl, type HostUrl } from '../sessions/host.ts';
import type { IsAlive } from './running-demo.ts';

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

/** The process that an estate ends with. */
export interface EstateProcess {
  readonly pid: number;
  readonly isAlive: IsAlive;
}

const opening = (pid: number): string =>
  `# A simulated estate: nobody works here. Process ${pid}, which runs it, removes this file when it ends.\n`;
const openingForm = /^# A simulated estate: nobody works here\. Process (?<pid>\d{1,10}), /;

/** The file that holds the password of an inventory's simulated hosts. */
export const passwordFileOf = (file: string): string => `${file}.password`;

/**
 * Writes the inventory of a simulated estate, and its password beside it, both for their owner alone. Files that are there are left
 * alone, unless they are those of a simulated estate that was killed. Throws {@link UsherError} `bad_file`, and then wrote nothing.
 */
export async function writeSimulatedInventory(
  file: string,
  estate: SimulatedInventory,
  process: EstateProcess,
): Promise<void> {
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
  await dropLeftover(file, process);
  await write(passwordFile, `${estate.password}\n`);
  try {
    await write(file, opening(process.pid) + text);
  } catch (error) {
    await rm(passwordFile, { force: true });
    throw error;
  }
}

/** What the inventory of an estate is called that names none, by the process that it is of. */
export const ownInventoryName = (pid: number): string => `simulated-${pid}.yaml`;

/** Removes those from the folder whose process was killed before it could. */
export async function removeLeftovers(folder: string, isAlive: IsAlive): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^simulated-(\d{1,10})\.yaml$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) removeSimulatedInventory(path.join(folder, name));
  }
}

/** Removes both files, at once. */
export function removeSimulatedInventory(file: string): void {
  for (const one of [file, passwordFileOf(file)]) rmSync(one, { force: true });
}

/** Removes what a killed estate left. Throws where the estate runs. */
async function dropLeftover(file: string, { pid: own, isAlive }: EstateProcess): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(openingForm.exec(text)?.groups?.['pid'] ?? 0);
  if (pid === 0) return;
  if (pid !== own && isAlive(pid)) {
    const message = `${file} is the inventory of a simulated estate that runs (process ${pid})`;
    throw new UsherError({ code: 'bad_file', message, hint: 'name another file with --inventory' });
  }
  removeSimulatedInventory(file);
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
