import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { linesOf, type Order, type Round, round, type Task } from './protocol.ts';

/** How a peer is run. */
export interface PeerProgram {
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
}

/** A client in a process of its own, which lists the same places as the others. */
export interface Peer extends AsyncDisposable {
  readonly name: string;
  /** Throws where the peer ended, or told something else than was `expected`; null is whatever it tells. */
  run(order: Order, expected: readonly string[] | null): Promise<Round>;
}

export function startPeer({ name, command }: PeerProgram, task: Task): Peer {
  const [file, ...args] = command;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const say = (line: string): void => void child.stdin.write(`${line}\n`);
  say(JSON.stringify(task));
  return {
    name,
    async run(order, expected) {
      say(order);
      const { value, done } = await answers.next();
      if (done === true) throw new Error(`${name} ended`);
      const told = round.parse(JSON.parse(value));
      if (expected !== null) assertSame(name, linesOf(told.rows), expected);
      return told;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}

function assertSame(name: string, told: readonly string[], expected: readonly string[]): void {
  const at = Array.from({ length: Math.max(told.length, expected.length) }, (_, index) => index).find(
    (index) => told[index] !== expected[index],
  );
  if (at === undefined) return;
  throw new Error(
    `${name} tells ${told.length} rows of ${expected.length}, first otherwise:\n${told[at]}\nand not\n${expected[at]}`,
  );
}
