import { createSecrets } from '../../../src/fleet/credentials.ts';
import type { Fleet } from '../../../src/fleet/fleet.ts';
import { createLogonGate } from '../../../src/fleet/logon-gate.ts';
import { manualTimers, type ManualTimers } from '../../../src/fleet/testing/timers.ts';
import { Secret } from '../../../src/hosts/credential.ts';
import { dialTcp } from '../../../src/hosts/windows/dial.ts';
import { windowsDriver } from '../../../src/hosts/windows/driver.ts';
import { milliseconds } from '../../../src/sessions/duration.ts';
import { Chance } from '../../../src/simulator/people/random.ts';
import { password } from './estate.ts';

/** Usher's side: the real driver over real sockets, in a time that passes when the test says so. */
export interface Client {
  readonly fleet: Fleet;
  readonly timers: ManualTimers;
  /** Lets time pass for everything that has a clock. */
  readonly pass: (time: number) => void;
  /** How many of its sockets are open, or about to be. */
  readonly sockets: () => number;
  /** How often it has dialled. */
  readonly dials: () => number;
  /** How much time has passed, in milliseconds. */
  readonly now: () => number;
}

export function aClient(seed: number): Client {
  const timers = manualTimers();
  const chance = new Chance(seed);
  const sockets = new Set<object>();
  let [now, dials] = [0, 0];
  const driver = windowsDriver({
    async dial(endpoint, signal) {
      dials += 1;
      const dialling = {};
      sockets.add(dialling);
      try {
        const socket = await dialTcp(endpoint, signal);
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        return socket;
      } finally {
        sockets.delete(dialling);
      }
    },
    machine: 'ADMIN7',
    now: () => Temporal.Instant.fromEpochMilliseconds(1_772_452_800_000 + now),
    random: (count) => Uint8Array.from({ length: count }, () => chance.below(256)),
    after: (delay, work) => timers.after(delay, work),
  });
  return {
    timers,
    pass(time) {
      now += time;
      timers.pass(time);
    },
    sockets: () => sockets.size,
    dials: () => dials,
    now: () => now,
    fleet: {
      drivers: [driver],
      secretsOf: createSecrets({
        env: { USHER_PASSWORD: password },
        passwordFile: null,
        identityFiles: [],
        ask: null,
        readFile: async () => new Secret(password),
      }),
      gate: createLogonGate(timers, () => milliseconds(now)),
      timers,
      timeout: milliseconds(15_000),
      parallel: 256,
      machine: { now: () => milliseconds(now), busy: () => null, atWork: () => milliseconds(0) },
    },
  };
}
