import { readFileSync } from 'node:fs';

const interruptedCode = 130;

/** Runs Usher's command line in this process, and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const [only, ...others] = argv;
  // The one question that scripts ask often is answered without loading anything.
  if (others.length === 0 && (only === '--version' || only === '-V')) {
    process.stdout.write(`${ownVersion()}\n`);
    return;
  }
  if (globalThis.Temporal === undefined) await import('temporal-polyfill/global');
  const leaving = new AbortController();
  const interrupt = (): void => {
    // The second time somebody who waits for the end is believed.
    if (leaving.signal.aborted) process.exit(interruptedCode);
    leaving.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // The terminal is closed.
  process.on('SIGHUP', interrupt);
  process.stdout.on('error', leaveQuietly);
  process.stderr.on('error', leaveQuietly);
  const [{ runProgram }, { surroundingsOf }] = await Promise.all([
    import('../cli/program.ts'),
    import('./surroundings.ts'),
  ]);
  const code = await runProgram(argv, await surroundingsOf(ownVersion(), interrupt, leaving.signal));
  // Whatever still holds the process, such as a host that does not hang up, is not waited for.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

/** Nobody reads any more, as in `usher sessions | head`, or the terminal is gone: there is nothing left to do. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  process.exit(0);
}

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

function ownVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (file as { readonly version: string }).version;
}
