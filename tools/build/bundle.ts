import { cpSync, globSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { build, normalizePath } from 'vite';

/** Modules are called by their paths with slashes, on Windows too. */
const source = normalizePath(join(import.meta.dirname, '../../src'));

/** What the program reads when it runs, and is no TypeScript. Folders named `testing` serve tests only. */
const isAsset = (path: string): boolean => !/\.ts$|(^|[\\/])testing[\\/]/.test(path);

/** A module that reads files beside it is built to a file of its own, at its place in the tree. */
const readsFiles = (module: string): boolean =>
  module.startsWith(source) && readFileSync(module, 'utf8').includes('import.meta.dirname');

const placeOf = (module: string): string => normalizePath(relative(source, module)).slice(0, -extname(module).length);

/**
 * Builds the program into the folder, which is emptied before: few files, because each costs a millisecond when the program
 * starts. Their names hold a hash of what is in them, so that `usher.cjs`, which names others, is another one after every change.
 */
export async function bundle(target: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { target: 'node', noExternal: true, external: ['ssh2', 'string-width'] },
    build: {
      ssr: join(source, 'main/usher.ts'),
      outDir: target,
      emptyOutDir: true,
      target: 'node24',
      license: { fileName: 'licences.md' },
      rolldownOptions: {
        output: {
          format: 'cjs',
          entryFileNames: 'main/[name].cjs',
          chunkFileNames: ({ name }) => `${name.includes('/') ? '' : 'main/'}[name]-[hash].cjs`,
          comments: false,
          codeSplitting: {
            groups: [
              { test: readsFiles, name: placeOf, priority: 2, includeDependenciesRecursively: false },
              { test: /src\/cli\/program\.ts$/, name: 'program', priority: 1 },
            ],
          },
        },
      },
    },
  });
  for (const file of globSync('**/*.*', { cwd: source }).filter(isAsset))
    cpSync(join(source, file), join(target, file));
}
