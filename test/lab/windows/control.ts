import { once } from 'node:events';
import { connect } from 'node:net';
import { z } from 'zod';
import type { Pipe, PlannedFault, Right } from './windows-host.ts';

/** A session as a world's file has it; what is left out is as the endpoint chooses. */
export interface GivenSession {
  readonly id?: number;
  readonly name?: string;
  readonly user: string;
  readonly domain?: string;
  readonly state?: string;
  readonly locked?: boolean;
  readonly logonTime?: string;
  readonly client?: object;
  /** See `endpoint/things.py`. */
  readonly stuck?: readonly string[];
  readonly endsWith?: 'request' | 'winlogon' | 'processes' | 'nothing';
  readonly [more: string]: unknown;
}

/** What happens at the host, not by a client's call; `endpoint/control.py` tells more of each. */
export type HostChange =
  | { readonly logon: GivenSession }
  | { readonly logoff: number }
  | { readonly end: number }
  | { readonly replace: GivenSession & { readonly id: number } }
  | { readonly disconnect: number }
  | { readonly reconnect: number }
  | { readonly lock: number }
  | { readonly unlock: number }
  | { readonly input: number }
  | { readonly session: { readonly id: number; readonly [more: string]: unknown } }
  | { readonly start: { readonly session: number; readonly image: string; readonly [more: string]: unknown } }
  | { readonly kill: number }
  | { readonly listener: { readonly name: string; readonly listening: boolean } }
  | { readonly advance: number }
  | { readonly rights: Readonly<Record<string, readonly Right[]>> }
  | { readonly faults: readonly PlannedFault[] }
  | { readonly absent: readonly string[] }
  | { readonly silent: boolean }
  | { readonly abort: true }
  | { readonly 'hang up': Pipe }
  | { readonly world: true };

export interface ChangeOutcome {
  /** When it happened, in milliseconds since 1970 by this machine's clock. */
  readonly at: number;
  /** What each change gave: the id of a session, the number of a process, a world. */
  readonly outcomes: readonly unknown[];
}

const answer = z.union([z.object({ at: z.number(), outcomes: z.array(z.unknown()) }), z.object({ error: z.string() })]);

/** Changes a host through the endpoint's control socket, all at once. Throws where one of the changes cannot be. */
export async function changeHost(path: string, changes: readonly HostChange[]): Promise<ChangeOutcome> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    socket.write(`${JSON.stringify(changes)}\n`);
    let line = '';
    for await (const data of socket.setEncoding('utf8')) {
      line += String(data);
      if (line.endsWith('\n')) break;
    }
    const said = answer.parse(JSON.parse(line));
    if ('error' in said) throw new Error(`the host cannot be changed so: ${said.error}`);
    return said;
  } finally {
    socket.destroy();
  }
}
