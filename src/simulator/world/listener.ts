import type { SimulatedProtocol } from './session.ts';

/** What waits for clients. */
export interface SimulatedListener {
  /** Listeners have session ids, too: from 65536 on. */
  readonly id: number;
  readonly name: string;
  readonly protocol: SimulatedProtocol;
  isListening: boolean;
}

export type ListenerFacts = Pick<SimulatedListener, 'name' | 'protocol'> & { readonly isListening?: boolean };

const firstId = 65_536;

export const remoteDesktop: ListenerFacts = { name: 'RDP-Tcp', protocol: 'rdp' };
export const citrix: ListenerFacts = { name: 'ICA-TCP', protocol: 'ica' };

export function listenersOf(facts: readonly ListenerFacts[]): readonly SimulatedListener[] {
  return facts.map(({ isListening = true, ...one }, at) => ({ ...one, id: firstId + at, isListening }));
}
