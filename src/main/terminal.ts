import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Terminal } from '../cli/surroundings.ts';

interface TerminalInput extends Readable {
  setRawMode(raw: boolean): unknown;
}

/** Asks on a terminal: questions on `output`, answers from `input`. An abort ends the asking with its reason. */
export function terminalOn(
  input: TerminalInput,
  output: Writable,
  interrupt: () => void,
  signal: AbortSignal,
): Terminal {
  return {
    async ask(question) {
      const lines = createInterface({ input, output, terminal: true });
      try {
        const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
        lines.once('SIGINT', interrupt);
        return await Promise.race([lines.question(question, { signal }), closed]);
      } finally {
        lines.close();
      }
    },
    async askSecret(question) {
      output.write(question);
      input.setRawMode(true);
      try {
        return await readUnseen(input, interrupt, signal);
      } finally {
        input.setRawMode(false);
        input.pause();
        output.write('\n');
      }
    },
  };
}

/** Reads a line from a terminal in raw mode, with nothing of it shown. Null where the input ends first. */
function readUnseen(input: Readable, interrupt: () => void, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const decoder = new TextDecoder();
    let typed: readonly string[] = [];
    const finish = (settle: () => void): void => {
      input.off('data', take);
      input.off('end', end);
      signal.removeEventListener('abort', abort);
      settle();
    };
    const end = (): void => finish(() => resolve(null));
    const abort = (): void => finish(() => reject(signal.reason));
    const take = (chunk: Buffer): void => {
      for (const character of decoder.decode(chunk, { stream: true })) {
        if (character === '\r' || character === '\n') return finish(() => resolve(typed.join('')));
        if (character === '\u0003') return interrupt();
        if (character === '\u0004') return end();
        typed = edited(typed, character);
      }
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    input.on('data', take);
    input.once('end', end);
    input.resume();
  });
}

/** Backspace takes the last character back, Ctrl-U all of them; other control characters are not part of a secret. */
function edited(typed: readonly string[], character: string): readonly string[] {
  if (character === '\u007f' || character === '\b') return typed.slice(0, -1);
  if (character === '\u0015') return [];
  return character < ' ' ? typed : [...typed, character];
}
