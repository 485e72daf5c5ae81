import { expect, test } from 'vitest';
import { parseHostUrl } from '../sessions/host.ts';
import { aHost, anInventory } from '../fleet/testing/inventory.ts';
import { candidatesFor } from './complete.ts';
import { describeProgram } from './program.ts';

const linux = anInventory({ xh1: ['rds'], xh2: [], ts1: ['rds', 'paris'] });
const ws1 = aHost('ws1', { url: parseHostUrl('windows://ws1'), groups: ['windows'] });
const inventory = { ...linux, hosts: new Map([...linux.hosts, ['ws1', ws1]]) };
const after = (line: string) => candidatesFor(line, describeProgram(), inventory).map(({ text }) => text);

test.each([
  ['usher se', ['sessions']],
  ['usher hosts ', ['add', 'list', 'test', 'remove', 'help']],
  ['usher sessions -s x', ['xh1', 'xh2']],
  ['usher sessions -s @', ['@paris', '@rds', '@windows']],
  ['usher sessions -s xh1 --server t', ['ts1']],
  ['usher sessions --state dis', ['disconnected']],
  ['usher sessions --sort mem', ['memoryBytes']],
  ['usher --json sessions --trou', ['--troubled']],
  ['usher sessions --js', ['--json']],
  ['usher processes x', ['xh1:', 'xh2:']],
  ['usher processes xh1:10 x', []],
  ['usher connect xh1:10 x', ['xh1:', 'xh2:']],
  ['usher drain ', ['ws1', '@windows']],
  ['usher shutdown ', ['ws1', '@windows']],
  ['usher change logon /', ['/server:', '/query', '/enable', '/disable', '/drain', '/drainuntilrestart']],
  ['usher change logon /DR', ['/DRain', '/DRainuntilrestart']],
  ['usher drain xh1 o', ['on', 'off']],
  ['usher drain xh1 w', ['ws1']],
  ['usher shutdown xh1 w', ['ws1']],
  ['usher listeners s', ['stop', 'start']],
  ['usher hosts remove xh1 x', ['xh1', 'xh2']],
  ['usher hosts test @r', ['@rds']],
  ['usher hosts add new ssh://new --group p', ['paris']],
  ['usher completion ', ['bash', 'zsh', 'fish']],
  ['usher qwinsta -s x', ['xh1', 'xh2']],
  ['usher qwinsta /server:x', ['/server:xh1', '/server:xh2']],
  ['usher query user /SERVER:t', ['/SERVER:ts1']],
  ['usher tskill 4711 /v', ['/v']],
  ['usher query us', ['user']],
  ['usher hosts add ', []],
])('after %s', (line, expected) => {
  expect(after(line)).toEqual(expected);
});
