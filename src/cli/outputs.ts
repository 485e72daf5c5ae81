import type { LineOutput, Output } from './surroundings.ts';
import { cutTo } from './table.ts';

/** A terminal's line becomes empty. */
const erase = '\r\u001b[2K';
const usualColumns = 80;

/** Standard output and standard error, which may be the same terminal: what one draws is gone before either writes there. */
export function outputsOn(stdout: Output, stderr: Output): { readonly stdout: Output; readonly stderr: LineOutput } {
  let drawn = '';
  const draw = (text: string): void => {
    const line = cutTo(text, (stderr.columns ?? usualColumns) - 1);
    if (!stderr.isTerminal || line === drawn) return;
    drawn = line;
    stderr.write(erase + line);
  };
  const erasing = (output: Output): Output => ({
    write(text) {
      if (output.isTerminal) draw('');
      output.write(text);
    },
    isTerminal: output.isTerminal,
    get columns() {
      return output.columns;
    },
  });
  return { stdout: erasing(stdout), stderr: Object.assign(erasing(stderr), { draw }) };
}
