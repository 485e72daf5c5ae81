import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { behaviourKinds } from '../../src/simulator/behaviours/behaviours.ts';
import { judge } from './harness/judge.ts';
import { formatTable, nameOf, parseTable, rowsOf, scenarioOf, wellBehaved } from './harness/matrix.ts';
import { play } from './harness/play.ts';
import { verbs } from './harness/scenario.ts';

const expected = parseTable(readFileSync(new URL('matrix.txt', import.meta.url), 'utf8'));
const rows = [wellBehaved, ...rowsOf()];
const seen = new Map<string, Map<string, string>>();

afterAll(() => {
  console.log(formatTable(seen, verbs));
});

test('every behaviour has a row, and every row a cell for each verb', () => {
  const empty = rows.flatMap((row) =>
    verbs
      .filter((verb) => (expected.get(nameOf(row))?.get(verb) ?? '') === '')
      .map((verb) => `${nameOf(row)}: ${verb}`),
  );
  expect(empty).toEqual([]);
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['none', ...behaviourKinds.map(({ name }) => name)]));
});

test('no row is of a behaviour that is not there any more', () => {
  expect([...expected.keys()].toSorted()).toEqual(rows.map(nameOf).toSorted());
});

describe.each(rows.map((row) => [nameOf(row), row] as const))('%s', (name, row) => {
  const cells = new Map<string, string>();
  seen.set(name, cells);
  test.each(verbs)('%s', async (verb) => {
    const played = await play(scenarioOf(row, verb));
    cells.set(verb, played.said.outcome);
    expect(judge(played)).toEqual([]);
    expect(played.said.outcome, played.said.why).toBe(expected.get(name)?.get(verb));
  });
});
