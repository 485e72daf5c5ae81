import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { writeSection } from './page.ts';

/**
 * Measures Usher against its peers and writes what comes out into docs/benchmarks.md: all parts, or those that are named.
 *
 *     npm run bench -- [--go-msrpc FOLDER] [--reference FOLDER] [--trial] [PART…]
 */
const parts: Readonly<Record<string, () => Promise<Bench>>> = {
  sweep: () => import('./sweep.ts'),
  links: () => import('./links.ts'),
  program: () => import('./program.ts'),
  watching: () => import('./watching.ts'),
  push: () => import('./push.ts'),
  windows: () => import('./windows.ts'),
  xrdp: () => import('./xrdp.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'go-msrpc': { type: 'string' },
    reference: { type: 'string' },
    trial: { type: 'boolean', default: false },
  },
});
const unknown = positionals.find((name) => !(name in parts));
if (unknown !== undefined) throw new Error(`there is no part ${unknown}, but ${Object.keys(parts).join(', ')}`);
const folder = await mkdtemp(`${tmpdir()}/usher-bench-`);
const given = (text: string | undefined): string | null => (text === undefined ? null : path.resolve(text));
try {
  for (const [name, load] of Object.entries(parts)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const bench = await load();
    console.log(`== ${name}`);
    const lines = await bench.measure({
      goMsrpc: given(values['go-msrpc']),
      reference: given(values.reference),
      isTrial: values.trial,
      folder,
    });
    console.log(`${lines.join('\n')}\n`);
    if (!values.trial) await writeSection(name, lines);
  }
} finally {
  await rm(folder, { recursive: true });
}
