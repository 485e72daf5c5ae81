import { describe, expect, test } from 'vitest';
import { judge } from './harness/judge.ts';
import { play } from './harness/play.ts';
import { scenarioFrom } from './harness/random-scenario.ts';
import { storyOf } from './harness/story.ts';

const batch = 50;
const batches = Array.from({ length: 20 }, (_, at) => 1 + at * batch);

describe('what Usher does and says of random hosts is true by their own ledger', () => {
  test.each(batches)('in 50 runs from seed %i', { timeout: 120_000 }, async (first) => {
    const wrong: string[] = [];
    for (let seed = first; seed < first + batch; seed += 1) {
      const played = await play(scenarioFrom(seed));
      const complaints = judge(played);
      if (complaints.length > 0) {
        wrong.push(`seed ${seed}: ${complaints.join('; ')}\n${storyOf(played)}\n  npm run scenarios -- --seed ${seed}`);
      }
    }
    expect(wrong.join('\n\n')).toBe('');
  });
});

test.each([7, 40, 1030])('the scenario of seed %i happens again to the tick', async (seed) => {
  const [once, again] = [await play(scenarioFrom(seed)), await play(scenarioFrom(seed))];
  expect(again.ledger).toEqual(once.ledger);
  expect(again.answered).toEqual(once.answered);
  expect(storyOf(again)).toBe(storyOf(once));
});
