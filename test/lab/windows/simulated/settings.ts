import { z } from 'zod';
import { milliseconds, type Milliseconds } from '../../../../src/sessions/duration.ts';

export const minutes = (count: number): Milliseconds => milliseconds(60_000 * count);

/** What the simulated host of the lab is to be like. */
export const simulatedWorld = z.object({
  /** `still` stands, `running` runs. */
  clock: z.enum(['still', 'running']),
  /** Of the host: `id-reused user=alice`. */
  behaviours: z.array(z.string()),
  /** Values of the policies of Remote Desktop: `Shadow`. */
  policies: z.record(z.string(), z.number()),
  /** Of sessions, by id. */
  sessionBehaviours: z.record(z.string(), z.array(z.string())),
});

export type SimulatedWorld = z.output<typeof simulatedWorld>;

/** What the endpoint is started with: a file. */
export const settings = z.object({
  sockets: z.string(),
  /** Where it writes what it does. */
  log: z.string(),
  world: z.string(),
  written_world: z.string(),
  administrators: z.array(z.string()),
  accounts: z.array(z.string()),
});

export type Settings = z.output<typeof settings>;
