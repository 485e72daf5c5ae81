import { PassThrough } from 'node:stream';
import type { RunningCommand, Transport } from '../transport.ts';

/** The far side of a command: what was sent to it, and what it answers. */
export interface FarSide {
  readonly command: string;
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
  exit(code: number | null): void;
}

/** A transport whose commands are played by `play`, which is called with each as it starts. */
export function scriptedTransport(
  user: string,
  play: (far: FarSide) => void,
): Transport & { readonly running: number } {
  const running = new Set<RunningCommand>();
  return {
    user,
    closed: new Promise(() => {}),
    get running() {
      return running.size;
    },
    async start(command) {
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
      let exit: (code: number | null) => void = () => {};
      const exited = new Promise<number | null>((resolve) => {
        exit = resolve;
      });
      const started: RunningCommand = {
        stdin,
        stdout,
        stderr,
        exited,
        [Symbol.dispose]() {
          running.delete(started);
          exit(null);
        },
      };
      running.add(started);
      play({ command, stdin, stdout, stderr, exit });
      return started;
    },
    async [Symbol.asyncDispose]() {
      for (const command of running) command[Symbol.dispose]();
    },
  };
}

export function frame(document: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(document));
  return Buffer.concat([Buffer.from(`USHER1 ${body.length}\n`), body, Buffer.from('\n')]);
}
