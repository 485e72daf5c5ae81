import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readInventory } from '../../fleet/inventory-file.ts';
import { forgetListed } from '../../fleet/memory/forget.ts';
import { memoryPlace } from '../../fleet/memory/memory-file.ts';
import { atHome, inventoryPlace, stateFolder } from '../../fleet/paths.ts';
import { announceDemo, dropStateFolder, forgetDemo } from '../../fleet/running-demo.ts';
import {
  ownInventoryName,
  removeLeftovers,
  removeSimulatedInventory,
  writeSimulatedInventory,
} from '../../fleet/simulated-inventory.ts';
import { UsherError } from '../../sessions/errors.ts';
import { formatHostUrl } from '../../sessions/host.ts';
import type { Run } from '../run.ts';
import type { RunningEstate, RunningHost, WantedEstate } from './port.ts';

/** An estate that is up, with its inventory. Disposing of it leaves nothing behind. */
export interface EstateUp extends AsyncDisposable {
  readonly estate: RunningEstate;
  /** The inventory's file, by its whole path. */
  readonly inventory: string;
  /** How another command names the estate: `usher`, or `usher --inventory FILE` where it does not find it by itself. */
  readonly usher: string;
}

/** How many more sessions a host is meant to carry than it starts with: one in ten. */
const spare = 1.1;

/**
 * Brings an estate up and writes its inventory, to `file`, else to one of its own that others find by themselves. Throws `UsherError`.
 */
export async function bringUp(run: Run, wanted: WantedEstate, file: string | null): Promise<EstateUp> {
  const { around } = run;
  await using undoing = new AsyncDisposableStack();
  const simulator = await around.simulator();
  const estate = undoing.use(await simulator.start(wanted));
  const hosts = estate.hosts.map(entryOf);
  const urls = new Set(hosts.map(({ url }) => formatHostUrl(url)));
  undoing.use(removed(run, () => dropStateFolder(around.places)));
  undoing.use(removed(run, () => forgetListed(memoryPlace(around.places), urls, () => around.now())));
  const inventory = path.resolve(file === null ? await ownFile(run) : atHome(file, around.places));
  await writeSimulatedInventory(inventory, { ...estate, hosts }, around.process);
  undoing.use(removed(run, () => removeSimulatedInventory(inventory)));
  const isFound = file === null && (await isFoundByItself(run, inventory));
  if (isFound) undoing.use(removed(run, () => forgetDemo(around.places)));
  const { calledAs } = around.process;
  const usher = isFound ? calledAs : `${calledAs} --inventory ${shellWord(inventory)}`;
  const undo = undoing.move();
  return { estate, inventory, usher, [Symbol.asyncDispose]: () => undo.disposeAsync() };
}

function entryOf({ name, kind, address, port, sessions }: RunningHost) {
  const url = { scheme: 'windows', user: null, domain: null, address, port } as const;
  return { name, url, groups: ['simulated', kind], slots: Math.max(1, Math.ceil(sessions * spare)) };
}

/** Whatever ends the process, files do not outlive it. */
function removed(run: Run, remove: () => void): Disposable {
  const atExit = run.around.process.atExit(remove);
  return {
    [Symbol.dispose]() {
      atExit[Symbol.dispose]();
      remove();
    },
  };
}

async function ownFile({ around }: Run): Promise<string> {
  const folder = stateFolder(around.places);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeLeftovers(folder, (pid) => around.process.isAlive(pid));
  } catch (error) {
    throw new UsherError({
      code: 'bad_file',
      message: `${folder} cannot be written to`,
      hint: 'say where the inventory goes: usher simulate --inventory FILE',
      cause: error,
    });
  }
  return path.join(folder, ownInventoryName(around.process.pid));
}

/** Who has hosts of his own means those. */
async function isFoundByItself({ around }: Run, inventory: string): Promise<boolean> {
  const { places, process } = around;
  const own = inventoryPlace(undefined, places);
  if (own.named || (await readInventory(own, places)).hosts.size > 0) return false;
  return announceDemo({ pid: process.pid, inventory }, places, (pid) => process.isAlive(pid));
}

/** A word of a shell's command line. */
const shellWord = (text: string): string =>
  /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
