import { homedir } from 'node:os';
import path from 'node:path';

/** What places files: the process's own, or a test's. */
export interface Places {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDirectory: string;
}

export const ownPlaces = (): Places => ({
  env: process.env,
  platform: process.platform,
  homeDirectory: homedir(),
});

export interface InventoryPlace {
  readonly file: string;
  /** Whether it was named on purpose: then it must exist to be read. */
  readonly named: boolean;
}

/**
 * Where the inventory is: the option, USHER_INVENTORY, else `usher/inventory.yaml` in the user's configuration
 * (XDG Base Directory Specification; `%APPDATA%` on Windows).
 */
export function inventoryPlace(option: string | undefined, places: Places): InventoryPlace {
  const named = option ?? (places.env['USHER_INVENTORY'] || undefined);
  if (named !== undefined) return { file: atHome(named, places), named: true };
  return { file: path.join(configurationDirectory(places), 'usher', 'inventory.yaml'), named: false };
}

function configurationDirectory({ env, platform, homeDirectory }: Places): string {
  if (platform === 'win32') return env['APPDATA'] || path.join(homeDirectory, 'AppData', 'Roaming');
  const xdg = env['XDG_CONFIG_HOME'] ?? '';
  return path.isAbsolute(xdg) ? xdg : path.join(homeDirectory, '.config');
}

/** The path with a leading `~/` taken as the home directory. */
export function atHome(file: string, { homeDirectory }: Pick<Places, 'homeDirectory'>): string {
  return /^~[/\\]/.test(file) ? path.join(homeDirectory, file.slice(2)) : file;
}

/**
 * Where Usher keeps what it knows from one run to the next: `usher` in the user's state folder (XDG Base Directory Specification;
 * `%LOCALAPPDATA%` on Windows).
 */
export function stateFolder({ env, platform, homeDirectory }: Places): string {
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] || path.join(homeDirectory, 'AppData', 'Local'), 'usher');
  const xdg = env['XDG_STATE_HOME'] ?? '';
  return path.join(path.isAbsolute(xdg) ? xdg : path.join(homeDirectory, '.local', 'state'), 'usher');
}
