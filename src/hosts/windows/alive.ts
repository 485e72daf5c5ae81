import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { SmbClient } from './smb-client.ts';

/** A connection to a host, and time. */
export interface Alive {
  readonly smb: Pick<SmbClient, 'echo' | 'end' | 'lost'>;
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
}

/** How often a host that waits for a person is asked whether it is still there. */
const interval = milliseconds(30_000);
/** How long it may take to answer that. */
const patience = milliseconds(15_000);

/**
 * Work that may take as long as a person does, while the host is there: it is asked for an echo ([MS-SMB2] 2.2.28) from time to time, and the connection is
 * given up with `timeout` where none comes.
 */
export async function whileAlive<T>({ smb, after }: Alive, work: () => Promise<T>): Promise<T> {
  let isOver = false;
  const rest = (): Disposable => after(interval, ask);
  const ask = (): void => {
    timer = after(patience, () => smb.end(gone()));
    // A refusal is an answer, too.
    smb.echo().then(heard, heard);
  };
  const heard = (): void => {
    timer[Symbol.dispose]();
    if (!isOver && smb.lost === null) timer = rest();
  };
  let timer = rest();
  try {
    return await work();
  } finally {
    isOver = true;
    timer[Symbol.dispose]();
  }
}

const gone = (): UsherError =>
  new UsherError({
    code: 'timeout',
    message: `the host does not answer any more: it was asked whether it is there, and said nothing for ${patience / 1000} s`,
  });
