import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Screen } from '../cli/surroundings.ts';

/** Control sequences of xterm and those like it (ctlseqs): the alternate screen, the cursor, synchronised output. */
const sequence = {
  enter: '\u001b[?1049h\u001b[?25l',
  leave: '\u001b[?25h\u001b[?1049l',
  home: '\u001b[H',
  clearLine: '\u001b[K',
  clearBelow: '\u001b[J',
  beginFrame: '\u001b[?2026h',
  endFrame: '\u001b[?2026l',
} as const;

/** Takes a terminal until it is disposed of, or the process ends however it does. */
export function openScreen(input: ReadStream, output: WriteStream): Screen {
  const resizes = new Set<() => void>();
  const keys = new Set<(typed: string | undefined, key: Key) => void>();
  let open = true;
  const leave = (): void => {
    if (!open) return;
    open = false;
    output.write(sequence.leave);
    input.setRawMode(false);
    for (const hear of keys) input.off('keypress', hear);
    for (const hear of resizes) output.off('resize', hear);
    input.pause();
    process.off('exit', leave);
  };
  process.on('exit', leave);
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.resume();
  output.write(sequence.enter);
  return {
    get width() {
      return output.columns;
    },
    get height() {
      return output.rows;
    },
    draw(lines) {
      if (!open) return;
      const text = lines.map((line) => line + sequence.clearLine).join('\r\n');
      output.write(sequence.beginFrame + sequence.home + text + sequence.clearBelow + sequence.endFrame);
    },
    onKey(hear) {
      const listen = (typed: string | undefined, { name, ctrl }: Key): void => hear({ name, ctrl, text: typed });
      keys.add(listen);
      input.on('keypress', listen);
    },
    onResize(hear) {
      resizes.add(hear);
      output.on('resize', hear);
    },
    [Symbol.dispose]: leave,
  };
}
