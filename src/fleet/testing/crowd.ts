import type { Credential } from '../../hosts/credential.ts';
import type { HostConnection, HostDriver } from '../../hosts/driver.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Host } from '../../sessions/host.ts';
import { anEstate } from './estate.ts';
import type { RunningTime } from './running-time.ts';

/** What becomes of whoever speaks to a host of a crowd. */
export type CrowdFate = 'answers' | 'stalls' | 'ignores' | 'drops' | 'refuses' | 'babbles' | 'drops once';

/** What a host of a crowd does, and how long its logon and its answer take, in milliseconds. */
export interface CrowdPlan {
  readonly fate: CrowdFate;
  readonly logon: number;
  readonly answer: number;
  /** Whether it wants a password, as all do where nothing is said; `and is silent`: it never says what it thinks of it. */
  readonly asks?: boolean | 'and is silent';
}

/** Many hosts whose answers take their time. */
export interface Crowd {
  readonly driver: HostDriver;
  /** Host → when it was first spoken to. */
  readonly begun: ReadonlyMap<string, number>;
  readonly tries: () => number;
  /** How many are connected to, or being connected to, now; and at most. */
  readonly open: () => number;
  readonly mostOpen: () => number;
}

/** Random numbers that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function aCrowd(plans: ReadonlyMap<string, CrowdPlan>, time: RunningTime): Crowd {
  const begun = new Map<string, number>();
  let [tries, open, mostOpen] = [0, 0, 0];
  const enter = (): void => void (mostOpen = Math.max(mostOpen, ++open));
  const leave = (): void => void (open -= 1);

  const meet = async (fate: CrowdFate, isFirst: boolean, signal: AbortSignal): Promise<void> => {
    if (fate === 'stalls')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    if (fate === 'ignores') await new Promise(() => undefined);
    if (fate === 'drops' || (fate === 'drops once' && isFirst)) throw failure('connection_lost');
    if (fate === 'babbles') throw failure('bad_answer');
  };
  const connect = async (host: Host, credential: Credential, signal: AbortSignal): Promise<HostConnection> => {
    const { fate, logon, answer, asks = true } = plans.get(host.name) ?? { fate: 'answers', logon: 1, answer: 1 };
    const isFirst = !begun.has(host.name);
    if (isFirst) begun.set(host.name, time.now());
    tries += 1;
    await time.passed(logon / 2);
    if (fate === 'refuses') throw failure('unreachable');
    if (asks !== false) await credential.password(host, 'root');
    if (asks === 'and is silent') await meet('ignores', isFirst, signal);
    await time.passed(logon / 2);
    credential.accepted?.();
    await meet(fate, isFirst, signal);
    const connection = await anEstate({}).driver.connect(host, credential, signal);
    return {
      ...connection,
      async list(inner) {
        await time.passed(answer);
        return await connection.list(inner);
      },
    };
  };
  return {
    begun,
    tries: () => tries,
    open: () => open,
    mostOpen: () => mostOpen,
    driver: {
      schemes: ['ssh'],
      async *examine() {},
      async connect(host, credential, signal) {
        enter();
        let isOpen = true;
        const close = (): void => {
          if (isOpen) leave();
          isOpen = false;
        };
        // As a socket, which an abort destroys whoever heeds it.
        signal.addEventListener('abort', close, { once: true });
        try {
          const connection = await connect(host, credential, signal);
          return {
            ...connection,
            async [Symbol.asyncDispose]() {
              close();
              await connection[Symbol.asyncDispose]();
            },
          };
        } catch (error) {
          close();
          throw error;
        }
      },
    },
  };
}

const failure = (code: UsherError['code']): UsherError =>
  new UsherError({ code, message: `a host that does '${code}'` });
