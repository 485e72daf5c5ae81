import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ErrorCode } from '../../../src/sessions/errors.ts';
import type { Link } from '../../../src/simulator/listen/peer.ts';
import type { Chance } from '../../../src/simulator/people/random.ts';
import { boasting, cutting, framedNoise, hangingUp, linkAfter, noise, nothing, twice } from './links.ts';

/** How a host comes to be faulty. */
export type Way =
  /** A simulated host behaves so. */
  | { readonly behaves: string }
  /** The network of a simulated host does it. */
  | { readonly network: (chance: Chance) => Link }
  /** What listens is no host at all. */
  | { readonly socket: (socket: Socket, chance: Chance) => void }
  /** It cuts everybody off who connects. */
  | 'off'
  | 'nothing-listens'
  /** It does not know who logs on. */
  | 'unknown-user';

export type FaultKind = 'stalls' | 'drops' | 'refuses' | 'babbles';

/** A way in which a host does not answer, and what a sweep says of it. */
export interface Fault {
  readonly name: string;
  readonly kind: FaultKind;
  readonly way: Way;
  readonly code: ErrorCode;
  /** Whether a password is taken out for it, and nothing is heard of what it thinks of it. */
  readonly isUntelling?: true;
}

const stalls = (name: string, way: Way): Fault => ({ name, kind: 'stalls', way, code: 'timeout' });
const drops = (name: string, way: Way): Fault => ({ name, kind: 'drops', way, code: 'connection_lost' });
const refuses = (name: string, way: Way, code: ErrorCode): Fault => ({ name, kind: 'refuses', way, code });
const babbles = (name: string, way: Way): Fault => ({ name, kind: 'babbles', way, code: 'bad_answer' });

const untelling = (fault: Fault): Fault => ({ ...fault, isUntelling: true });

const list = 'call=RpcGetAllSessionsEx';

/** For ever, as fast as it is taken. */
function* endless(chance: Chance): Generator<Buffer> {
  const bytes = Buffer.from(Array.from({ length: 16_384 }, () => chance.below(256)));
  for (;;) yield bytes;
}

export const faults: readonly Fault[] = [
  stalls('accepts and says nothing', { socket: () => undefined }),
  untelling(stalls('answers NEGOTIATE and nothing else', { network: () => linkAfter(1, nothing) })),
  untelling(stalls('falls silent in the logon', { network: () => linkAfter(2, nothing) })),
  stalls('falls silent after the logon', { network: () => linkAfter(4, nothing) }),
  stalls('falls silent when it is to list', { behaves: `half-open ${list}` }),
  stalls('falls silent in the middle of a list', { behaves: `stalls ${list}` }),
  stalls('never answers what lists', { behaves: `never-answers ${list}` }),
  drops('hangs up on everybody', 'off'),
  drops('resets the connection', { socket: (socket) => socket.once('data', () => socket.resetAndDestroy()) }),
  drops('hangs up in place of NEGOTIATE', { network: () => linkAfter(0, hangingUp) }),
  untelling(drops('hangs up in the logon', { network: () => linkAfter(2, cutting) })),
  drops('hangs up in the middle of a list', { behaves: `drops ${list}` }),
  drops('hangs up in the middle of its details', { behaves: 'drops call=RpcGetClientData' }),
  refuses('has nothing that listens', 'nothing-listens', 'unreachable'),
  refuses('does not know who logs on', 'unknown-user', 'logon_failed'),
  refuses('has no pipe for lists', { behaves: 'pipe-missing pipe=LSM_API_service' }, 'unsupported'),
  untelling(babbles('says bytes of chance', { network: (chance) => linkAfter(0, noise(chance)) })),
  untelling(babbles('says messages of chance', { network: (chance) => linkAfter(0, framedNoise(chance)) })),
  babbles('says messages of chance after the logon', { network: (chance) => linkAfter(5, framedNoise(chance)) }),
  untelling(babbles('announces a message of 16 MiB', { network: () => linkAfter(1, boasting) })),
  untelling(babbles('says everything twice', { network: () => linkAfter(0, twice) })),
  untelling(
    babbles('talks without end', {
      socket: (socket, chance) => void pipeline(Readable.from(endless(chance)), socket).catch(() => undefined),
    }),
  ),
  babbles('lists nonsense', { behaves: `garbage ${list}` }),
  babbles('lists nonsense by SMB', { behaves: `garbage level=smb ${list}` }),
];
