import { expect, test } from 'vitest';
import { whereabouts } from '../fleet/office.ts';
import { aHost } from '../fleet/testing/inventory.ts';
import { seconds } from '../sessions/duration.ts';
import { aSession } from '../sessions/testing/session.ts';
import { footer } from './listing-footer.ts';
import type { Listing } from './listing.ts';

const from = (address: string) => ({ name: null, address, display: null });

function listing(facts: Partial<Listing>): Listing {
  const { sessions = [], hosts = [aHost('ts01')] } = facts;
  const office = whereabouts(['10.0.0.0/8']);
  return { sessions, all: sessions, hosts, answered: hosts.length, office, errors: [], notes: [], ...facts };
}

test('what matters is in one line', () => {
  const sessions = [
    aSession({ id: 1, host: 'ts01', state: 'disconnected', memoryBytes: 22e9 }),
    aSession({ id: 2, host: 'ts01', idleFor: seconds(3600), client: from('203.0.113.9') }),
    aSession({ id: 3, host: 'ts01', idleFor: seconds(3600), client: from('10.0.0.9') }),
  ];
  expect(footer(listing({ sessions, hosts: [aHost('ts01', { slots: 3 })] }))).toBe(
    '3 sessions · 1 disconnected holds 22 GB · 1 idle from outside · ts01 3 of 3',
  );
});

test('who is idle for a short time, or from nobody knows where, is not idle from outside', () => {
  const sessions = [
    aSession({ id: 1, idleFor: seconds(60), client: from('203.0.113.9') }),
    aSession({ id: 2, idleFor: seconds(3600) }),
  ];
  expect(footer(listing({ sessions }))).toBe('2 sessions');
});

test('a host with room is not told of; of many full ones the fullest are', () => {
  const hosts = ['a', 'b', 'c', 'd'].map((name, index) => aHost(name, { slots: [10, 2, 1, 1][index] ?? 1 }));
  const on = (host: string, ...ids: readonly number[]) => ids.map((id) => aSession({ host, id }));
  const sessions = [...on('a', 1), ...on('b', 1, 2), ...on('c', 1), ...on('d', 1, 2)];
  expect(footer(listing({ sessions, hosts }))).toBe('6 sessions on 4 hosts · d 2 of 1 · b 2 of 2 · 1 more nearly full');
});

test('hosts that are simulated are told of first: all of them, or how many', () => {
  const [real, made] = [aHost('a'), aHost('sim-b', { simulated: true })];
  expect(footer(listing({ hosts: [made] }))).toBe('simulated estate · no sessions');
  expect(footer(listing({ hosts: [real, made] }))).toBe('1 host simulated · no sessions on 2 hosts');
  expect(footer(listing({ hosts: [real] }))).toBe('no sessions');
});
