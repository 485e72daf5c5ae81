import { readFileSync } from 'node:fs';
import { z } from 'zod';

const given = z.looseObject({
  sessions: z.array(z.looseObject({ id: z.number() })),
  processes: z.array(z.looseObject({ pid: z.number(), session: z.number() })),
});

export interface WorldChange {
  /** Sessions that are not there, nor their processes. */
  readonly leaveOut?: readonly number[];
  /** What is otherwise with a session, by its number. */
  readonly sessions?: Readonly<Record<number, object>>;
}

/** The world `small` with a change, for `startWindowsHost`. */
export function smallWorld({ leaveOut = [], sessions = {} }: WorldChange): object {
  const world = given.parse(JSON.parse(readFileSync(new URL('worlds/small.json', import.meta.url), 'utf8')));
  return {
    ...world,
    sessions: world.sessions
      .filter(({ id }) => !leaveOut.includes(id))
      .map((session) => ({ ...session, ...sessions[session.id] })),
    processes: world.processes.filter(({ session }) => !leaveOut.includes(session)),
  };
}
