import { expect, vi } from 'vitest';
import type { Host } from '../../../sessions/host.ts';
import type { HostReading } from '../../driver.ts';
import { kept } from '../connection.ts';
import { WatchLoad } from '../watch-load.ts';
import { answersOf } from './answers.ts';
import { hostFacts } from './facts.ts';
import { type Answer, LoopbackHost } from './host.ts';
import { Notifier } from './notifier.ts';
import { type Reading, readerOf } from './reading.ts';

const open: AsyncDisposable[] = [];

/** Ends what was begun. */
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
}

const host: Host = {
  name: 'wh1',
  url: { scheme: 'windows', user: null, domain: null, address: '127.0.0.1', port: null },
};
interface Watching extends Reading {
  readonly server: LoopbackHost;
  readonly notifier: Notifier;
  readonly readings: AsyncIterator<HostReading>;
  readonly abort: AbortController;
}

/** A host that tells of changes, but for what it answers otherwise; nothing was read yet. */
export const watching = (...otherwise: readonly Answer[]): Promise<Watching> =>
  watchingUnder(new WatchLoad(), ...otherwise);

/** The same beside other hosts. */
export async function watchingUnder(load: WatchLoad, ...otherwise: readonly Answer[]): Promise<Watching> {
  const notifier = new Notifier();
  const answers = [...answersOf(hostFacts()), ...notifier.answers, ...otherwise];
  const server = await LoopbackHost.start({ answers });
  open.push(server);
  const reading = await readerOf(server);
  open.push(reading.smb);
  const { timers, ...connected } = reading;
  const connection = kept({ host, ...connected, after: timers.after, load });
  const abort = new AbortController();
  const readings = connection.watch(abort.signal)[Symbol.asyncIterator]();
  return { ...reading, server, notifier, readings, abort };
}

/** How often the host was listed. */
export const lists = ({ server }: Watching): number =>
  server.calls.filter((call) => call === 'RpcGetAllSessionsEx').length;
/** How often sessions were asked about, each apart. */
export const asks = ({ server }: Watching): number =>
  server.calls.filter((call) => call === 'RpcGetSessionInformationEx').length;
/** Asks for the next reading, and lets the rest after the last one pass; the host is waited for then, with so many timers. */
export async function rested(
  watched: Watching,
  { timers = 1 } = {},
): Promise<{ readonly next: Promise<IteratorResult<HostReading>> }> {
  const next = watched.readings.next();
  next.catch(() => undefined);
  await vi.waitFor(() => expect(watched.timers.pending).toBe(timers + 1));
  watched.timers.pass(50);
  await vi.waitFor(() => expect(watched.timers.pending).toBe(timers));
  return { next };
}
