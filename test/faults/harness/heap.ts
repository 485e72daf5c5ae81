import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { turn } from './left.ts';

/**
 * Compiled code, and what is learnt for it, grows for minutes. Without compilers, from before anything that is measured first runs, a
 * heap is the same to some hundred bytes.
 */
const flags = ['--expose-gc', '--no-opt', '--no-maglev', '--no-sparkplug', '--no-lazy-feedback-allocation'];

for (const flag of flags) setFlagsFromString(flag);
const collect = runInNewContext('gc') as () => void;

/** How often it is collected: what a finalizer lets go of is gone after the next one. */
const collections = 3;

/** By how many bytes the heap grows each time that something is done: the median, so that what happens once does not count. */
export async function growthOf(
  work: () => Promise<void>,
  times: { warmUp: number; measured: number },
): Promise<number> {
  const heap = async (): Promise<number> => {
    for (let left = collections; left > 0; left -= 1) {
      await turn();
      collect();
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  for (let left = times.warmUp; left > 0; left -= 1) await work();
  const growths: number[] = [];
  for (let before = await heap(), left = times.measured; left > 0; left -= 1) {
    await work();
    const after = await heap();
    growths.push(after - before);
    before = after;
  }
  return growths.toSorted((one, other) => one - other)[Math.floor(growths.length / 2)] ?? 0;
}
