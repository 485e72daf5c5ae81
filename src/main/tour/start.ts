import { tour } from './tour.ts';

if (globalThis.Temporal === undefined) await import('temporal-polyfill/global');

const interrupted = 130;
const leaving = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leaving.abort());

try {
  process.exitCode = await tour(leaving.signal);
} catch (error) {
  if (!leaving.signal.aborted) throw error;
  process.exitCode = interrupted;
}
