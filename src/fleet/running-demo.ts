import { rmdirSync, rmSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Places, stateFolder } from './paths.ts';

/** A simulated estate that runs on this machine, for whoever names no inventory and has none. */
export interface RunningDemo {
  /** The process that it ends with. */
  readonly pid: number;
  /** Its inventory, by its whole path. */
  readonly inventory: string;
}

/** Whether a process runs, whoever's it is. */
export type IsAlive = (pid: number) => boolean;

const fileOf = (places: Places): string => path.join(stateFolder(places), 'demo.json');
const longest = 8192;

/** What others than the owner of a file may not do with it, for its inventory says where passwords are. */
const openToOthers = 0o077;

/** The one that runs; null where there is none, or where the file about it is not ours alone, or cannot be read. */
export async function runningDemo(
  places: Places,
  isAlive: IsAlive,
  owner = process.getuid?.(),
): Promise<RunningDemo | null> {
  const text = await readOwn(fileOf(places), places.platform === 'win32' ? undefined : owner);
  const demo = text === null ? null : demoOf(text);
  return demo !== null && isAlive(demo.pid) ? demo : null;
}

async function readOwn(file: string, owner: number | undefined): Promise<string | null> {
  try {
    await using handle = await open(file, 'r');
    const { uid, mode, size } = await handle.stat();
    if (size > longest || (owner !== undefined && (uid !== owner || (mode & openToOthers) !== 0))) return null;
    return await handle.readFile('utf8');
  } catch {
    return null;
  }
}

function demoOf(text: string): RunningDemo | null {
  try {
    const { pid, inventory } = JSON.parse(text) as { readonly pid?: unknown; readonly inventory?: unknown };
    const isDemo = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 && typeof inventory === 'string';
    return isDemo && path.isAbsolute(inventory) ? { pid, inventory } : null;
  } catch {
    return null;
  }
}

/** Makes it known, unless another one runs, or the folder cannot be written to. Answers whether it is known now. */
export async function announceDemo(demo: RunningDemo, places: Places, isAlive: IsAlive): Promise<boolean> {
  if ((await runningDemo(places, isAlive)) !== null) return false;
  const file = fileOf(places);
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await rm(file, { force: true });
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`${JSON.stringify(demo)}\n`, 'utf8');
    return true;
  } catch {
    return false;
  }
}

/** Forgets it, at once. */
export function forgetDemo(places: Places): void {
  rmSync(fileOf(places), { force: true });
}

/** Removes the folder that it was in, at once, where nothing else is there. */
export function dropStateFolder(places: Places): void {
  try {
    rmdirSync(stateFolder(places));
  } catch {
    // Something else is there.
  }
}
