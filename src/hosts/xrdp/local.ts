import { spawn } from 'node:child_process';
import { UsherError } from '../../sessions/errors.ts';
import type { RunningCommand, Transport } from './transport.ts';

/** This machine itself. */
export function localTransport(user: string): Transport {
  const running = new Set<RunningCommand>();
  let close: (reason: null) => void = () => {};
  const closed = new Promise<null>((resolve) => {
    close = resolve;
  });

  return {
    user,
    closed,
    async start(command, signal) {
      signal.throwIfAborted();
      const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'pipe'], detached: false });
      const exited = new Promise<number | null>((resolve) => {
        child.once('close', (code) => resolve(code));
        child.once('error', () => resolve(null));
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (cause) => {
          reject(new UsherError({ code: 'unsupported', message: 'no shell could be started on this machine', cause }));
        });
      });
      child.stdin.on('error', () => {});
      const started: RunningCommand = {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        exited,
        [Symbol.dispose]() {
          running.delete(started);
          child.stdin.destroy();
          child.kill('SIGTERM');
        },
      };
      running.add(started);
      return started;
    },
    async [Symbol.asyncDispose]() {
      for (const command of running) command[Symbol.dispose]();
      close(null);
    },
  };
}
