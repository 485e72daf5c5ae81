import { afterEach, expect, test } from 'vitest';
import { listing, urlOf } from './harness/usher.ts';
import { openLab } from './lab.ts';

const lab = openLab();
afterEach(() => lab.reset());

test('a host with more than 100 sessions lists them all, with idle time and memory', async () => {
  const host = lab.host('xh2');
  await host.mustRun("sed -i 's/^MaxSessions=.*/MaxSessions=200/' /etc/xrdp/sesman.ini");
  await host.restartSesman();
  await host.sessionsWithoutClients(105);
  const { sessions, errors } = await listing(lab, [urlOf(lab, 'xh2')]);
  const seen = await host.sessions();
  expect(sessions.map(({ id }) => `${id}`).toSorted()).toEqual(seen.map(({ display }) => `${display}`).toSorted());
  expect(sessions.filter(({ idleFor, memoryBytes }) => idleFor === null || memoryBytes === null)).toEqual([]);
  expect([sessions.length, errors]).toEqual([105, []]);
});
