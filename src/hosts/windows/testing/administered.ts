import { afterEach } from 'vitest';
import type { Host } from '../../../sessions/host.ts';
import type { HostAdministration } from '../../administration.ts';
import { kept } from '../connection.ts';
import type { HostFacts } from '../facts.ts';
import { answersOf } from './answers.ts';
import { alice, hostFacts } from './facts.ts';
import { type Answer, type HostParts, LoopbackHost } from './host.ts';
import { type HandTimers, readerOf } from './reading.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

const host: Host = {
  name: 'wh1',
  url: { scheme: 'windows', user: null, domain: null, address: 'wh1.example', port: null },
};

export interface Administered {
  readonly server: LoopbackHost;
  readonly administration: HostAdministration;
  readonly timers: HandTimers;
}

export interface AdministeredParts extends Partial<HostParts> {
  readonly facts?: HostFacts;
  /** What its entry in the inventory says. */
  readonly entry?: Pick<Host, 'lastingDrain'>;
}

/** A host with alice's session and the listener RDP-Tcp, which answers otherwise to some calls, and what can be done to it. */
export async function administer(answers: readonly Answer[], parts: AdministeredParts = {}): Promise<Administered> {
  const { facts = usual, entry = {}, ...rest } = parts;
  const server = await LoopbackHost.start({ answers: [...answersOf(facts), ...answers], ...rest });
  open.push(server);
  const { timers, ...reading } = await readerOf(server);
  open.push(reading.smb);
  const { administration } = kept({ host: { ...host, ...entry }, ...reading, after: timers.after });
  if (administration === null) throw new Error('a Windows host can be administered');
  return { server, administration, timers };
}

const usual = hostFacts({ sessions: [alice], listeners: [{ id: 65_536, name: 'RDP-Tcp', listening: true }] });
