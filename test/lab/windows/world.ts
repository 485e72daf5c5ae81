import { z } from 'zod';

/** A FILETIME in decimal digits. */
const filetime = z.string().regex(/^-?\d+$/);

const client = z.object({
  name: z.string(),
  address: z.string(),
  peer: z.string().nullable(),
  width: z.number(),
  height: z.number(),
  depth: z.number(),
  time_zone: z.string(),
});

const session = z.object({
  id: z.number(),
  name: z.string(),
  state: z.string(),
  user: z.string(),
  domain: z.string(),
  connect_time: filetime,
  disconnect_time: filetime,
  logon_time: filetime,
  last_input_time: filetime,
  input_time: filetime.nullable(),
  locked: z.boolean().nullable(),
  protocol: z.number(),
  client: client.nullable(),
  bytes_in: z.number(),
  bytes_out: z.number(),
  enumerated: z.boolean(),
});

const process = z.object({
  pid: z.number(),
  session: z.number(),
  image: z.string(),
  sid: z.string().nullable(),
  parent: z.number(),
  create_time: filetime,
  user_time: filetime,
  kernel_time: filetime,
  working_set: z.number(),
});

/** A world as the endpoint made it: what a client of the host is to see. */
export const worldSchema = z.object({
  computer: z.string(),
  now: filetime,
  listeners: z.array(z.object({ id: z.number(), name: z.string(), listening: z.boolean() })),
  sessions: z.array(session),
  processes: z.array(process),
  /** ShutdownFlags of each RpcWinStationShutdownSystem. */
  shutdowns: z.array(z.number()),
});

export type World = z.output<typeof worldSchema>;
export type WorldSession = World['sessions'][number];
