import { afterEach } from 'vitest';
import type { RpcCall } from '../../../wire/ndr/call.ts';
import type { HostFacts } from '../facts.ts';
import { answersOf } from './answers.ts';
import { console as consoleSession, disconnected, alice, hostFacts, services } from './facts.ts';
import { type Answer, answer, fault, type HostParts, LoopbackHost } from './host.ts';
import { type Reading, readerOf } from './reading.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

export const bob = { ...disconnected, id: 3, user: 'bob' };
export const console = { ...consoleSession, lastInputTime: 0n, traffic: { fromClient: 0, toClient: 0 } };
export const usual = hostFacts({
  sessions: [services, console, alice, bob],
  listeners: [{ id: 65_536, name: 'RDP-Tcp', listening: true }],
});

export interface Started extends Reading {
  readonly host: LoopbackHost;
}

/** A host, and a reader of it. */
export async function start(parts: HostParts): Promise<Started> {
  const host = await LoopbackHost.start(parts);
  open.push(host);
  const made = await readerOf(host);
  open.push(made.smb);
  return { ...made, host };
}

/** A host of the usual facts, which answers otherwise to some calls. */
export const usually = (...otherwise: readonly Answer[]): Promise<Started> =>
  start({ answers: [...answersOf(usual), ...otherwise] });

export const hostOf = (facts: HostFacts, ...otherwise: readonly Answer[]): Promise<Started> =>
  start({ answers: [...answersOf(facts), ...otherwise] });

export const refuse = <Q, A extends object>(call: RpcCall<Q, A>): Answer =>
  answer(call, () => fault('ERROR_ACCESS_DENIED'));
/** As a host does that is too old to know the call. */
export const without = <Q, A extends object>(call: RpcCall<Q, A>): Answer =>
  answer(call, () => fault('nca_s_op_rng_error'));
export const silence = new Promise<never>(() => undefined);
export const hang = <Q, A extends object>(call: RpcCall<Q, A>): Answer => answer(call, () => silence);
