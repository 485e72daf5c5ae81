import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { person } from '../testing/acting.ts';
import { aHome, type Setting, usher } from '../testing/usher.ts';

let home: Awaited<ReturnType<typeof aHome>>;
let inventory: string;
beforeEach(async () => {
  home = await aHome();
  inventory = path.join(home.path, 'inventory.yaml');
  const hosts =
    '{ ts01: { url: ssh://one, groups: [rds] }, ts02: { url: ssh://two, groups: [rds] }, TS02: { url: ssh://three } }';
  await writeFile(inventory, `version: 1\nhosts: ${hosts}\n`, { mode: 0o600 });
});
afterEach(() => home[Symbol.asyncDispose]());

const ask = (server: string, more: Partial<Setting> = {}) => usher(['quser', server, '--inventory', inventory], more);
const connected = ({ estate: { events } }: Awaited<ReturnType<typeof ask>>) =>
  events.filter((event) => event.startsWith('connect '));

test.each([
  ['/server:ts01', ['connect ts01']],
  ['/SERVER:TS01', ['connect ts01']],
  [String.raw`/server:\\ts01`, ['connect ts01']],
  ['/server:TS02', ['connect TS02']],
  ['/server:@rds', ['connect ts01', 'connect ts02']],
  ['/server:ts0*', ['connect ts01', 'connect ts02']],
  ['/server:ssh://elsewhere', ['connect ssh://elsewhere']],
])('%s is %s', async (server, hosts) => {
  const outcome = await ask(server);
  expect([outcome.code, connected(outcome)]).toEqual([0, hosts]);
});

test.each([
  ['anna', 'windows://anna@ts09'],
  [String.raw`CORP\anna`, String.raw`windows://CORP\anna@ts09`],
  [String.raw`.\anna`, String.raw`windows://.\anna@ts09`],
  ['anna@corp.example', 'windows://anna%40corp.example@ts09'],
])('a name that is not listed is a Windows host, whose user a terminal is asked for: %s', async (user, url) => {
  const anna = person(user);
  const outcome = await ask('/server:ts09', { terminal: anna, hosts: { [url]: {} } });
  expect(anna.asked).toEqual([String.raw`User of ts09 (user or DOMAIN\user): `]);
  expect(outcome.err).toContain(`there is no host 'ts09' in ${inventory}`);
  expect(connected(outcome)).toEqual([`connect ${url}`]);
});

test('its password is asked for without echo', async () => {
  const secrets: string[] = [];
  const anna = { ...person('anna'), askSecret: async (question: string) => (secrets.push(question), 'hunter2') };
  const { code } = await ask('/server:ts09', {
    terminal: anna,
    hosts: { 'windows://anna@ts09': { password: 'hunter2' } },
  });
  expect([code, secrets]).toEqual([0, ['windows://anna@ts09 asks for the password of anna: ']]);
});

test.each([
  ['a pipe', null],
  ['a terminal where nobody answers', person(null)],
  ['a terminal where nothing is answered', person(' ')],
])('%s is wrong use, and names the ways to tell the user and password', async (_what, terminal) => {
  const outcome = await ask('/server:ts09', { terminal });
  expect([outcome.code, connected(outcome)]).toEqual([2, []]);
  for (const way of [
    `there is no host 'ts09' in ${inventory}`,
    String.raw`usher hosts add ts09 'windows://DOMAIN\user@ts09'`,
    'USHER_PASSWORD',
    '--password-file',
  ]) {
    expect(outcome.err).toContain(way);
  }
});

test.each(['/server:', '/server:a b', '/server:anna:hunter2@ts09', '/server:anna@ts09'])(
  '%s is no server, and no password in it is repeated',
  async (server) => {
    const outcome = await usher(['quser', server, '--inventory', inventory], { terminal: person('anna') });
    expect([outcome.code, outcome.err.includes('hunter2')]).toEqual([2, false]);
  },
);

test('-s and /server are one list', async () => {
  const outcome = await usher(['quser', '/server:ts01', '-s', 'ssh://b', '--inventory', inventory]);
  expect(connected(outcome)).toEqual(['connect ssh://b', 'connect ts01']);
});
