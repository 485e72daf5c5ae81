import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { SimulatedWorld } from './simulated/settings.ts';
import { startWindowsHost } from './windows-host.ts';
import type { WindowsHost, WindowsHostOptions } from './windows-host.ts';

const endpoint = fileURLToPath(new URL('simulated/endpoint.ts', import.meta.url));

/** Starts our own simulated host behind smbd. */
export function startSimulatedHost(
  world: Partial<SimulatedWorld> = {},
  options: WindowsHostOptions = {},
): Promise<WindowsHost> {
  return startWindowsHost({
    ...options,
    endpoint: [process.execPath, endpoint],
    world: { clock: 'running', behaviours: [], policies: {}, sessionBehaviours: {}, ...world },
  });
}

const entry = z.object({
  ledger: z.object({
    by: z.string(),
    session: z.object({ id: z.number(), user: z.string().nullable() }).nullable(),
    what: z.looseObject({ kind: z.string(), act: z.string().optional(), cause: z.string().optional() }),
  }),
});

export type WrittenEntry = z.output<typeof entry>['ledger'];

/** What really happened, by the world's own ledger. */
export function ledgerOf(host: WindowsHost): readonly WrittenEntry[] {
  return host.log().flatMap((line) => ('ledger' in line ? [entry.parse(line).ledger] : []));
}

/** What happened, in short: `2 ended logoff by ORACLE\tsadmin over the network`. */
export function happened(host: WindowsHost): readonly string[] {
  return ledgerOf(host).map(({ by, session, what }) => {
    const { kind, act, fate, cause } = what;
    const detail = act === undefined ? `${kind} ${cause ?? ''}`.trim() : `${act} ${fateText(fate)}`;
    return `${session?.id ?? 'host'} ${detail} by ${by}`;
  });
}

function fateText(fate: unknown): string {
  const { kind, why } = z.object({ kind: z.string(), why: z.string().optional() }).parse(fate);
  return why === undefined ? kind : `${kind}: ${why}`;
}
