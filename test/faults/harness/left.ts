import { getEventListeners } from 'node:events';
import type { Client } from './client.ts';
import type { FaultyEstate } from './estate.ts';

/** What could be left of work that is over: each is 0 where nothing is. */
export interface Left {
  /** At Usher's end, and at the hosts'. */
  readonly sockets: number;
  readonly connections: number;
  /** Timers that Usher armed. */
  readonly timers: number;
  /** Who still listens for an abort. */
  readonly listeners: number;
  /** Sockets and timers that Node holds for this process beyond those before. */
  readonly resources: number;
}

export const nothingLeft: Left = { sockets: 0, connections: 0, timers: 0, listeners: 0, resources: 0 };

const kinds: readonly string[] = ['TCPSocketWrap', 'Timeout'];

/** How much Node holds for this process now. */
export const resources = (): number => process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind)).length;

export interface Over {
  readonly client: Client;
  readonly estate: FaultyEstate;
  readonly signal: AbortSignal;
  /** What {@link resources} told before. */
  readonly before: number;
}

/** A socket that was destroyed is closed some turns of the event loop later. */
const mostClosing = 1000;
/** Turns of the event loop after which what has not come does not come. */
export const mostTurns = 200_000;

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await turn();
}

/** Until it is so. Throws where it never is. */
export async function until(isThere: () => boolean, what: string): Promise<void> {
  for (let left = mostTurns; left > 0; left -= 1) {
    if (isThere()) return;
    await turn();
  }
  throw new Error(`this never came: ${what}`);
}

/** What is left, once what is on its way out has left. */
export async function leftOf({ client, estate, signal, before }: Over): Promise<Left> {
  const now = (): Left => ({
    sockets: client.sockets(),
    connections: estate.connections(),
    timers: client.timers.pending(),
    listeners: getEventListeners(signal, 'abort').length,
    resources: Math.max(0, resources() - before),
  });
  for (let turns = 0; turns < mostClosing && Object.values(now()).some((count) => count > 0); turns += 1) await turn();
  return now();
}
