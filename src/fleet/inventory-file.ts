import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsherError } from '../sessions/errors.ts';
import { emptyInventory, type Inventory } from './inventory.ts';
import { inventoryOf, type InventoryText, parseInventoryText } from './inventory-text.ts';
import type { InventoryPlace, Places } from './paths.ts';

const mostBytes = 4 * 1024 * 1024;
const writableByAll = 0o002;

/** Reads the inventory; one that nobody named and that is not there is empty. Throws {@link UsherError} `bad_file`. */
export async function readInventory(place: InventoryPlace, places: Places): Promise<Inventory> {
  const text = await readText(place.file, places);
  if (text === null && place.named) throw absent(place.file);
  return text === null ? emptyInventory(place.file) : inventoryOf(await parseInventoryText(text, place.file), places);
}

/**
 * Edits the inventory in place: comments and order stay, the new file replaces the old one whole and only its owner
 * may read it. A file that is not there is made. Throws {@link UsherError} `bad_file`.
 */
export async function editInventory(
  file: string,
  places: Places,
  edit: (inventory: Inventory, document: InventoryText['document']) => void,
): Promise<Inventory> {
  const before = await readText(file, places);
  const parsed = await parseInventoryText(before ?? 'version: 1\nhosts: {}\n', file);
  edit(inventoryOf(parsed, places), parsed.document);
  const after = parsed.document.toString({ lineWidth: 0 });
  const inventory = inventoryOf(await parseInventoryText(after, file), places);
  if (after === before) return inventory;
  await replaceFile(file, after, async () => {
    if ((await readText(file, places)) === before) return;
    throw new UsherError({
      code: 'bad_file',
      message: `${file} was changed by someone else meanwhile`,
      hint: 'try again',
    });
  });
  return inventory;
}

async function readText(file: string, { platform }: Pick<Places, 'platform'>): Promise<string | null> {
  try {
    await using handle = await open(file, 'r');
    const status = await handle.stat();
    const { size, mode } = status;
    if (status.isDirectory()) throw unreadable(file, 'it is a folder');
    if (size > mostBytes) throw unreadable(file, `it is larger than ${mostBytes / 1024 / 1024} MiB`);
    if (platform !== 'win32' && (mode & writableByAll) !== 0) {
      throw unreadable(file, 'everybody may write to it, and it says where passwords go', `chmod o-w '${file}'`);
    }
    return await handle.readFile('utf8');
  } catch (error) {
    if (error instanceof UsherError) throw error;
    if (isSystemError(error) && error.code === 'ENOENT') return null;
    throw unreadable(file, isSystemError(error) ? (error.code ?? error.message) : String(error));
  }
}

async function replaceFile(file: string, text: string, stillAsRead: () => Promise<void>): Promise<void> {
  // A link stays a link: what it points at is replaced.
  const target = await realpath(file).catch(() => file);
  const temporary = `${target}.${process.pid}.new`;
  try {
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    {
      await using handle = await open(temporary, 'wx', 0o600);
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    }
    await stillAsRead();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof UsherError) throw error;
    throw new UsherError({ code: 'bad_file', message: `${file} cannot be written`, cause: error });
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error;

function unreadable(file: string, why: string, hint?: string): UsherError {
  return new UsherError({ code: 'bad_file', message: `${file} cannot be used: ${why}`, hint });
}

function absent(file: string): UsherError {
  const hint = 'make it with `usher hosts add NAME URL`, or name another with --inventory or USHER_INVENTORY';
  return new UsherError({ code: 'bad_file', message: `${file} is not there`, hint });
}
