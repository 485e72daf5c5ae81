import { z } from 'zod';

/**
 * What a peer is told and answers, a JSON document a line: first a task, then for each order a round. `cold` connects to all places
 * anew and lists them, `warm` lists them again over the connections that were kept.
 */
export const orders = ['cold', 'warm'] as const;
export type Order = (typeof orders)[number];

/** Where a host listens. */
export const place = z.object({ address: z.string(), port: z.number() });
export type Place = z.infer<typeof place>;

/** Who lists what, and how many hosts at once. */
export const task = z.object({
  /** `DOMAIN\user`. */
  user: z.string(),
  password: z.string(),
  places: z.array(place),
  parallel: z.number(),
});
export type Task = z.infer<typeof task>;

/** A user's session as every peer tells it. Instants are milliseconds since 1970, null where there was none. */
export const row = z.object({
  /** Which of the places. */
  host: z.number(),
  id: z.number(),
  user: z.string(),
  domain: z.string(),
  /** WINSTATIONSTATECLASS ([MS-TSTS] 2.2.1.9). */
  state: z.number(),
  /** What the client of an active session calls itself. */
  client: z.string(),
  logonAt: z.number().nullable(),
  inputAt: z.number().nullable(),
});
export type Row = z.infer<typeof row>;

/** What a round cost, in milliseconds, and what it told. */
export const round = z.object({ took: z.number(), cpu: z.number(), rows: z.array(row) });
export type Round = z.infer<typeof round>;

/** The rows as lines in order: what all peers must agree on. */
export const linesOf = (rows: readonly Row[]): readonly string[] =>
  rows
    .toSorted((one, other) => one.host - other.host || one.id - other.id)
    .map(({ host, id, user, domain, state, client, logonAt, inputAt }) =>
      [host, id, `${domain}\\${user}`, state, client, logonAt, inputAt].join(' '),
    );
