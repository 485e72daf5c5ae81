import { cp, mkdir, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { mustRun } from '../test/lab/harness/command.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** How `usher` is started: its file, its first arguments, its environment. */
export interface InstalledUsher {
  readonly command: readonly [file: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** `usher`, compiled and installed in a folder as a package is, so that Node keeps its compiled code. Built once for a folder. */
export async function installUsher(folder: string): Promise<InstalledUsher> {
  const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
  if (isNew) {
    await mustRun(process.execPath, [`${root}tools/build.ts`]);
    for (const part of ['bin', 'dist', 'package.json'])
      await cp(`${root}${part}`, `${folder}/${part}`, { recursive: true });
    await symlink(`${root}node_modules`, `${folder}/node_modules`);
    await mkdir(`${folder}/cache`, { mode: 0o700 });
  }
  return {
    command: [process.execPath, `${folder}/bin/usher`],
    env: { XDG_CACHE_HOME: `${folder}/cache`, XDG_CONFIG_HOME: folder },
  };
}
