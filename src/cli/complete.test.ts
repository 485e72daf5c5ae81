import { expect, test } from 'vitest';
import { anInventory } from '../fleet/testing/inventory.ts';
import { candidatesFor } from './complete.ts';
import { describeProgram } from './program.ts';

const inventory = anInventory({ xh1: ['rds'], xh2: [], ts1: ['rds', 'paris'] });
const after = (line: string) => candidatesFor(line, describeProgram(), inventory).map(({ text }) => text);

test.each([
  ['usher se', ['sessions']],
  ['usher hosts ', ['add', 'list', 'test', 'remove', 'help']],
  ['usher sessions -s x', ['xh1', 'xh2']],
  ['usher sessions -s @', ['@paris', '@rds']],
  ['usher sessions -s xh1 --server t', ['ts1']],
  ['usher sessions --state dis', ['disconnected']],
  ['usher sessions --sort mem', ['memoryBytes']],
  ['usher --json sessions --trou', ['--troubled']],
  ['usher sessions --js', ['--json']],
  ['usher processes x', ['xh1:', 'xh2:']],
  ['usher processes xh1:10 x', []],
  ['usher connect xh1:10 x', ['xh1:', 'xh2:']],
  ['usher drain x', ['xh1', 'xh2']],
  ['usher drain xh1 o', ['on', 'off']],
  ['usher listeners s', ['stop', 'start']],
  ['usher hosts remove xh1 x', ['xh1', 'xh2']],
  ['usher hosts test @r', ['@rds']],
  ['usher hosts add new ssh://new --group p', ['paris']],
  ['usher completion ', ['bash', 'zsh', 'fish']],
  ['usher qwinsta -s x', ['xh1', 'xh2']],
  ['usher qwinsta /server:x', ['/server:xh1', '/server:xh2']],
  ['usher query user /SERVER:t', ['/SERVER:ts1']],
  ['usher tskill 4711 /v', []],
  ['usher query us', ['user']],
  ['usher hosts add ', []],
])('after %s', (line, expected) => {
  expect(after(line)).toEqual(expected);
});
