import { milliseconds, type Milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import { icaApi, rcmPublic, termSrvEnumeration, termSrvSession } from '../../../wire/ms-tsts/interfaces.ts';
import { TwoTokens } from '../../../wire/smb/testing/initiator.ts';
import { dialTcp } from '../dial.ts';
import type { HostPipes } from '../host-pipes.ts';
import { HostReader } from '../reader.ts';
import { type OpenPipe, RpcPipe } from '../rpc-pipe.ts';
import { SmbClient, type SmbTarget } from '../smb-client.ts';
import { now } from './facts.ts';
import type { LoopbackHost } from './host.ts';

/** Time that passes when the test says so. */
export class HandTimers {
  readonly #waiting = new Set<{ readonly due: number; readonly run: () => void }>();
  #now = 0;

  readonly after = (delay: Milliseconds, run: () => void): Disposable => {
    const entry = { due: this.#now + delay, run };
    this.#waiting.add(entry);
    return { [Symbol.dispose]: () => void this.#waiting.delete(entry) };
  };

  get pending(): number {
    return this.#waiting.size;
  }

  pass(time: number): void {
    this.#now += time;
    for (const entry of [...this.#waiting].filter(({ due }) => due <= this.#now)) {
      this.#waiting.delete(entry);
      entry.run();
    }
  }
}

export const target = (port: number): SmbTarget => ({
  dial: dialTcp,
  address: '127.0.0.1',
  port,
  parameters: {
    serverName: 'wh1',
    clientGuid: new Uint8Array(16).fill(0xc1),
    salt: new Uint8Array(32).fill(0x5a),
    nonceStart: 7n,
  },
  initiate: () => new TwoTokens(),
});

export const never: AbortSignal = new AbortController().signal;

/** Longer than this a call about one session is not waited for. */
export const patience = milliseconds(4000);

export interface Reading {
  readonly smb: SmbClient;
  readonly pipes: HostPipes;
  readonly open: OpenPipe;
  readonly reader: HostReader;
  readonly timers: HandTimers;
}

/** A reader of the host, over a connection of its own. */
export async function readerOf({ port }: LoopbackHost): Promise<Reading> {
  const smb = await SmbClient.connect(target(port), never);
  const orReason = (opening: Promise<RpcPipe>): Promise<RpcPipe | UsherError> =>
    opening.catch((error: unknown) => {
      if (error instanceof UsherError) return error;
      throw error;
    });
  const open: OpenPipe = (...interfaces) => RpcPipe.open(smb, interfaces, null);
  const [lsm, rcm, ica] = await Promise.all([
    open(termSrvSession, termSrvEnumeration),
    orReason(open(rcmPublic)),
    orReason(open(icaApi)),
  ]);
  const timers = new HandTimers();
  const pipes = { lsm, rcm, ica };
  const reader = new HostReader(pipes, { hostNow: () => now, after: timers.after }, patience);
  return { smb, pipes, open, reader, timers };
}
