import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { actsIn } from './testing/acting.ts';
import { aSession } from '../sessions/testing/session.ts';
import { aHome, usher } from './testing/usher.ts';

const inventory = 'version: 1\nhosts:\n  a: { url: ssh://root@a }\n  b: { url: ssh://root@b, groups: [rds] }\n';
const hosts = {
  a: { readings: [[aSession({ host: 'a', id: 10, user: 'alice', state: 'disconnected' })]] },
  b: { readings: [[aSession({ host: 'b', id: 10, user: 'bob', state: 'disconnected' })]] },
} as const;

/** Runs a command line where the inventory holds `a` and `b`. */
async function withInventory(line: string, text = inventory) {
  await using home = await aHome();
  const file = path.join(home.path, 'inventory.yaml');
  await writeFile(file, text);
  return await usher([...line.split(' '), '--inventory', file], { hosts });
}

test.each(['--all', '--all-hosts'])('%s lists every host of the inventory', async (all) => {
  const { code, out } = await withInventory(`sessions ${all} --csv --columns host,user`);
  expect([code, out]).toEqual([0, 'host,user\na,alice\nb,bob\n']);
});

test('an inventory that holds no host has no whole', async () => {
  const { code, err } = await withInventory('sessions --all', 'version: 1\nhosts: {}\n');
  expect([code, err]).toEqual([2, expect.stringContaining('holds no host; name hosts with -s') as string]);
});

test('some hosts and all of them cannot be meant together', async () => {
  const { code, estate } = await withInventory('sessions --all -s a');
  expect([code, estate.events]).toEqual([2, []]);
});

test.each([
  'logoff --state disconnected --yes',
  'disconnect --user alice --yes',
  'end --idle-over 0s --warn 0s --yes',
  'kill --user alice --all --yes',
])('%s acts on nothing where nobody says on which hosts', async (line) => {
  const { code, err, estate } = await withInventory(line);
  expect([code, estate.events]).toEqual([2, []]);
  expect(err).toContain('-s HOST, -s @GROUP or a glob; --all-hosts is the whole inventory');
});

test.each([
  ['logoff --state disconnected --all --yes', ['logoff alice', 'logoff bob']],
  ['logoff --state disconnected -s @rds --yes', ['logoff bob']],
  ['kill --user alice --all --all-hosts --yes', ['kill-all alice']],
])('%s acts on the hosts that are meant', async (line, acts) => {
  expect(actsIn((await withInventory(line)).estate)).toEqual(acts);
});

test('kill --all means processes, and names no host', async () => {
  const { code, estate } = await withInventory('kill b:10 --all --expect-user bob --yes');
  expect([code, estate.events.filter((event) => event.startsWith('connect'))]).toEqual([0, ['connect b']]);
});
