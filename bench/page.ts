import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));

/** What was measured, with the machine that it was measured on, into the section of docs/benchmarks.md that has this name. */
export async function writeSection(name: string, lines: readonly string[]): Promise<void> {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const before = await readFile(page, 'utf8');
  const [start, end] = [before.indexOf(open), before.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`docs/benchmarks.md has no section ${name}`);
  const text = `${[open, machine(), '', ...lines].join('\n').trimEnd()}\n`;
  await writeFile(page, before.slice(0, start) + text + before.slice(end));
}

function machine(): string {
  const today = Temporal.Now.plainDateISO().toString();
  const model = cpus()[0]?.model ?? 'unknown';
  return `Measured on ${today} on ${cpus().length} cores (${model}), shared with others, Node ${process.version}.`;
}
