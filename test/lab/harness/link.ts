import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { mustRun } from './command.ts';
import { end, remember, startedProcess } from './started-process.ts';
import type { StartedProcess } from './started-process.ts';

const relayProgram = fileURLToPath(new URL('../links/relay.py', import.meta.url));

/** What a relay does to the frames that pass. */
export interface LinkFaults {
  /** Added to each round trip, half of it in each direction. */
  readonly roundTripMs?: number;
  /** After this many bytes from the far end nothing passes any more, in either direction. */
  readonly stallAfterBytes?: number;
}

/** The cable between one host or PC and the lab's network. Connections over it survive all but a long break. */
export class Link {
  readonly #lab: { readonly name: string; readonly directory: string };
  readonly #near: string;
  readonly #farNamespacePid: number;
  #relay: StartedProcess | undefined;

  constructor(lab: { readonly name: string; readonly directory: string }, farEnd: string, farNamespacePid: number) {
    this.#lab = lab;
    this.#near = `${lab.name}-${farEnd}`;
    this.#farNamespacePid = farNamespacePid;
  }

  async down(): Promise<void> {
    await mustRun('ip', ['link', 'set', this.#near, 'down']);
  }

  async up(): Promise<void> {
    await mustRun('ip', ['link', 'set', this.#near, 'up']);
  }

  /** Puts a relay with these faults into the link, instead of one that is there. */
  async disturb({ roundTripMs = 0, stallAfterBytes = -1 }: LinkFaults): Promise<void> {
    await this.restore();
    const [toBridge, toRelay] = [`${this.#near}-b`, `${this.#near}-r`];
    await mustRun('ip', ['link', 'add', toBridge, 'type', 'veth', 'peer', 'name', toRelay]);
    await this.#sendWholeChecksums(toBridge);
    await mustRun('ip', ['link', 'set', toRelay, 'arp', 'off', 'addrgenmode', 'none', 'up']);
    await mustRun('ip', ['link', 'set', toBridge, 'master', this.#lab.name, 'up']);
    await mustRun('ip', ['link', 'set', this.#near, 'nomaster', 'arp', 'off']);
    this.#relay = await this.#startRelay([this.#near, toRelay, `${roundTripMs / 2}`, `${stallAfterBytes}`]);
  }

  /** Takes the relay out. */
  async restore(): Promise<void> {
    if (this.#relay === undefined) return;
    await end(this.#relay);
    this.#relay = undefined;
    await mustRun('ip', ['link', 'del', `${this.#near}-b`]);
    await mustRun('ip', ['link', 'set', this.#near, 'arp', 'on', 'master', this.#lab.name]);
  }

  async remove(): Promise<void> {
    await this.restore();
    await mustRun('ip', ['link', 'del', this.#near]);
  }

  /** A relay sees frames before a card would complete their checksums, so both ends must do it themselves. */
  async #sendWholeChecksums(toBridge: string): Promise<void> {
    await mustRun('ethtool', ['--offload', toBridge, 'tx', 'off']);
    const enter = ['--target', `${this.#farNamespacePid}`, '--net'];
    await mustRun('nsenter', [...enter, 'ethtool', '--offload', 'eth0', 'tx', 'off']);
  }

  async #startRelay(args: readonly string[]): Promise<StartedProcess> {
    const child = spawn('/usr/bin/python3', [relayProgram, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.pid === undefined) throw new Error('the relay did not start');
    const relay = startedProcess(child.pid);
    remember(this.#lab.directory, relay);
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(failedRelay)]);
    return relay;
  }
}

function failedRelay(): never {
  throw new Error('the relay ended at once');
}
